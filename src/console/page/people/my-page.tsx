import { useState } from 'preact/hooks';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { PinField } from '../pieces/field.tsx';
import { type Errors, errorOf, errorsFrom, Form } from '../pieces/form.tsx';
import { Page, Panel } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';

/** Who is signed in: their role, their own PIN, and the way out. */
export const MyPage = () => {
  const { session, may, signOut } = useConsole();
  const { busy, run } = useAction();
  return (
    <Page title={session.person} intro={`${T.roles[session.role]}. ${T.roleHints[session.role]}`}>
      <Panel title={T.me.signOutTitle}>
        <p>{T.me.signOutIntro}</p>
        <div class="actions">
          <Button
            icon="signOut"
            busy={busy}
            busyWords={T.me.signingOut}
            onPress={() => run(signOut)}
          >
            {T.me.signOut}
          </Button>
        </div>
      </Panel>
      {may('changeOwnPin') && <OwnPin />}
    </Page>
  );
};

const OwnPin = () => {
  const { client, say } = useConsole();
  const [pin, setPin] = useState('');
  const [newPin, setNewPin] = useState('');
  const [again, setAgain] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const save = (): void => {
    const wrong = {
      ...(pin === '' ? { pin: T.entry.pinMissing } : {}),
      ...(newPin === '' ? { newPin: T.entry.pinMissing } : {}),
      ...(newPin !== again ? { again: T.entry.pinsDiffer } : {}),
    };
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    run(async () => {
      const answer = await client.send('PUT', 'session/pin', { pin, newPin });
      if (isRefusal(answer)) return setErrors(errorsFrom(answer, ['pin', 'newPin']));
      for (const clear of [setPin, setNewPin, setAgain]) clear('');
      say(T.me.pinChanged);
    });
  };
  return (
    <Panel title={T.me.pinTitle}>
      <Form errors={errors} onSubmit={save} label={T.me.pinTitle}>
        <PinField
          name="pin"
          label={T.me.presentPin}
          value={pin}
          onValue={setPin}
          autoComplete="current-password"
          error={errorOf(errors, 'pin')}
        />
        <PinField
          name="newPin"
          label={T.me.newPin}
          hint={T.entry.pinRules}
          value={newPin}
          onValue={setNewPin}
          autoComplete="new-password"
          error={errorOf(errors, 'newPin')}
        />
        <PinField
          name="again"
          label={T.entry.pinAgain}
          value={again}
          onValue={setAgain}
          autoComplete="new-password"
          error={errorOf(errors, 'again')}
        />
        <div class="actions">
          <Button submit kind="primary" busy={busy} busyWords={T.saving}>
            {T.me.savePin}
          </Button>
        </div>
      </Form>
    </Panel>
  );
};
