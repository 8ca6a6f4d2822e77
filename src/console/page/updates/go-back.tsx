import { useState } from 'preact/hooks';
import type { RollBackOrder, UpkeepStanding } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { Dialog } from '../pieces/dialog.tsx';
import { TextArea } from '../pieces/field.tsx';
import { type Errors, errorOf, errorsFrom, Form } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';

interface GoBackProps {
  readonly version: string;
  readonly onClose: () => void;
}

/** Why, and once more whether. */
export const GoBack = ({ version, onClose }: GoBackProps) => {
  const { client, say } = useConsole();
  const [why, setWhy] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const goBack = (): void => {
    const order: RollBackOrder = { why: why.replace(/\s+/g, ' ').trim() };
    setErrors(order.why === '' ? { why: T.updates.whyMissing } : {});
    if (order.why === '') return;
    run(async () => {
      const answer = await client.send<UpkeepStanding>('POST', 'updates/roll-back', order);
      if (isRefusal(answer)) return setErrors(errorsFrom(answer, ['why']));
      onClose();
      say(fill(T.updates.backTaken, { version }));
    });
  };
  return (
    <Dialog
      title={fill(T.updates.backTitle, { version })}
      onClose={busy ? () => undefined : onClose}
    >
      <div class="dialog-body">
        <p>{fill(T.updates.backIntro, { version })}</p>
        <p>{T.updates.restarts}</p>
      </div>
      <Form errors={errors} onSubmit={goBack}>
        <TextArea
          name="why"
          label={T.updates.why}
          hint={T.updates.whyHint}
          value={why}
          onValue={setWhy}
          maxLength={200}
          required
          error={errorOf(errors, 'why')}
        />
        <div class="actions dialog-actions">
          <Button submit kind="danger" busy={busy} busyWords={T.updates.ordering}>
            {fill(T.updates.back, { version })}
          </Button>
          <Button onPress={onClose}>{T.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
};
