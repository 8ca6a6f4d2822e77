import type { DeviceView, NowView } from '../api.ts';
import type { ConsoleParts } from '../parts.ts';
import { nowView } from './now.ts';

/** Everything that a payment needs, each with whether it is as it should be. */
export const deviceViews = async (parts: ConsoleParts): Promise<readonly DeviceView[]> => {
  const now = await nowView(parts);
  const about = parts.about();
  return [
    readerDevice(now, about.readerKind),
    displayDevice(now, about.display),
    hostDevice(now),
    journalDevice(now),
    keysDevice(now),
    {
      kind: 'machine',
      title: 'This machine',
      good: true,
      says: `Terminal ${parts.shop.terminalId} has run for ${durationWords(about.uptimeSeconds)}.`,
      details: [
        { name: 'Memory', value: `${Math.round(about.residentBytes / 1e6)} MB` },
        { name: 'Process', value: `${about.pid}` },
        { name: 'Period', value: `${now.status.period}` },
        { name: 'Time zone', value: parts.decisions.now().zone.name },
        ...named("Certificate's fingerprint (SHA-256)", about.fingerprint),
        ...named('Lane', parts.shop.lane),
      ],
    },
  ];
};

const named = (name: string, value: string | undefined) =>
  value === undefined ? [] : [{ name, value }];

const readerDevice = ({ device }: NowView, kind: string): DeviceView => ({
  kind: 'reader',
  title: 'Card reader',
  good: device.present,
  says: device.present ? `${device.name} is there.` : `No reader: ${device.name}`,
  details: [
    { name: 'Reached by', value: kind },
    ...named('Model', device.model),
    { name: 'When contactless is off', value: device.sentence },
  ],
});

const displayDevice = ({ displays }: NowView, url: string): DeviceView => ({
  kind: 'display',
  title: "Shopper's display",
  good: displays > 0,
  says:
    displays === 0
      ? 'No display is connected: shoppers see nothing.'
      : `${displays === 1 ? 'One display is' : `${displays} displays are`} connected.`,
  details: [{ name: 'Address', value: url }],
});

const hostDevice = ({ status }: NowView): DeviceView => ({
  kind: 'host',
  title: "Acquirer's host",
  good: status.linkUp,
  says: status.linkUp ? 'Connected.' : `Not connected: ${status.link}`,
  details: [
    { name: 'Connection', value: status.link },
    { name: 'Being taken back', value: `${status.openReversals}` },
    { name: 'To be forwarded', value: `${status.toForward}` },
    ...named(
      'Oldest to be forwarded',
      status.oldestToForwardSeconds === undefined
        ? undefined
        : `taken ${durationWords(status.oldestToForwardSeconds)} ago`,
    ),
  ],
});

const journalDevice = ({ status }: NowView): DeviceView => ({
  kind: 'journal',
  title: 'Journal',
  good: status.journalRefusal === undefined,
  says: status.journalRefusal ?? 'What happens can be written down.',
  details: [],
});

const keysDevice = ({ status }: NowView): DeviceView => ({
  kind: 'keys',
  title: 'Keys',
  good: status.keysRefusal === undefined,
  says: status.keysRefusal ?? 'Account data can be sealed.',
  details: [],
});

const durationWords = (seconds: number): string => {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
};
