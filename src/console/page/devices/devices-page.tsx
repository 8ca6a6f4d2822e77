import type { DevicesView, DeviceView } from '../../api.ts';
import { Badge } from '../pieces/badge.tsx';
import { Button } from '../pieces/button.tsx';
import { Icon } from '../pieces/icon.tsx';
import { Facts, Page, Pending } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useLoad } from '../use-load.ts';

/** Everything that this terminal is made of, and how it is. */
export const DevicesPage = () => {
  const { value, refusal, reload } = useLoad<DevicesView>('devices');
  return (
    <Page
      title={T.devices.title}
      actions={value && <Button onPress={reload}>{T.devices.again}</Button>}
    >
      {value === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={reload} />
      ) : (
        <div class="devices">
          {value.devices.map((device) => (
            <DeviceCard key={`${device.kind} ${device.title}`} device={device} />
          ))}
        </div>
      )}
    </Page>
  );
};

const DeviceCard = ({ device }: { readonly device: DeviceView }) => (
  <section class="panel device">
    <div class="device-head">
      <h2>
        <Icon name={device.kind} />
        <span>{device.title}</span>
      </h2>
      <Badge tone={device.good ? 'good' : 'bad'}>
        {device.good ? T.devices.good : T.devices.bad}
      </Badge>
    </div>
    <p>{device.says}</p>
    {device.details.length > 0 && <Facts facts={device.details} />}
  </section>
);
