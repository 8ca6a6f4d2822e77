import { useState } from 'preact/hooks';
import type { OrderResult } from '#terminal/types.ts';
import type { PaymentLine } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { Confirmation } from '../pieces/confirmation.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';

interface VoidPaymentProps {
  readonly line: PaymentLine;
  readonly onDone: () => void;
}

/** Takes the whole payment back at the host. */
export const VoidPayment = ({ line, onDone }: VoidPaymentProps) => {
  const { client, format, say } = useConsole();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { busy, run } = useAction();
  const amount = format.amount(line.approvedMinor ?? line.amountMinor, line.currency);
  const act = async (): Promise<void> => {
    const path = `payments/${encodeURIComponent(line.id)}/void`;
    const answer = await client.send<OrderResult>('POST', path);
    if (isRefusal(answer)) return setProblem(answer.error);
    const { status, reason } = answer;
    if (status === 'refused' || status === 'error') return setProblem(reason);
    setAsking(false);
    say(reason, status === 'done' ? 'good' : 'warn');
    onDone();
  };
  return (
    <>
      <Button icon="close" onPress={() => setAsking(true)}>
        {T.void.open}
      </Button>
      {asking && (
        <Confirmation
          title={T.void.title}
          yes={fill(T.void.yes, { amount })}
          danger
          busy={busy}
          busyWords={T.void.voiding}
          problem={problem}
          onYes={() => run(act)}
          onNo={() => setAsking(false)}
        >
          <p>{fill(T.void.intro, { amount })}</p>
        </Confirmation>
      )}
    </>
  );
};
