import { useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../../api.ts';
import { isRefusal, openClient, type Refusal } from '../api-client.ts';
import { Button } from '../pieces/button.tsx';
import { PinField, TextField } from '../pieces/field.tsx';
import { type Errors, errorOf, errorsFrom, Form } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import { useLock } from './use-lock.ts';
import { Welcome } from './welcome.tsx';

interface SignInPageProps {
  readonly merchant: string;
  /** Somebody was signed in until a moment ago. */
  readonly ended: boolean;
  readonly onIn: () => void;
}

export const SignInPage = ({ merchant, ended, onIn }: SignInPageProps) => {
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const lock = useLock(name);
  useEffect(() => document.querySelector<HTMLElement>('[name=name]')?.focus(), []);
  const refuse = (refusal: Refusal): void => {
    setPin('');
    if (refusal.retryAfterMs !== undefined) lock.begin(refusal.retryAfterMs);
    setErrors(errorsFrom(refusal, ['name']));
  };
  const signIn = (): void => {
    const missing = {
      ...(name.trim() === '' ? { name: T.entry.nameMissing } : {}),
      ...(pin === '' ? { pin: T.entry.pinMissing } : {}),
    };
    if (lock.on) return;
    setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    run(async () => {
      const answer = await openClient().send<SessionView>('POST', 'session', { name, pin });
      if (isRefusal(answer)) refuse(answer);
      else onIn();
    });
  };
  return (
    <Welcome title={T.entry.signIn} merchant={merchant}>
      {ended && (
        <p class="welcome-note" role="status">
          {T.entry.ended}
        </p>
      )}
      <Form errors={errors} onSubmit={signIn}>
        <TextField
          name="name"
          label={T.entry.name}
          value={name}
          onValue={setName}
          autoComplete="username"
          error={errorOf(errors, 'name')}
          required
        />
        <PinField
          name="pin"
          label={T.entry.pin}
          value={pin}
          onValue={setPin}
          autoComplete="current-password"
          error={errorOf(errors, 'pin')}
        />
        <Button
          submit
          kind="primary"
          busy={busy || lock.on}
          busyWords={busyWords(lock.on, lock.left)}
        >
          {T.entry.signIn}
        </Button>
        <p class="spoken" role="status">
          {lock.isOver ? T.entry.unlocked : ''}
        </p>
      </Form>
    </Welcome>
  );
};

const busyWords = (locked: boolean, left: string): string =>
  locked ? fill(T.entry.lockedFor, { left }) : T.entry.signingIn;
