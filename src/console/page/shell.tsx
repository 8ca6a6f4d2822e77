import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Right } from '#staff/rights.ts';
import type { SessionView } from '../api.ts';
import { openClient } from './api-client.ts';
import { type Console, ConsoleContext, type Tone } from './console-context.ts';
import { formatFor } from './format.ts';
import { useLive } from './live.ts';
import { Navigation } from './navigation.tsx';
import { PageAt } from './page-at.tsx';
import { Icon } from './pieces/icon.tsx';
import { Notice, type Said } from './pieces/notice.tsx';
import { useRoute } from './route.ts';
import { T } from './texts.ts';
import { useKeptFocus } from './use-kept-focus.ts';

interface ShellProps {
  readonly session: SessionView;
  readonly onSignedOut: () => void;
}

/** The console of somebody who is signed in. */
export const Shell = ({ session, onSignedOut }: ShellProps) => {
  const route = useRoute();
  const client = useMemo(
    () => openClient({ token: session.token, onSignedOut }),
    [session.token, onSignedOut],
  );
  const format = useMemo(() => formatFor(session), [session]);
  const live = useLive(client);
  useKeptFocus();
  const [said, setSaid] = useState<Said>();
  const say = useCallback((words: string, tone: Tone = 'good') => {
    setSaid((before) => ({ words, tone, number: (before?.number ?? 0) + 1 }));
  }, []);
  const hush = useCallback(() => setSaid(undefined), []);
  const signOut = async (): Promise<void> => {
    await client.send('DELETE', 'session');
    window.location.hash = '';
    window.location.reload();
  };
  const desk: Console = {
    session,
    client,
    format,
    live,
    may: (right: Right) => session.rights.includes(right),
    say,
    signOut,
  };
  return (
    <ConsoleContext.Provider value={desk}>
      <div class="shell">
        <SkipLink />
        <Navigation route={route} />
        <div class="content">
          <div role="status">
            {live.link === 'away' && (
              <p class="banner">
                <Icon name="warn" />
                <span>{T.away}</span>
              </p>
            )}
          </div>
          <main id="main" tabIndex={-1}>
            <PageAt route={route} />
          </main>
        </div>
        <Notice said={said} onClose={hush} />
      </div>
    </ConsoleContext.Provider>
  );
};

// Addresses after # are pages here, so this one moves the focus itself.
const SkipLink = () => (
  <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
    {T.skip}
  </button>
);
