import type { Decision, Scope, WeeklyHours } from '#acceptance/index.ts';
import type { DecisionView } from '../../api.ts';
import { endOfToday, type Format } from '../format.ts';
import type { Errors } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { zoneMs } from '../zone-time.ts';
import { type Draft, partsOf } from './draft.ts';

/** What the server takes: a decision without what session and register say. */
export type DecisionRequest = Pick<
  Decision,
  'action' | 'scope' | 'texts' | 'alternatives' | 'supersedes'
> & {
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly hours?: WeeklyHours;
  readonly reason: { readonly category: string; readonly text: string };
};

export interface Place {
  readonly nowMs: number;
  readonly timeZone: string;
  readonly format: Pick<Format, 'minorOf'>;
}

/** What a person typed as a request, and what is missing in it, by the server's field names. */
export const requestOf = (
  draft: Draft,
  place: Place,
  history: readonly DecisionView[],
): { readonly request: DecisionRequest; readonly errors: Errors } => {
  const scope = scopeOf(draft, place);
  const times = timesOf(draft, place);
  const hours = draft.hours.map(({ days, from, to }) => ({ days, from, to }));
  const request: DecisionRequest = {
    action: draft.action,
    scope,
    ...times,
    ...(hours.length === 0 ? {} : { hours }),
    reason: { category: draft.category, text: draft.why.trim() },
    texts: textsOf(draft),
    alternatives: draft.action === 'off' ? draft.alternatives : [],
    supersedes: draft.supersedes ?? offered(draft, scope, history),
  };
  return { request, errors: { ...scopeErrors(draft, scope), ...otherErrors(draft, times) } };
};

/** What can be superseded: what counts or will, newest first. */
export const supersedable = (history: readonly DecisionView[]): readonly DecisionView[] =>
  history.filter(({ state }) => STANDING.has(state));

const STANDING: ReadonlySet<DecisionView['state']> = new Set([
  'in force',
  'planned',
  'outside its hours',
]);

// To switch all on or off is to end what says the opposite of a part: the narrower would win.
const offered = (draft: Draft, scope: Scope, history: readonly DecisionView[]): string[] =>
  supersedable(history)
    .filter(({ decision, state }) => {
      if (decision.action === draft.action) return false;
      const everything = draft.what === 'everything' && draft.also.length === 0;
      return sameScope(decision.scope, scope) || (everything && state !== 'planned');
    })
    .filter(({ decision }) => (decision.scope.method ?? '') === (scope.method ?? ''))
    .map(({ decision }) => decision.id);

const sameScope = (a: Scope, b: Scope): boolean => spelt(a) === spelt(b);

const spelt = (scope: Scope): string =>
  JSON.stringify(
    Object.entries(scope)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, JSON.stringify(value)]),
  );

const scopeOf = (draft: Draft, { format }: Place): Scope => {
  const parts = new Set(partsOf(draft));
  const minor = format.minorOf(draft.aboveAmount, draft.aboveCurrency);
  return {
    ...(parts.has('wallet') ? { method: draft.wallet === '' ? 'qr' : `qr:${draft.wallet}` } : {}),
    ...(parts.has('phones') ? { devices: 'phones' as const } : {}),
    ...(parts.has('scheme') ? { scheme: draft.scheme } : {}),
    ...(parts.has('aid') ? { aid: draft.aid } : {}),
    ...(parts.has('kernel') ? { kernel: draft.kernel } : {}),
    ...(parts.has('range') ? { range: rangeOf(draft) } : {}),
    ...(parts.has('above') && minor !== undefined
      ? { above: { minor, currency: draft.aboveCurrency } }
      : {}),
    ...(parts.has('lanes') ? { lanes: draft.lanes } : {}),
  };
};

// One beginning alone means all numbers that begin so.
const rangeOf = ({ rangeFrom, rangeTo }: Draft) => ({
  from: rangeFrom.trim(),
  to: rangeTo.trim() === '' ? rangeFrom.trim() : rangeTo.trim(),
});

const scopeErrors = (draft: Draft, scope: Scope): Errors => {
  const parts = new Set(partsOf(draft));
  return {
    ...(parts.has('scheme') && draft.scheme === '' ? { 'scope.scheme': T.form.chooseOne } : {}),
    ...(parts.has('aid') && draft.aid === '' ? { 'scope.aid': T.form.chooseOne } : {}),
    ...(parts.has('kernel') && draft.kernel === '' ? { 'scope.kernel': T.form.chooseOne } : {}),
    ...(parts.has('range') && !/^\d{1,11}$/.test(draft.rangeFrom.trim())
      ? { 'scope.range': T.form.rangeWrong }
      : {}),
    ...(parts.has('above') && scope.above === undefined
      ? { 'scope.above': T.form.amountWrong }
      : {}),
    ...(parts.has('lanes') && draft.lanes.length === 0 ? { 'scope.lanes': T.form.oneLane } : {}),
  };
};

const timesOf = (draft: Draft, { nowMs, timeZone }: Place) => {
  const fromMs = draft.from === 'at' ? zoneMs(draft.fromAt, timeZone) : undefined;
  const start = fromMs ?? nowMs;
  const untilMs = {
    open: () => undefined,
    hour: () => Math.ceil((start + HOUR_MS) / MINUTE_MS) * MINUTE_MS,
    today: () => endOfToday(start, timeZone),
    at: () => zoneMs(draft.untilAt, timeZone),
  }[draft.until]();
  return {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const otherErrors = (draft: Draft, times: { fromMs?: number; untilMs?: number }): Errors => ({
  ...(draft.category === '' ? { 'reason.category': T.form.chooseOne } : {}),
  ...(draft.why.trim() === '' ? { 'reason.text': T.form.sayWhy } : {}),
  ...(draft.from === 'at' && times.fromMs === undefined ? { from: T.form.chooseTime } : {}),
  ...(draft.until === 'at' && times.untilMs === undefined ? { until: T.form.chooseTime } : {}),
  ...Object.fromEntries(
    draft.hours.flatMap(({ days, from, to }, row) =>
      days.length > 0 && from !== '' && to !== '' ? [] : [[`hours.${row}`, T.form.hoursWrong]],
    ),
  ),
});

const textsOf = ({ texts }: Draft): Decision['texts'] =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([language, { shopper, cashier }]) => {
      const words = {
        ...(shopper.trim() === '' ? {} : { shopper: shopper.trim() }),
        ...(cashier.trim() === '' ? {} : { cashier: cashier.trim() }),
      };
      return Object.keys(words).length === 0 ? [] : [[language, words]];
    }),
  );
