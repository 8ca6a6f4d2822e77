import { useEffect } from 'preact/hooks';
import type { ContactlessView, DecisionView } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import { ButtonLink } from '../pieces/button.tsx';
import { Alarm, Nothing, Page, Panel, Pending } from '../pieces/page.tsx';
import { hrefOf } from '../route.ts';
import { T } from '../texts.ts';
import { useLoad } from '../use-load.ts';
import { Approval } from './approval.tsx';
import { DecisionCard } from './decision-card.tsx';
import { Register } from './register.tsx';
import { Switch } from './switch.tsx';

/** The shop's switch: what is taken, by whose decision, and everything ever decided. */
export const ContactlessPage = () => {
  const { live } = useConsole();
  const { value, refusal, reload } = useLoad<ContactlessView>('contactless');
  // Somebody else may have decided, or the clock.
  const news = JSON.stringify(live.now?.contactless);
  useEffect(() => {
    if (value !== undefined) reload();
  }, [news]);
  return (
    <Page title={T.contactless.title}>
      {value === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={reload} />
      ) : (
        <Decided view={value} reload={reload} />
      )}
    </Page>
  );
};

const Decided = ({ view, reload }: { readonly view: ContactlessView; reload: () => void }) => {
  const { summary, history, why } = view;
  const proposed = history.filter(({ state }) => state === 'proposed');
  return (
    <>
      {summary.unreadable !== undefined && <Unreadable problem={summary.unreadable} />}
      <Switch summary={summary} history={history} />
      {proposed.length > 0 && <Proposed proposed={proposed} reload={reload} />}
      {summary.unreadable === undefined && <InForce inForce={summary.inForce} why={why} />}
      <Panel title={T.contactless.history}>
        {history.length === 0 && <Nothing>{T.contactless.noHistory}</Nothing>}
        <Cards views={history} />
      </Panel>
      <Register />
    </>
  );
};

interface InForceProps {
  readonly inForce: readonly DecisionView[];
  readonly why: readonly string[];
}

const InForce = ({ inForce, why }: InForceProps) => (
  <Panel title={T.contactless.inForce}>
    {inForce.length === 0 && <Nothing>{T.contactless.nothingInForce}</Nothing>}
    <Cards views={inForce} />
    {why.length > 0 && (
      <details class="why">
        <summary>{T.contactless.why}</summary>
        <ul class="sentences">
          {why.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
    )}
  </Panel>
);

const Cards = ({ views }: { readonly views: readonly DecisionView[] }) => (
  <ol class="decisions">
    {views.map((view) => (
      <li key={view.decision.id}>
        <DecisionCard view={view} />
      </li>
    ))}
  </ol>
);

interface ProposedProps {
  readonly proposed: readonly DecisionView[];
  readonly reload: () => void;
}

const Proposed = ({ proposed, reload }: ProposedProps) => (
  <Panel title={T.contactless.proposed} tone="warn">
    <ol class="decisions">
      {proposed.map((view) => (
        <li key={view.decision.id}>
          <DecisionCard view={view}>
            <Approval view={view} onApproved={reload} />
          </DecisionCard>
        </li>
      ))}
    </ol>
  </Panel>
);

const Unreadable = ({ problem }: { readonly problem: string }) => {
  const { may } = useConsole();
  return (
    <Alarm title={T.contactless.unreadable}>
      <p class="strong">{problem}</p>
      <p>{T.contactless.unreadableWhy}</p>
      {may('decide') ? (
        <ButtonLink kind="primary" href={hrefOf('contactless', 'anew')}>
          {T.contactless.anew}
        </ButtonLink>
      ) : (
        <p>{T.contactless.askManager}</p>
      )}
    </Alarm>
  );
};
