import { useState } from 'preact/hooks';
import type { UpkeepStanding } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { Confirmation } from '../pieces/confirmation.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import { GoBack } from './go-back.tsx';
import { canInstall, isAtWork, wayBack } from './standing-words.ts';

interface OrdersProps {
  readonly standing: UpkeepStanding;
}

/** What a manager or a technician can order. While one is under way, the buttons do nothing. */
export const Orders = ({ standing }: OrdersProps) => {
  const [going, setGoing] = useState<string>();
  const back = wayBack(standing);
  return (
    <div class="actions">
      <Look standing={standing} />
      {canInstall(standing) && <Install standing={standing} />}
      {back !== undefined && (
        <Button icon="undo" busy={isAtWork(standing)} onPress={() => setGoing(back)}>
          {fill(T.updates.back, { version: back })}
        </Button>
      )}
      {going !== undefined && <GoBack version={going} onClose={() => setGoing(undefined)} />}
    </div>
  );
};

const Look = ({ standing }: OrdersProps) => {
  const { client, say } = useConsole();
  const { busy, run } = useAction();
  const look = (): void =>
    run(async () => {
      const answer = await client.send<UpkeepStanding>('POST', 'updates/look');
      if (isRefusal(answer)) say(answer.error, 'bad');
      else say(T.updates.lookTaken, 'calm');
    });
  return (
    <Button icon="search" busy={busy || isAtWork(standing)} onPress={look}>
      {T.updates.look}
    </Button>
  );
};

/** At once means in the middle of the day, so it is asked for once more. */
const Install = ({ standing }: OrdersProps) => {
  const { client, say } = useConsole();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { busy, run } = useAction();
  const close = (): void => {
    setAsking(false);
    setProblem(undefined);
  };
  const install = async (): Promise<void> => {
    const answer = await client.send<UpkeepStanding>('POST', 'updates/install');
    if (isRefusal(answer)) return setProblem(answer.error);
    close();
    say(T.updates.installTaken);
  };
  const { work, offered: version = '' } = standing;
  const isReady = work === 'ready';
  return (
    <>
      <Button
        kind="primary"
        icon="download"
        busy={isAtWork(standing)}
        onPress={() => setAsking(true)}
      >
        {T.updates.install}
      </Button>
      {asking && (
        <Confirmation
          title={T.updates.installTitle}
          yes={T.updates.install}
          busy={busy}
          busyWords={T.updates.ordering}
          problem={problem}
          onYes={() => run(install)}
          onNo={close}
        >
          <p>{isReady ? fill(T.updates.installReady, { version }) : T.updates.installIntro}</p>
          <p>{T.updates.restarts}</p>
        </Confirmation>
      )}
    </>
  );
};
