import { countsSince, type Decision } from './decision.ts';
import { type FactName, type Facts, inOrder } from './facts.ts';
import { inForce } from './in-force.ts';
import { compareDecisions, type Rule, ruleBetween } from './rank.ts';
import { scopeHolds } from './scope.ts';
import type { Moment } from './zone.ts';

export interface Verdict {
  /**
   * "yes" and "no" stay, whatever else comes to be known of this payment. "open" must not reach a
   * cryptogram: read on, for what `needs` names, and refuse when there is no more to read.
   */
  readonly accepted: 'yes' | 'no' | 'open';
  /** What decided; absent when open, and when no decision applies: then all is taken. */
  readonly by?: Decision;
  /** What may apply, what decides, what is beaten: each of them latest first. */
  readonly why: readonly Reason[];
  /** What would settle it, in the order in which a payment tells it. */
  readonly needs: readonly FactName[];
}

export interface Reason {
  readonly decision: Decision;
  readonly standing: 'decides' | 'beaten' | 'open';
  /** By which rule a beaten one gives way. */
  readonly rule?: Rule;
  /** What must be known to tell whether an open one applies. */
  readonly needs: readonly FactName[];
}

/** What is taken, by all decisions there are, of a payment of which so much is known, now. */
export const verdict = (decisions: readonly Decision[], facts: Facts, now: Moment): Verdict =>
  judge(inForce(decisions, now), facts);

/**
 * The same with the decisions in force already picked out: one moment of the clock for the whole
 * of a tap.
 */
export const judge = (standing: readonly Decision[], facts: Facts): Verdict => {
  const applying: Decision[] = [];
  const possible: Reason[] = [];
  let top: Decision | undefined;
  for (const decision of standing) {
    const { truth, needs } = scopeHolds(decision.scope, facts);
    if (truth === 'open') possible.push({ decision, standing: 'open', needs });
    // What can't be told counts against the payment: an off applies, an on does not.
    if (truth !== 'yes' && !(truth === 'untold' && decision.action === 'off')) continue;
    applying.push(decision);
    if (top === undefined || compareDecisions(decision, top) > 0) top = decision;
  }
  return conclude(top, applying, rivals(possible, top));
};

/**
 * The verdict of a terminal that can't read its decisions: nothing is taken, as nobody knows what
 * was decided.
 */
export const UNREADABLE: Verdict = { accepted: 'no', why: [], needs: [] };

/**
 * Those that may apply and could then change the answer: stronger than what applies for certain,
 * and either against it or in the way of one that is.
 */
const rivals = (possible: readonly Reason[], top: Decision | undefined): Reason[] => {
  const action = top?.action ?? 'on';
  let weakest: Decision | undefined;
  for (const { decision } of possible) {
    if (decision.action === action) continue;
    if (top !== undefined && compareDecisions(decision, top) < 0) continue;
    if (weakest === undefined || compareDecisions(decision, weakest) < 0) weakest = decision;
  }
  if (weakest === undefined) return [];
  const bar = weakest;
  return possible
    .filter(({ decision }) => compareDecisions(decision, bar) >= 0)
    .sort((a, b) => latestFirst(a.decision, b.decision));
};

const latestFirst = (a: Decision, b: Decision): number =>
  countsSince(b) - countsSince(a) || (a.id < b.id ? -1 : 1);

const conclude = (
  top: Decision | undefined,
  applying: readonly Decision[],
  open: readonly Reason[],
): Verdict => {
  const others = applying.filter((decision) => decision !== top).sort(latestFirst);
  const why = [...open];
  if (top !== undefined) why.push({ decision: top, standing: 'decides', needs: [] });
  for (const decision of others) {
    const rule = top === undefined ? 'same' : ruleBetween(top, decision);
    why.push({ decision, standing: 'beaten', rule, needs: [] });
  }
  if (open.length > 0) {
    return { accepted: 'open', why, needs: inOrder(open.flatMap(({ needs }) => needs)) };
  }
  const accepted = top?.action === 'off' ? 'no' : 'yes';
  return { accepted, ...(top === undefined ? {} : { by: top }), why, needs: [] };
};
