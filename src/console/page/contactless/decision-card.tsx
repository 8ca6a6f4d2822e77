import type { ComponentChildren } from 'preact';
import type { Decision } from '#acceptance/index.ts';
import type { DecisionView } from '../../api.ts';
import { type Console, type Tone, useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { type Fact, Facts } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { fill, wordsOf } from '../words.ts';
import { hoursWords } from './hours-words.ts';

interface DecisionCardProps {
  readonly view: DecisionView;
  readonly children?: ComponentChildren;
}

/** One decision: what, who, when, why, and the proof that it stands in the register. */
export const DecisionCard = ({ view, children }: DecisionCardProps) => {
  const desk = useConsole();
  const { decision, state, scope } = view;
  const tone = STATE_TONES[state];
  const { by, reason } = decision;
  const head = decision.action === 'off' ? T.decision.off : T.decision.on;
  return (
    <article class="decision" data-action={decision.action} data-state={state}>
      <div class="decision-head">
        <h3>
          <span class="decision-id">{decision.id}</span>
          {fill(head, { scope })}
        </h3>
        <Badge tone={tone} icon={state === 'over' || state === 'superseded' ? 'wait' : tone}>
          {T.decisionStates[state]}
        </Badge>
      </div>
      <p>
        {reason.text} <span class="quiet">({wordsOf(T.reasons, reason.category)})</span>
      </p>
      <p class="quiet">
        {fill(T.decision.by, {
          person: by.person,
          role: wordsOf(T.roles, by.role),
          when: desk.format.moment(decision.madeMs),
        })}
        {' · '}
        {until(decision, desk)}
      </p>
      <details>
        <summary>{T.decision.all}</summary>
        <p>{view.says}</p>
        <Facts facts={factsOf(view, desk)} />
      </details>
      {children}
    </article>
  );
};

const STATE_TONES: Readonly<Record<DecisionView['state'], Tone>> = {
  'in force': 'good',
  proposed: 'warn',
  planned: 'calm',
  'outside its hours': 'calm',
  over: 'calm',
  superseded: 'calm',
  'set aside': 'calm',
};

const until = ({ untilMs, action }: Decision, { format }: Console): string => {
  if (untilMs !== undefined) return fill(T.decision.until, { when: format.moment(untilMs) });
  return action === 'off' ? T.decision.untilOn : T.decision.untilOff;
};

const factsOf = (view: DecisionView, { format }: Console): (Fact | undefined)[] => {
  const { decision, supersededBy, proof } = view;
  const { approved, fromMs, hours, alternatives, supersedes, texts } = decision;
  const some = (name: string, value: string | undefined): Fact | undefined =>
    value === undefined || value === '' ? undefined : { name, value };
  return [
    some(T.decision.from, fromMs === undefined ? T.decision.atOnce : format.moment(fromMs)),
    some(T.decision.hours, hours && hoursWords(hours)),
    some(
      T.decision.approvedBy,
      approved && `${approved.by.person}, ${format.moment(approved.atMs)}`,
    ),
    some(T.decision.offered, alternatives.map((one) => wordsOf(T.ways, one)).join(', ')),
    some(T.decision.supersedes, supersedes.join(', ')),
    some(T.decision.supersededBy, supersededBy.join(', ')),
    ...Object.entries(texts).flatMap(([language, words]) => [
      some(fill(T.decision.shopper, { language }), words.shopper),
      some(fill(T.decision.cashier, { language }), words.cashier),
    ]),
    some(T.decision.entry, proof && `${proof.sequence}`),
    proof && { name: T.decision.hash, value: <code class="hash">{proof.hash}</code> },
  ];
};
