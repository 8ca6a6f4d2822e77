import { useCallback, useEffect, useState } from 'preact/hooks';
import type { DoctorView } from '../../api.ts';
import { isRefusal, type Refusal } from '../api-client.ts';
import { type Tone, useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { Button } from '../pieces/button.tsx';
import { Page, Panel, Pending } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import '../style/doctor.css';

type Found = DoctorView['findings'][number];

/** What is wrong with this terminal and what to do, looked at anew when asked. */
export const DoctorPage = () => {
  const { client, format, say } = useConsole();
  const [view, setView] = useState<DoctorView>();
  const [refusal, setRefusal] = useState<Refusal>();
  const { busy, run } = useAction();
  const look = useCallback(
    (again: boolean) =>
      run(async () => {
        const answer = await client.get<DoctorView>('doctor');
        if (isRefusal(answer)) {
          setRefusal(answer);
          if (again) say(answer.error, 'bad');
          return;
        }
        setView(answer);
        if (again) say(T.doctor.verdicts[answer.verdict], TONES[answer.verdict]);
      }),
    // `run` is another function at each picture, and always does the same.
    [client, say],
  );
  useEffect(() => look(false), [look]);
  const actions = view && (
    <Button kind="primary" busy={busy} busyWords={T.doctor.looking} onPress={() => look(true)}>
      {T.doctor.again}
    </Button>
  );
  return (
    <Page title={T.doctor.title} intro={T.doctor.intro} actions={actions}>
      {view === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={() => look(false)} />
      ) : (
        <div class="doctor" aria-busy={busy}>
          <p class="doctor-verdict">
            <Badge tone={TONES[view.verdict]}>{T.doctor.verdicts[view.verdict]}</Badge>
            <span>{fill(T.doctor.lookedAt, { when: format.moment(view.atMs) })}</span>
          </p>
          <ToDo findings={view.findings} />
          <Rest title={T.doctor.wellTitle} findings={view.findings} verdict="well" />
          <Rest title={T.doctor.notUsedTitle} findings={view.findings} verdict="notUsed" />
        </div>
      )}
    </Page>
  );
};

const TONES: Readonly<Record<Found['verdict'], Tone>> = {
  well: 'good',
  notUsed: 'calm',
  attention: 'warn',
  wrong: 'bad',
};

/** What is wrong stands first, then what needs attention. */
const ToDo = ({ findings }: Pick<DoctorView, 'findings'>) => (
  <>
    {(['wrong', 'attention'] as const).flatMap((verdict) =>
      findings
        .filter((one) => one.verdict === verdict)
        .map(({ check, title, found, remedy }) => (
          <section key={check} class="panel finding" data-tone={TONES[verdict]}>
            <div class="panel-head">
              <h2>{title}</h2>
              <Badge tone={TONES[verdict]}>{T.doctor.words[verdict]}</Badge>
            </div>
            <p>{found}</p>
            {remedy && (
              <p class="remedy">
                <strong>{T.doctor.remedy}</strong> {remedy}
              </p>
            )}
          </section>
        )),
    )}
  </>
);

interface RestProps extends Pick<DoctorView, 'findings'> {
  readonly title: string;
  readonly verdict: 'well' | 'notUsed';
}

const Rest = ({ title, findings, verdict }: RestProps) => {
  const those = findings.filter((one) => one.verdict === verdict);
  if (those.length === 0) return null;
  return (
    <Panel title={title}>
      <dl class="findings">
        {those.map(({ check, title: name, found }) => (
          <div key={check}>
            <dt>{name}</dt>
            <dd>{found}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
};
