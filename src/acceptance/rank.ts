import { countsSince, type Decision } from './decision.ts';
import { compareScopes } from './scope.ts';

/** Why one decision wins over another that applies to the same payment. */
export type Rule = 'narrower' | 'later' | 'offBeatsOn' | 'same';

/**
 * The rule: the narrower scope wins, then the later decision, and off beats on.
 * @returns greater than 0 when `a` wins
 */
export const compareDecisions = (a: Decision, b: Decision): number => {
  const narrower = compareScopes(a.scope, b.scope);
  if (narrower !== 0) return narrower;
  const later = countsSince(a) - countsSince(b);
  if (later !== 0) return later;
  if (a.action !== b.action) return a.action === 'off' ? 1 : -1;
  // Nothing hangs on it; any fixed order will do.
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
};

/** Which line of the rule told the two apart. */
export const ruleBetween = (a: Decision, b: Decision): Rule => {
  if (compareScopes(a.scope, b.scope) !== 0) return 'narrower';
  if (countsSince(a) !== countsSince(b)) return 'later';
  return a.action === b.action ? 'same' : 'offBeatsOn';
};
