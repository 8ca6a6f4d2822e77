import { useState } from 'preact/hooks';
import { Button } from '../pieces/button.tsx';
import { Group, OneOf } from '../pieces/choices.tsx';
import { Dialog } from '../pieces/dialog.tsx';
import { type Errors, errorOf, errorsFrom, Form } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import type { PersonProps } from './change-people.ts';
import { ROLE_OPTIONS } from './roles.ts';

export const ChangeRole = ({ person, change, onClose }: PersonProps & { onClose: () => void }) => {
  const { name } = person;
  const [role, setRole] = useState(person.role);
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const save = (): void =>
    run(async () => {
      const done = fill(T.people.roleChanged, { name, role: T.roles[role] });
      const refusal = await change('PUT', name, { role }, done);
      if (refusal === undefined) onClose();
      else setErrors(errorsFrom(refusal, ['role']));
    });
  return (
    <Dialog title={fill(T.people.roleTitle, { name })} onClose={onClose}>
      <Form errors={errors} onSubmit={save}>
        <Group minor legend={T.people.role} error={errorOf(errors, 'role')}>
          <OneOf name="role" value={role} options={ROLE_OPTIONS} onValue={setRole} />
        </Group>
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
