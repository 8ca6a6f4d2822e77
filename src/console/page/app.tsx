import { useCallback, useEffect, useState } from 'preact/hooks';
import type { NobodyView, SessionView } from '../api.ts';
import { SetUp } from './entry/set-up.tsx';
import { SignInPage } from './entry/sign-in-page.tsx';
import { Welcome } from './entry/welcome.tsx';
import { Button } from './pieces/button.tsx';
import { Shell } from './shell.tsx';
import { T } from './texts.ts';

type Gate =
  | { readonly kind: 'asking' }
  | { readonly kind: 'away' }
  | { readonly kind: 'nobody'; readonly nobody: NobodyView; readonly ended: boolean }
  | { readonly kind: 'in'; readonly session: SessionView };

/** Who is there? Then set-up, sign-in, or the console itself. */
export function App() {
  const [gate, setGate] = useState<Gate>({ kind: 'asking' });
  const ask = useCallback((ended: boolean) => {
    askSession(ended).then(setGate);
  }, []);
  useEffect(() => ask(false), [ask]);
  const onSignedOut = useCallback(() => ask(true), [ask]);
  switch (gate.kind) {
    case 'asking':
      return <Welcome title={T.name}>{T.loading}</Welcome>;
    case 'away':
      return (
        <Welcome title={T.name}>
          <p role="alert">{T.trouble.noAnswer}</p>
          <Button onPress={() => ask(false)}>{T.tryAgain}</Button>
        </Welcome>
      );
    case 'nobody':
      return gate.nobody.setUp ? (
        <SignInPage merchant={gate.nobody.merchant} ended={gate.ended} onIn={() => ask(false)} />
      ) : (
        <SetUp merchant={gate.nobody.merchant} onDone={() => ask(false)} />
      );
    case 'in':
      return <Shell key={gate.session.token} session={gate.session} onSignedOut={onSignedOut} />;
  }
}

// Not the client's business: without a session, 401 is the answer that we ask for.
const askSession = async (ended: boolean): Promise<Gate> => {
  const response = await fetch('api/session', { cache: 'no-store' }).catch(() => undefined);
  const body: unknown = await response?.json().catch(() => undefined);
  if (response?.ok && body) return { kind: 'in', session: body as SessionView };
  if (response?.status === 401 && body) {
    return { kind: 'nobody', nobody: body as NobodyView, ended };
  }
  return { kind: 'away' };
};
