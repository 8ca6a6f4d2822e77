import { useState } from 'preact/hooks';
import type { Role } from '#ports/people.ts';
import { Button } from '../pieces/button.tsx';
import { Group, OneOf } from '../pieces/choices.tsx';
import { Dialog } from '../pieces/dialog.tsx';
import { PinField, TextField } from '../pieces/field.tsx';
import { type Errors, errorOf, errorsFrom, Form } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import type { ChangePeople } from './change-people.ts';
import { ROLE_OPTIONS } from './roles.ts';

interface AddPersonProps {
  readonly change: ChangePeople;
  readonly onClose: () => void;
}

export const AddPerson = ({ change, onClose }: AddPersonProps) => {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>();
  const [pin, setPin] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const add = (): void => {
    const wrong = {
      ...(name.trim() === '' ? { name: T.entry.nameMissing } : {}),
      ...(role === undefined ? { role: T.form.chooseOne } : {}),
      ...(pin === '' ? { pin: T.entry.pinMissing } : {}),
    };
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    run(async () => {
      const done = fill(T.people.added, { name: name.trim() });
      const refusal = await change('POST', undefined, { name, role, pin }, done);
      if (refusal === undefined) onClose();
      else setErrors(errorsFrom(refusal, ['name', 'role', 'pin']));
    });
  };
  return (
    <Dialog title={T.people.addTitle} onClose={onClose}>
      <Form errors={errors} onSubmit={add}>
        <TextField
          name="name"
          label={T.people.name}
          hint={T.entry.nameRules}
          value={name}
          onValue={setName}
          error={errorOf(errors, 'name')}
        />
        <Group minor legend={T.people.role} error={errorOf(errors, 'role')}>
          <OneOf name="role" value={role} options={ROLE_OPTIONS} onValue={setRole} />
        </Group>
        <PinField
          name="pin"
          label={T.people.firstPin}
          hint={T.entry.pinRules}
          value={pin}
          onValue={setPin}
          autoComplete="new-password"
          error={errorOf(errors, 'pin')}
        />
        <div class="actions dialog-actions">
          <Button submit kind="primary" busy={busy} busyWords={T.people.adding}>
            {T.people.add}
          </Button>
          <Button onPress={onClose}>{T.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
};
