import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { T } from '../texts.ts';
import { Page, Pending } from './page.tsx';

interface PageLaterProps {
  readonly title: string;
  /** The same function each time. */
  readonly load: () => Promise<ComponentType>;
}

/** A page that is loaded when somebody opens it: few ever do. */
export const PageLater = ({ title, load }: PageLaterProps) => {
  const [Loaded, setLoaded] = useState<ComponentType>();
  const [round, setRound] = useState(0);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let current = round >= 0;
    load().then(
      (component) => current && setLoaded(() => component),
      () => current && setMissing(true),
    );
    return () => {
      current = false;
    };
  }, [load, round]);
  if (Loaded !== undefined) return <Loaded />;
  const refusal = { refused: true, status: 0, error: T.trouble.noAnswer } as const;
  return (
    <Page title={title}>
      <Pending {...(missing ? { refusal } : {})} reload={() => setRound((before) => before + 1)} />
    </Page>
  );
};
