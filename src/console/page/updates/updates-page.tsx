import type { NowView, UpkeepStanding } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { Icon } from '../pieces/icon.tsx';
import { Facts, Page, Pending } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { fill } from '../words.ts';
import { Orders } from './orders.tsx';
import { isOnTrial, otherSlotWords, phaseOf, reasonTitle, workWords } from './standing-words.ts';

/** Which release runs and what becomes of the next, as the terminal tells it. */
export const UpdatesPage = () => {
  const { live } = useConsole();
  const { now } = live;
  return (
    <Page title={T.updates.title} intro={T.updates.intro}>
      {now === undefined ? (
        <Pending reload={() => undefined} />
      ) : now.upkeep.managed ? (
        <Managed now={now} />
      ) : (
        <Checkout standing={now.upkeep} />
      )}
    </Page>
  );
};

interface CheckoutProps {
  readonly standing: UpkeepStanding;
}

const Checkout = ({ standing: { version, reason } }: CheckoutProps) => (
  <section class="panel">
    <div class="panel-head">
      <h2>{fill(T.updates.runs, { version })}</h2>
      <Badge tone="calm">{T.updates.unmanaged}</Badge>
    </div>
    <p>{reason === undefined ? T.updates.checkout : fill(T.updates.unmanagedWhy, { reason })}</p>
  </section>
);

const Managed = ({ now }: { readonly now: NowView }) => {
  const standing = now.upkeep;
  const { format, may } = useConsole();
  const { version, phase, reason, lastLook } = standing;
  const { tone, words } = phaseOf(standing);
  const when = lastLook && format.moment(lastLook.atMs);
  const looked = when && (lastLook.problem ? when : fill(T.updates.lookedWell, { when }));
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>{fill(T.updates.runs, { version })}</h2>
        <Badge tone={tone}>{words}</Badge>
      </div>
      <p role="status">{workWords(now)}</p>
      {isOnTrial(phase) && <p>{T.updates.probationHint}</p>}
      <Facts
        facts={[
          { name: T.updates.other, value: otherSlotWords(standing) },
          { name: T.updates.lastLook, value: looked ?? T.updates.noLook },
        ]}
      />
      {reason !== undefined && <Trouble title={reasonTitle(standing)}>{reason}</Trouble>}
      {lastLook?.problem && <Trouble title={T.updates.lookProblem}>{lastLook.problem}</Trouble>}
      {may('update') ? <Orders standing={standing} /> : <p>{T.updates.notYours}</p>}
    </section>
  );
};

const Trouble = ({ title, children }: { readonly title: string; readonly children: string }) => (
  <p class="sentence" data-tone="warn">
    <Icon name="warn" />
    <span>
      <strong>{title}:</strong> {children}
    </span>
  </p>
);
