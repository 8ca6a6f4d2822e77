import { useState } from 'preact/hooks';
import { Button } from '../pieces/button.tsx';
import { Dialog } from '../pieces/dialog.tsx';
import { PinField } from '../pieces/field.tsx';
import { type Errors, errorOf, errorsFrom, Form } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import type { PersonProps } from './change-people.ts';

/** A new PIN for somebody who forgot theirs; it ends a lock-out. */
export const NewPin = ({ person, change, onClose }: PersonProps & { onClose: () => void }) => {
  const { name } = person;
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const save = (): void => {
    const wrong = {
      ...(pin === '' ? { pin: T.entry.pinMissing } : {}),
      ...(pin !== again ? { again: T.entry.pinsDiffer } : {}),
    };
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    run(async () => {
      const refusal = await change('PUT', name, { pin }, fill(T.people.pinSet, { name }));
      if (refusal === undefined) onClose();
      else setErrors(errorsFrom(refusal, ['pin']));
    });
  };
  return (
    <Dialog title={fill(T.people.pinTitle, { name })} onClose={onClose}>
      <p>{T.people.pinIntro}</p>
      <Form errors={errors} onSubmit={save}>
        <PinField
          name="pin"
          label={T.people.pin}
          hint={T.entry.pinRules}
          value={pin}
          onValue={setPin}
          autoComplete="new-password"
          error={errorOf(errors, 'pin')}
        />
        <PinField
          name="again"
          label={T.entry.pinAgain}
          value={again}
          onValue={setAgain}
          autoComplete="new-password"
          error={errorOf(errors, 'again')}
        />
        <div class="actions dialog-actions">
          <Button submit kind="primary" busy={busy} busyWords={T.saving}>
            {T.save}
          </Button>
          <Button onPress={onClose}>{T.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
};
