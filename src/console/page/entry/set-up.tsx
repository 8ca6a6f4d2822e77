import { useState } from 'preact/hooks';
import { isRefusal, openClient } from '../api-client.ts';
import { Button } from '../pieces/button.tsx';
import { PinField, TextField } from '../pieces/field.tsx';
import { type Errors, errorOf, errorsFrom, Form } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { Welcome } from './welcome.tsx';

interface SetUpProps {
  readonly merchant: string;
  readonly onDone: () => void;
}

/** First start: the first manager chooses a name and a PIN. There is no default. */
export const SetUp = ({ merchant, onDone }: SetUpProps) => {
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const begin = (): void => {
    const wrong = problemsIn(name, pin, again);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    run(async () => {
      const answer = await openClient().send('POST', 'setup', { name, pin });
      if (isRefusal(answer)) setErrors(errorsFrom(answer, ['name', 'pin']));
      else onDone();
    });
  };
  return (
    <Welcome title={T.entry.setUp} merchant={merchant}>
      <p class="intro">{T.entry.setUpIntro}</p>
      <Form errors={errors} onSubmit={begin}>
        <TextField
          name="name"
          label={T.entry.yourName}
          hint={T.entry.nameRules}
          value={name}
          onValue={setName}
          autoComplete="username"
          error={errorOf(errors, 'name')}
          required
        />
        <PinField
          name="pin"
          label={T.entry.choosePin}
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
        <Button submit kind="primary" busy={busy} busyWords={T.entry.settingUp}>
          {T.entry.begin}
        </Button>
      </Form>
    </Welcome>
  );
};

const problemsIn = (name: string, pin: string, again: string): Errors => ({
  ...(name.trim() === '' ? { name: T.entry.nameMissing } : {}),
  ...(pin === '' ? { pin: T.entry.pinMissing } : {}),
  ...(pin !== again ? { again: T.entry.pinsDiffer } : {}),
});
