import { useLayoutEffect, useState } from 'preact/hooks';
import type { LimitsLine, LimitView } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { TextField } from '../pieces/field.tsx';
import { type Errors, errorOf, Form } from '../pieces/form.tsx';
import { Facts, Panel } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import type { Save } from './save.ts';

interface LimitsPanelProps {
  readonly limits: readonly LimitsLine[];
  readonly save: Save;
}

export const LimitsPanel = ({ limits, save }: LimitsPanelProps) => {
  const { may } = useConsole();
  return (
    <Panel title={T.limits.title}>
      <p class="quiet">{T.limits.intro}</p>
      <div class="sets">
        {limits.map((line) => (
          <section class="set" key={line.set} aria-label={line.title}>
            <h3>{line.title}</h3>
            <p class="quiet code">{line.aids.join(' ')}</p>
            {may('changeSettings') ? (
              <LimitsForm line={line} save={save} />
            ) : (
              <LimitsAsTheyAre line={line} />
            )}
          </section>
        ))}
      </div>
    </Panel>
  );
};

const LimitsAsTheyAre = ({ line }: { readonly line: LimitsLine }) => {
  const { format } = useConsole();
  return (
    <Facts
      facts={line.limits.map(({ title, minor }) => ({
        name: title,
        value: minor === undefined ? T.limits.none : format.amount(minor, line.currency),
      }))}
    />
  );
};

const LimitsForm = ({ line, save }: { readonly line: LimitsLine; readonly save: Save }) => {
  const { format } = useConsole();
  const { set, limits, currency } = line;
  const text = ({ minor }: LimitView) =>
    minor === undefined ? '' : format.plainAmount(minor, currency);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const inForce = JSON.stringify(limits.map((limit) => [limit.name, text(limit)]));
  // What counts now takes the place of what was typed, and the form keeps its focus.
  useLayoutEffect(() => setTyped(Object.fromEntries(JSON.parse(inForce))), [inForce]);
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const store = (change: readonly { name: LimitView['name']; minor: number | null }[]): void => {
    if (change.length === 0) return;
    const names = limits.map(({ name }) => name);
    run(async () => {
      const limitsChange = change.map((one) => ({ set, ...one }));
      setErrors((await save({ limits: limitsChange }, names)) ?? {});
    });
  };
  const submit = (): void => {
    const wrong = problemsIn(line, typed, format);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    const changed = limits.filter((limit) => (typed[limit.name] ?? '').trim() !== text(limit));
    store(
      changed.map(({ name }) => ({
        name,
        minor: format.minorOf(typed[name] ?? '', currency) ?? null,
      })),
    );
  };
  const own = limits.filter(({ minor, configuredMinor }) => minor !== configuredMinor);
  return (
    <Form errors={errors} onSubmit={submit} label={line.title}>
      {limits.map((limit) => (
        <TextField
          key={limit.name}
          name={limit.name}
          label={`${limit.title} (${currency})`}
          hint={hintOf(limit, currency, format)}
          decimal
          value={typed[limit.name] ?? ''}
          error={errorOf(errors, limit.name)}
          onValue={(value) => setTyped({ ...typed, [limit.name]: value })}
        />
      ))}
      <div class="actions">
        <Button submit kind="primary" busy={busy} busyWords={T.saving} about={line.title}>
          {T.save}
        </Button>
        {own.length > 0 && (
          <Button
            icon="undo"
            busy={busy}
            busyWords={T.saving}
            about={line.title}
            onPress={() => store(own.map(({ name }) => ({ name, minor: null })))}
          >
            {T.putBack}
          </Button>
        )}
      </div>
    </Form>
  );
};

type Amounts = Pick<ReturnType<typeof useConsole>['format'], 'amount' | 'minorOf'>;

const hintOf = ({ configuredMinor }: LimitView, currency: string, format: Amounts): string =>
  configuredMinor === undefined
    ? T.limits.notConfigured
    : fill(T.limits.configured, { amount: format.amount(configuredMinor, currency) });

const problemsIn = (
  { limits, currency }: LimitsLine,
  typed: Readonly<Record<string, string>>,
  format: Amounts,
): Errors =>
  Object.fromEntries(
    limits.flatMap(({ name, configuredMinor }) => {
      const text = (typed[name] ?? '').trim();
      // Nothing typed puts back what is configured.
      if (text === '') return [];
      const minor = format.minorOf(text, currency);
      if (minor === undefined) return [[name, T.form.amountWrong]];
      if (configuredMinor === undefined || minor <= configuredMinor) return [];
      const amount = format.amount(configuredMinor, currency);
      return [[name, fill(T.limits.tooHigh, { amount })]];
    }),
  );
