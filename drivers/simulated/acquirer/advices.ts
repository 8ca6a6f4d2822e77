import { binary, type Message, text } from '#iso8583/index.ts';
import { checkCard, isRefund, standInOf } from './cryptogram-check.ts';
import type { PaymentEntry } from './entries.ts';
import type { HostParts } from './host-parts.ts';
import { type Decide, problemOf } from './payments.ts';
import { APPROVALS, aboutPayment, authorisationCode, field, key, originalOf } from './request.ts';
import { ruleFor } from './rules.ts';

/**
 * Decides a 0120 or 0220: what a terminal approved or declined without us, or the completion of a
 * pre-authorisation when DE 90, or DE 37 with DE 38, refers to one.
 */
export const decideAdvice: Decide = (request, identity, parts) => {
  const { ledger } = parts;
  const about: About = {
    type: 'advice',
    kind: isRefund(request) ? 'refund' : 'purchase',
    ...aboutPayment(request, identity, parts),
  };
  if (ledger.reversalOf(key(identity)) !== undefined) {
    return refused(about, '79', 'already reversed');
  }
  const problem = problemOf(request);
  if (problem !== undefined) return refused(about, problem.code, problem.why);
  const original = originalOf(request);
  if (original !== undefined) return complete(request, about, ledger.find(key(original)), parts);
  const hold = ledger.preAuthorisation(identity.terminal, about.rrn);
  if (hold !== undefined && hold.authorisationCode === text(request, 38)) {
    return complete(request, about, hold, parts);
  }
  return offline(request, about, parts);
};

type About = Omit<PaymentEntry, 'approvedMinor' | 'responseCode' | 'arqcVerified'>;

const refused = (about: About, responseCode: string, why: string): PaymentEntry => ({
  ...about,
  approvedMinor: 0,
  responseCode,
  arqcVerified: false,
  why,
});

const complete = (
  request: Message,
  about: About,
  hold: PaymentEntry | undefined,
  parts: HostParts,
): PaymentEntry => {
  const completion = { ...about, kind: 'completion' } as const;
  if (hold === undefined) return refused(completion, '25', 'the pre-authorisation is not known');
  const problem = obstacle(request, about, hold, parts);
  if (problem !== undefined) return refused(completion, problem.code, problem.why);
  return {
    ...completion,
    // The card was seen when the hold was made; a completion may come without its number.
    pan: hold.pan,
    token: hold.token,
    approvedMinor: about.amountMinor,
    responseCode: '00',
    authorisationCode: hold.authorisationCode ?? authorisationCode(parts),
    arqcVerified: false,
    completes: key(hold),
  };
};

/** Why this can't complete that hold, and DE 39 for it. */
const obstacle = (
  request: Message,
  { amountMinor, currency, token }: About,
  hold: PaymentEntry,
  { ledger, profile, wallMs }: HostParts,
): { readonly code: string; readonly why: string } | undefined => {
  const no = (code: string, why: string) => ({ code, why });
  const id = key(hold);
  if (hold.kind !== 'preAuthorisation') return no('12', 'the original is no pre-authorisation');
  if (hold.approvedMinor === 0) return no('12', 'the pre-authorisation was not approved');
  if (ledger.completionOf(id) !== undefined) return no('12', 'completed before');
  if (ledger.reversalOf(id) !== undefined) return no('79', 'the pre-authorisation was reversed');
  if (wallMs() >= Date.parse(hold.heldUntil ?? '')) return no('25', 'the hold has run out');
  const code = text(request, 38);
  if (code !== undefined && code !== hold.authorisationCode) return no('77', 'DE 38 is another');
  if (currency !== hold.currency) return no('77', 'DE 49 is another');
  if (token !== '' && token !== hold.token) return no('77', 'DE 2 is another card');
  const most = (ledger.standingMinor(id) * (100 + profile.completionOverPercent)) / 100;
  return amountMinor > most ? no('13', 'more than was held') : undefined;
};

/** What was decided without us. It is only refused when it can't be what it says, or by a rule. */
const offline = (request: Message, about: About, parts: HostParts): PaymentEntry => {
  const decision = field(request, 39);
  if (decision !== '' && !OFFLINE_APPROVALS.has(decision)) {
    const why = `declined by the terminal with ${decision}`;
    return { ...about, approvedMinor: 0, responseCode: '00', arqcVerified: false, why };
  }
  const { amountMinor, currency } = about;
  const rule = ruleFor(parts.rules, {
    amountMinor,
    currency,
    pan: field(request, 2),
    processing: field(request, 3),
    messages: 'advices',
  });
  const responseCode = rule?.answer ?? '00';
  const approved = APPROVALS.has(responseCode);
  const decided = {
    ...about,
    // Nothing can be approved in part that was given already.
    responseCode: approved ? '00' : responseCode,
    approvedMinor: approved ? amountMinor : 0,
    ...(approved ? { authorisationCode: text(request, 38) ?? authorisationCode(parts) } : {}),
  };
  if (binary(request, 55) === undefined) {
    // A refund, or a payment that was approved by voice and carries that code.
    return isRefund(request) || text(request, 38) !== undefined
      ? { ...decided, arqcVerified: false }
      : refused(about, '30', 'neither DE 55 nor DE 38');
  }
  const card = checkCard(request, about.token, parts);
  if (!card.ok) return refused(about, card.responseCode, card.why);
  return { ...decided, arqcVerified: true, cvn: card.cvn, ...standInOf(card), atc: card.atc };
};

// Y1: approved offline; Y3: unable to go online, approved offline (EMV Book 4 annex A6).
const OFFLINE_APPROVALS: ReadonlySet<string> = new Set([...APPROVALS, 'Y1', 'Y3']);
