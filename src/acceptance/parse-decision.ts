import * as v from 'valibot';
import { type ApprovalConfig, approvalNeeded } from './approval.ts';
import { contradiction } from './contradiction.ts';
import type { AccountRange, Decision, Person, Scope } from './decision.ts';
import { schemeNameOf } from './facts.ts';
import { type DecisionProblem, decisionProblem, isDecisionProblem } from './problem.ts';
import { decisionRequest, problemIn } from './schema.ts';
import { methodOf, scopeText } from './scope.ts';
import { localText, type Moment } from './zone.ts';

/** What there is to decide about, and what was decided so far. */
export interface Known {
  readonly now: Moment;
  /** The whole register, superseded and proposed decisions included. */
  readonly decisions: readonly Decision[];
  readonly approval: ApprovalConfig;
  /** What the reader takes, hexadecimal; `scheme` as in the facts. */
  readonly applications: readonly KnownApplication[];
  readonly wallets: readonly string[];
  readonly lanes: readonly string[];
  readonly currencies: readonly string[];
  readonly languages: readonly string[];
  readonly alternatives: readonly string[];
}

export interface KnownApplication {
  readonly aid: string;
  readonly kernel: string;
  readonly scheme: string;
}

/** What the person who asks doesn't say: the session and the register do. */
export interface Made {
  readonly id: string;
  readonly number: number;
  readonly by: Person;
}

/**
 * Turns what a person asks for into a decision, proposed when a second person must agree.
 * @param input from outside: `Decision` without what `made` brings, in JSON
 * @returns a problem that names the field; then nothing may change
 */
export const parseDecision = (
  input: unknown,
  known: Known,
  made: Made,
): Decision | DecisionProblem => {
  const parsed = v.safeParse(decisionRequest, input, { abortEarly: true });
  if (!parsed.success) return problemIn(parsed.issues[0]);
  const { scope: asked, ...rest } = parsed.output;
  const scope = canonical(asked, known);
  const decision: Decision = {
    ...made,
    madeMs: known.now.wallMs,
    approval: approvalNeeded(known.approval, rest, known.decisions) ? 'needed' : 'notNeeded',
    ...rest,
    scope,
  };
  for (const check of CHECKS) {
    const problem = check(decision, known);
    if (isDecisionProblem(problem)) return problem;
  }
  return decision;
};

type Check = (decision: Decision, known: Known) => DecisionProblem | undefined;

const checkTimes: Check = ({ fromMs, untilMs }, { now }) => {
  const text = (ms: number) => localText(ms, now.zone);
  if (untilMs !== undefined && untilMs <= now.wallMs) {
    return decisionProblem('until', `${text(untilMs)} is past: it is ${text(now.wallMs)}`);
  }
  if (fromMs !== undefined && fromMs < now.wallMs - LATE_MS) {
    return decisionProblem('from', `${text(fromMs)} is past: leave it out for "at once"`);
  }
  if (fromMs !== undefined && untilMs !== undefined && untilMs <= fromMs) {
    return decisionProblem('until', `${text(untilMs)} is not after from, ${text(fromMs)}`);
  }
  return undefined;
};

const checkHours: Check = ({ hours = [] }) => {
  const empty = hours.findIndex(({ from, to }) => from === to);
  if (empty < 0) return undefined;
  return decisionProblem(`hours.${empty}`, 'begins when it ends; a whole day is 00:00 to 24:00');
};

// A QR code has no card behind it, and a card no wallet.
const checkMethod: Check = ({ scope }, { wallets }) => {
  if (methodOf(scope) === 'contactless') return undefined;
  const wrong = CARD_PARTS.find((part) => scope[part] !== undefined);
  if (wrong !== undefined) {
    return decisionProblem(`scope.${wrong}`, 'a payment by QR code has none');
  }
  const wallet = scope.method?.slice('qr:'.length) ?? '';
  return wallet === '' || wallets.includes(wallet)
    ? undefined
    : decisionProblem('scope.method', noSuch(`the wallet ${wallet}`, wallets));
};

const CARD_PARTS = ['devices', 'scheme', 'aid', 'kernel', 'range'] as const;

const checkRange: Check = ({ scope: { range } }) =>
  range === undefined ? undefined : problemInRange(range);

const problemInRange = ({ from, to }: AccountRange): DecisionProblem | undefined => {
  if (from.length !== to.length) {
    return decisionProblem('scope.range', `${from} and ${to} don't have equally many digits`);
  }
  return to < from ? decisionProblem('scope.range', `${to} lies before ${from}`) : undefined;
};

const checkApplication: Check = ({ scope }, { applications }) => {
  const { aid, kernel, scheme } = scope;
  const parts = [
    ['aid', aid, (one: KnownApplication) => one.aid],
    ['kernel', kernel, (one: KnownApplication) => one.kernel],
    ['scheme', scheme, (one: KnownApplication) => one.scheme],
  ] as const;
  for (const [name, value, of] of parts) {
    if (value === undefined || applications.some((one) => isOf({ [name]: value }, one))) continue;
    const all = [...new Set(applications.map(of))].sort();
    return decisionProblem(`scope.${name}`, noSuch(`${name} ${value}`, all));
  }
  if (applications.some((one) => isOf(scope, one)) || parts.every(([, value]) => !value)) {
    return undefined;
  }
  return decisionProblem('scope', `no application here is all of this: ${scopeText(scope)}`);
};

/**
 * Whether a scope means payments of this application. It may name more of an identifier than the
 * reader matches, or less.
 */
export const isOf = ({ aid, kernel, scheme }: Scope, one: KnownApplication): boolean =>
  (aid === undefined || aid.startsWith(one.aid) || one.aid.startsWith(aid)) &&
  (kernel === undefined || kernel === one.kernel) &&
  (scheme === undefined || scheme === one.scheme) &&
  (aid === undefined || scheme === undefined || (schemeNameOf(aid) ?? scheme) === scheme);

const checkLists: Check = (decision, known) => {
  const { scope, texts, alternatives, supersedes } = decision;
  const lists = [
    ['scope.lanes', scope.lanes ?? [], known.lanes],
    ['scope.above.currency', scope.above ? [scope.above.currency] : [], known.currencies],
    ['texts', Object.keys(texts), known.languages],
    ['alternatives', alternatives, known.alternatives],
    ['supersedes', supersedes, idsThatStand(known.decisions)],
  ] as const;
  for (const [field, asked, all] of lists) {
    const stranger = asked.find((one) => !all.includes(one));
    if (stranger !== undefined) return decisionProblem(field, noSuch(stranger, all));
  }
  return undefined;
};

const idsThatStand = (decisions: readonly Decision[]): readonly string[] =>
  decisions.filter(({ setAside }) => setAside === undefined).map(({ id }) => id);

const checkContradiction: Check = (decision, { decisions, now }) => {
  const other = contradiction(decision, decisions, now.wallMs);
  if (other === undefined) return undefined;
  const until =
    other.untilMs === undefined
      ? 'until it is superseded'
      : `until ${localText(other.untilMs, now.zone)}`;
  return decisionProblem(
    'scope',
    `${other.id} says "${other.action}" for exactly this scope ${until}: ` +
      `supersede it, or choose times that don't overlap`,
  );
};

const CHECKS: readonly Check[] = [
  checkTimes,
  checkHours,
  checkMethod,
  checkRange,
  checkApplication,
  checkLists,
  checkContradiction,
];

// A form that was filled in during the last minute means "now".
const LATE_MS = 60_000;

const noSuch = (what: string, all: readonly string[]): string => {
  const shown = all.length > MOST_SHOWN ? [...all.slice(-MOST_SHOWN), '…'] : all;
  return `${what} is unknown here; known: ${shown.length === 0 ? 'none' : shown.join(', ')}`;
};
const MOST_SHOWN = 20;

/** One spelling for one scope: without "contactless", which is meant anyway. */
const canonical = (asked: Scope, { applications }: Known): Scope => {
  const { method, scheme, ...rest } = asked;
  const spelt = applications.find((one) => one.scheme.toLowerCase() === scheme?.toLowerCase());
  return {
    ...(method === undefined || method === 'contactless' ? {} : { method }),
    ...(scheme === undefined ? {} : { scheme: spelt?.scheme ?? scheme }),
    ...rest,
  };
};
