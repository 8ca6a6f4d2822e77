import { useState } from 'preact/hooks';
import type { SaleResult } from '#terminal/types.ts';
import type { PaymentView } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { OUTCOMES } from '../now/outcome.ts';
import { Button } from '../pieces/button.tsx';
import { Dialog } from '../pieces/dialog.tsx';
import { TextField } from '../pieces/field.tsx';
import { type Errors, errorOf, errorsFrom, Form } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';

interface RefundProps {
  readonly view: PaymentView;
  readonly onDone: () => void;
}

export const Refund = ({ view, onDone }: RefundProps) => {
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button icon="undo" onPress={() => setOpen(true)}>
        {T.refund.open}
      </Button>
      {open && <RefundDialog view={view} onClose={close} onDone={onDone} />}
    </>
  );
};

const RefundDialog = ({
  view,
  onClose,
  onDone,
}: RefundProps & { readonly onClose: () => void }) => {
  const { client, format, say } = useConsole();
  const { id, currency, amountMinor, approvedMinor } = view.line;
  const restMinor = (approvedMinor ?? amountMinor) - view.refundedMinor;
  const rest = format.amount(restMinor, currency);
  // One for as long as this form is open: however often it is sent, it refunds once.
  const [requestId] = useState(() => crypto.randomUUID());
  const [amount, setAmount] = useState(() => format.plainAmount(restMinor, currency));
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const minor = format.minorOf(amount, currency);
  const fits = minor !== undefined && minor > 0 && minor <= restMinor;
  const refund = (): void => {
    setErrors(fits ? {} : { amountMinor: fill(T.refund.wrong, { rest }) });
    if (!fits) return;
    run(async () => {
      const path = `payments/${encodeURIComponent(id)}/refund`;
      const answer = await client.send<SaleResult>('POST', path, { amountMinor: minor, requestId });
      if (isRefusal(answer)) return setErrors(errorsFrom(answer, ['amountMinor']));
      const { words } = OUTCOMES[answer.status];
      const done = answer.status === 'approved';
      say(
        done
          ? fill(T.refund.done, { amount: format.amount(answer.amountMinor, currency) })
          : fill(T.refund.notDone, { words, reason: answer.reason }),
        done ? 'good' : 'bad',
      );
      onClose();
      onDone();
    });
  };
  return (
    <Dialog title={T.refund.title} onClose={busy ? () => undefined : onClose}>
      <p>{fill(T.refund.intro, { rest })}</p>
      <Form errors={errors} onSubmit={refund}>
        <TextField
          name="amountMinor"
          label={fill(T.refund.amount, { currency })}
          decimal
          value={amount}
          error={errorOf(errors, 'amountMinor')}
          onValue={setAmount}
        />
        <div class="actions dialog-actions">
          <Button submit kind="danger" busy={busy} busyWords={T.refund.refunding}>
            {fits ? fill(T.refund.yes, { amount: format.amount(minor, currency) }) : T.refund.open}
          </Button>
          <Button onPress={onClose}>{T.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
};
