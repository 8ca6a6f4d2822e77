import {
  type DecisionProblem,
  decisionProblem,
  isDecisionProblem,
  type Scope,
  sameScope,
} from '#acceptance/index.ts';
import type { DecisionView } from '#decisions/view.ts';
import { scopeOptions } from './scope.ts';

export interface Asked {
  readonly action: 'off' | 'on';
  readonly scope: Scope;
  /** A scope was typed, and not left out. */
  readonly scoped: boolean;
  /** It begins later than now. */
  readonly planned: boolean;
  /** It has an end, or hours. */
  readonly timed: boolean;
}

/**
 * What a decision has to supersede so that "off" and then "on" works as a person expects: the one
 * decision in force that says the opposite about exactly this scope. Where it could be meant
 * otherwise, nothing is guessed.
 * @param decisions in force, planned, or outside their hours
 * @returns ids to supersede, 'nothing to do', or a problem that lists what there is
 */
export const counterparts = (
  asked: Asked,
  decisions: readonly DecisionView[],
): readonly string[] | 'nothing to do' | DecisionProblem => {
  const opposite = decisions.filter(
    ({ decision, state }) => decision.action !== asked.action && state !== 'proposed',
  );
  const same = opposite.filter(({ decision }) => isSame(decision.scope, asked.scope));
  const [only, ...more] = same;
  if (only === undefined) {
    return asked.action === 'on' ? nothingOff(asked, opposite) : narrowerOns(asked, opposite);
  }
  if (more.length > 0 || only.state !== 'in force') {
    return ambiguous(`which is meant? To ${PUT[asked.action]}, name those that are to end`, same);
  }
  if (asked.timed && !isSameAfterwards(asked)) return forGood(only);
  const narrower = asked.action === 'off' ? narrowerOns(asked, opposite) : [];
  return isDecisionProblem(narrower) ? narrower : [...new Set([only.decision.id, ...narrower])];
};

// All off means all: a part that was switched on would go on, as the narrower wins.
const narrowerOns = (
  { scope, planned, timed }: Asked,
  opposite: readonly DecisionView[],
): readonly string[] | DecisionProblem => {
  const ons = opposite.filter(
    ({ decision, state }) =>
      decision.scope.method === undefined &&
      state === 'in force' &&
      Object.keys(decision.scope).length > 0,
  );
  if (Object.keys(scope).length > 0 || ons.length === 0) return [];
  if (!planned && !timed) return ons.map(({ decision }) => decision.id);
  return ambiguous(
    'parts are switched on, and would stay on: the narrower wins. Name those that are to end for ' +
      'good, or switch them off for that time as well',
    ons,
  );
};

const PUT = { on: 'switch on', off: 'switch off' } as const;

const nothingOff = (
  { scoped, planned, timed }: Asked,
  opposite: readonly DecisionView[],
): readonly string[] | 'nothing to do' | DecisionProblem => {
  if (scoped) return [];
  const offs = opposite.filter(({ decision }) => decision.scope.method === undefined);
  if (offs.length === 0) return planned || timed ? [] : 'nothing to do';
  return ambiguous(
    'nothing switches off all contactless, but parts of it; an "on" for all would not reach ' +
      'them, as the narrower wins. Name those that are to end, or their scope',
    offs,
  );
};

// When an "off" for everything is over, all is taken, with or without the "on" that it ended.
const isSameAfterwards = ({ action, scope }: Asked): boolean =>
  action === 'off' && Object.keys(scope).every((part) => part === 'method');

const forGood = ({ decision }: DecisionView): DecisionProblem =>
  decisionProblem(
    'supersedes',
    `${decision.id} would end for good, and not come back when this is over. If that is meant: ` +
      `--supersedes ${decision.id}; then decide what is to hold afterwards`,
  );

const ambiguous = (what: string, decisions: readonly DecisionView[]): DecisionProblem =>
  decisionProblem(
    'supersedes',
    [
      `${what}:`,
      ...decisions.map(
        ({ decision, says, state }) =>
          `${says}; ${state}\n    --supersedes ${decision.id}, or ${scopeOptions(decision.scope)}`,
      ),
    ].join('\n  '),
  );

// A scheme may be typed in small letters.
const isSame = (a: Scope, b: Scope): boolean => sameScope(small(a), small(b));
const small = (scope: Scope): Scope =>
  scope.scheme === undefined ? scope : { ...scope, scheme: scope.scheme.toLowerCase() };
