import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Page, Pending } from '../pieces/page.tsx';
import { T } from '../texts.ts';

/** The doctor's page, loaded when somebody opens it: few ever do. */
export const DoctorPageLater = () => {
  const [Loaded, setLoaded] = useState<ComponentType>();
  const [round, setRound] = useState(0);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let current = round >= 0;
    import('./doctor-page.tsx').then(
      ({ DoctorPage }) => current && setLoaded(() => DoctorPage),
      () => current && setMissing(true),
    );
    return () => {
      current = false;
    };
  }, [round]);
  if (Loaded !== undefined) return <Loaded />;
  const refusal = { refused: true, status: 0, error: T.trouble.noAnswer } as const;
  return (
    <Page title={T.doctor.title}>
      <Pending {...(missing ? { refusal } : {})} reload={() => setRound((before) => before + 1)} />
    </Page>
  );
};
