import type { Decision } from './decision.ts';
import { FACTS, type FactName, type Facts } from './facts.ts';
import { hoursText } from './hours.ts';
import { decidedMs, inForce, nextChange } from './in-force.ts';
import { type Rule, ruleBetween } from './rank.ts';
import { amountText, firstDifference, scopeHolds, scopeText } from './scope.ts';
import { judge, type Reason, type Verdict } from './verdict.ts';
import { localText, type Moment } from './zone.ts';

/**
 * Why a payment is taken or not, in sentences for a person: the answer, what decided it and by
 * which rule, what gave way, what is still open, what is in force but speaks of other payments,
 * and when this may change by itself. Holds no digit of the card.
 */
export const explain = (decisions: readonly Decision[], facts: Facts, now: Moment): string[] => {
  const standing = inForce(decisions, now);
  const result = judge(standing, facts);
  const change = nextChange(decisions, now);
  return [
    answer(result, facts),
    ...result.why.map((reason) => sentence(reason, result, now)),
    ...standing.filter((one) => isElsewhere(one, facts)).map((one) => elsewhere(one, now)),
    change === undefined
      ? 'No decision begins or ends by itself.'
      : `This may change by itself at ${localText(change, now.zone)}.`,
  ];
};

/**
 * "D7 switches off contactless, phones and watches until 2026-11-22 18:00 (Ann, manager,
 * 2026-11-22 10:00; commercial: fees)"
 */
export const decisionText = (decision: Decision, { zone }: Moment): string => {
  const { id, action, scope, by, approved, reason, fromMs, untilMs, hours } = decision;
  const when = [
    fromMs === undefined ? '' : ` from ${localText(fromMs, zone)}`,
    untilMs === undefined ? '' : ` until ${localText(untilMs, zone)}`,
    hours === undefined ? '' : ` within ${hoursText(hours)}`,
  ].join('');
  const agreed = approved === undefined ? '' : `, approved by ${approved.by.person}`;
  const who = `${by.person}, ${by.role}${agreed}, ${localText(decidedMs(decision), zone)}`;
  const why = `${reason.category}: ${reason.text}`;
  return `${id} switches ${action} ${scopeText(scope)}${when} (${who}; ${why})`;
};

const answer = ({ accepted, needs }: Verdict, facts: Facts): string => {
  const what = `${subject(facts)}:`;
  if (accepted === 'open') return `${what} not settled before we know ${list(needs)}.`;
  return `${what} ${accepted === 'yes' ? 'taken' : 'refused'}.`;
};

const subject = ({ method, wallet, device, scheme, amount, lane }: Facts): string => {
  const code = `A QR code${typeof wallet === 'string' ? ` of ${wallet}` : ''}`;
  const parts = [
    method === 'qr' ? code : CARDS[device ?? 'untold'],
    scheme === undefined ? '' : ` (${scheme})`,
    amount === undefined ? '' : ` of ${amountText(amount)}`,
    lane === undefined ? '' : ` at lane ${lane}`,
  ];
  return parts.join('');
};

const CARDS = {
  phone: 'A phone or watch',
  plastic: 'A plastic card',
  untold: 'A contactless payment',
} as const;

const sentence = (reason: Reason, { by, why }: Verdict, now: Moment): string => {
  const { decision, standing, needs } = reason;
  const said = decisionText(decision, now);
  if (standing === 'decides') return `${by === undefined ? 'Applies' : 'Decides'}: ${said}.`;
  if (standing === 'open') return `May apply, depending on ${list(needs)}: ${said}.`;
  const winner = why.find((one) => one.standing === 'decides')?.decision;
  const rule = winner === undefined ? '' : ` to ${winner.id}: ${because(winner, decision)}`;
  return `Applies but gives way${rule}. ${said}.`;
};

const because = (winner: Decision, loser: Decision): string => {
  const rule = ruleBetween(winner, loser);
  if (rule !== 'narrower') return RULES[rule];
  const part = firstDifference(winner.scope, loser.scope);
  if (part === undefined) return RULES.later;
  const absent = part.narrowness(loser.scope) === 0;
  return `${RULES.narrower} (${part.title}: ${absent ? 'only it names one' : 'it takes in less'})`;
};

const RULES: Readonly<Record<Rule, string>> = {
  narrower: 'that one is narrower',
  later: 'equally narrow, that one is later',
  offBeatsOn: 'equally narrow and equally late, off beats on',
  same: 'both say the same',
};

const isElsewhere = ({ scope, action }: Decision, facts: Facts): boolean => {
  const { truth } = scopeHolds(scope, facts);
  return truth === 'no' || (truth === 'untold' && action === 'on');
};

const elsewhere = (decision: Decision, now: Moment): string =>
  `In force, but not for this payment: ${decisionText(decision, now)}.`;

const list = (needs: readonly FactName[]): string => {
  const titles = needs.map((name) => FACTS[name].title);
  const last = titles.pop() ?? 'nothing';
  return titles.length === 0 ? last : `${titles.join(', ')} and ${last}`;
};
