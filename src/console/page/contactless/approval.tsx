import { useState } from 'preact/hooks';
import type { DecisionView } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { Confirmation } from '../pieces/confirmation.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';

interface ApprovalProps {
  readonly view: DecisionView;
  readonly onApproved: () => void;
}

/** The second person agrees. Who made the proposal is told that somebody else must. */
export const Approval = ({ view, onApproved }: ApprovalProps) => {
  const { client, say, may, session } = useConsole();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { busy, run } = useAction();
  const { id, by } = view.decision;
  if (by.person === session.person) return <p class="strong">{T.approval.notYours}</p>;
  if (!may('approveDecision')) return <p class="strong">{T.approval.byManager}</p>;
  const approve = async (): Promise<void> => {
    const answer = await client.send<DecisionView>(
      'POST',
      `contactless/decisions/${encodeURIComponent(id)}/approval`,
    );
    if (isRefusal(answer)) return setProblem(answer.error);
    setAsking(false);
    say(fill(T.approval.done, { id, says: answer.says }));
    onApproved();
  };
  return (
    <div class="actions">
      <Button kind="primary" about={id} onPress={() => setAsking(true)}>
        {T.approval.approve}
      </Button>
      {asking && (
        <Confirmation
          title={fill(T.approval.title, { id })}
          yes={T.approval.approve}
          busy={busy}
          busyWords={T.approval.approving}
          problem={problem}
          onYes={() => run(approve)}
          onNo={() => setAsking(false)}
        >
          <p>{view.says}</p>
        </Confirmation>
      )}
    </div>
  );
};
