import {
  type Beginning,
  beginningToJson,
  type Decision,
  type DecisionProblem,
  decisionToJson,
  isDecisionProblem,
  type Known,
  numberOfBeginning,
  type Person,
  parseDecision,
} from '#acceptance/index.ts';
import type { JsonObject } from '#ports/journal.ts';
import type { Reading } from './reading.ts';

/** A decision that may be written, and the entries that it takes. */
export interface Draft {
  readonly decision: Decision;
  readonly entries: readonly JsonObject[];
}

export const draftOf = (
  request: unknown,
  by: Person,
  known: Known,
  { last }: Reading,
): Draft | DecisionProblem => {
  const number = last + 1;
  const decision = parseDecision(request, known, { id: `D${number}`, number, by });
  if (isDecisionProblem(decision)) return decision;
  return { decision, entries: [decisionToJson(decision)] };
};

/**
 * The beginning of a new register with its first decision. Where switching on needs two people, so
 * does this, whatever is decided: while the register can't be read all is off.
 */
export const draftOfBeginning = (
  request: unknown,
  by: Person,
  known: Known,
  { entries, unreadable = '' }: Pick<Reading, 'entries' | 'unreadable'>,
): Draft | DecisionProblem => {
  const number = numberOfBeginning(entries.map(({ data }) => data));
  const made = { id: `D${number + 1}`, number: number + 1, by };
  const parsed = parseDecision(request, { ...known, decisions: [] }, made);
  if (isDecisionProblem(parsed)) return parsed;
  const beginning: Beginning = {
    by,
    atMs: known.now.wallMs,
    number,
    reason: parsed.reason.text,
    unreadable: plain(unreadable),
  };
  const approval = known.approval.on ? 'needed' : parsed.approval;
  const decision: Decision = { ...parsed, approval, beginning };
  return { decision, entries: [beginningToJson(beginning), decisionToJson(decision)] };
};

// What was wrong may hold anything; the register takes no control characters.
const plain = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\u202a-\u202e]+/gu, ' ')
    .trim()
    .slice(0, 1000)
    .trimEnd() || 'unknown';
