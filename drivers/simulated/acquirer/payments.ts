import { toHex } from '#bytes/hex.ts';
import { binary, type Message } from '#iso8583/index.ts';
import { checkCard, isRefund, standInOf } from './cryptogram-check.ts';
import type { Identity, PaymentEntry, PaymentKind } from './entries.ts';
import type { HostParts } from './host-parts.ts';
import { problemOfParts } from './parts-of-amount.ts';
import {
  APPROVALS,
  aboutPayment,
  authorisationCode,
  field,
  identityOf,
  key,
  recordedAnswer,
  refusal,
} from './request.ts';
import { type Rule, ruleFor } from './rules.ts';

/** How one class of payment message is decided, when it is not in the books yet. */
export type Decide = (request: Message, identity: Identity, parts: HostParts) => PaymentEntry;

/**
 * Answers a 01xx or 02xx: from the books when it is there already, else it is decided and booked.
 * 94 when another payment has the same terminal, STAN and DE 7; that one is not booked.
 */
export const answerPayment = async (
  request: Message,
  parts: HostParts,
  decide: Decide,
): Promise<Message> => {
  const { ledger, log } = parts;
  const identity = identityOf(request);
  if (identity === undefined) return refusal(request, '30');
  const known = ledger.find(key(identity));
  if (known !== undefined && !isSame(request, known, parts)) {
    log.warn({ stan: identity.stan }, 'another payment has this identity');
    return refusal(request, '94');
  }
  const entry = known ?? decide(request, identity, parts);
  if (known === undefined) await ledger.append(entry);
  const { type, kind, stan, responseCode, arqcVerified, why } = entry;
  const again = known !== undefined;
  log.info({ type, kind, stan, responseCode, arqcVerified, why, again }, 'payment');
  return recordedAnswer(request, entry);
};

/** Decides a 0100 or 0200: payment, refund or pre-authorisation. */
export const decideRequest: Decide = (request, identity, parts) => {
  const about = {
    type: typeOf(request),
    kind: kindOf(request),
    ...aboutPayment(request, identity, parts),
  } as const;
  const refused = (responseCode: string, why: string): PaymentEntry => ({
    ...about,
    approvedMinor: 0,
    responseCode,
    arqcVerified: false,
    why,
  });
  // The reversal overtook its original: it is off the books before it is on them.
  if (parts.ledger.reversalOf(key(identity)) !== undefined)
    return refused('79', 'already reversed');
  const problem = problemOf(request);
  if (problem !== undefined) return refused(problem.code, problem.why);
  const rule = ruleFor(parts.rules, {
    amountMinor: about.amountMinor,
    currency: about.currency,
    pan: field(request, 2),
    processing: field(request, 3),
  });
  // A refund needs no card that answers; every other payment does.
  if (isRefund(request) && binary(request, 55) === undefined) {
    return { ...about, ...outcome(rule, request, about, parts), arqcVerified: false };
  }
  const card = checkCard(request, about.token, parts);
  if (!card.ok) return refused(card.responseCode, card.why);
  const decided = outcome(rule, request, about, parts);
  const arpc = card.arpc(decided.responseCode);
  return {
    ...about,
    ...decided,
    arqcVerified: true,
    cvn: card.cvn,
    ...standInOf(card),
    atc: card.atc,
    ...(arpc === undefined ? {} : { issuerAuthenticationData: toHex(arpc) }),
    ...(rule?.scripts === undefined ? {} : { issuerScripts: rule.scripts }),
  };
};

/** DE 3: 00 goods, 01 cash, 09 goods with cashback, 20 refund. DE 4 and 49 are always needed. */
export const problemOf = (
  request: Message,
): { readonly code: string; readonly why: string } | undefined => {
  const kind = field(request, 3).slice(0, 2);
  if (!['00', '01', '09', '20'].includes(kind)) return { code: '12', why: `DE 3 ${kind}` };
  if (field(request, 4) === '') return { code: '30', why: 'DE 4 is missing' };
  if (field(request, 49) === '') return { code: '30', why: 'DE 49 is missing' };
  if (kind === '20' && isPreAuthorisation(request))
    return { code: '12', why: 'a refund is no hold' };
  return problemOfParts(request);
};

export const typeOf = (request: Message): PaymentEntry['type'] => {
  if (request.mti.charAt(2) === '2') return 'advice';
  return request.mti.charAt(1) === '1' ? 'authorisation' : 'financial';
};

const kindOf = (request: Message): PaymentKind => {
  if (isRefund(request)) return 'refund';
  return isPreAuthorisation(request) ? 'preAuthorisation' : 'purchase';
};

// ISO 8583:1987 DE 25 06: pre-authorised request. A 0200 moves money and holds none.
const isPreAuthorisation = (request: Message): boolean =>
  request.mti.charAt(1) === '1' && field(request, 25) === '06';

const outcome = (
  rule: Rule | undefined,
  request: Message,
  { amountMinor, at }: { readonly amountMinor: number; readonly at: string },
  parts: HostParts,
) => {
  const responseCode = rule?.answer ?? '00';
  if (!APPROVALS.has(responseCode)) return { responseCode, approvedMinor: 0 };
  const part = Math.max(1, Math.floor((amountMinor * (rule?.percent ?? 50)) / 100));
  const until = new Date(Date.parse(at) + parts.profile.holdMs).toISOString();
  return {
    responseCode,
    approvedMinor: responseCode === '10' ? part : amountMinor,
    authorisationCode: authorisationCode(parts),
    ...(kindOf(request) === 'preAuthorisation' ? { heldUntil: until } : {}),
  };
};

// The same bytes can't be asked for: a repeat has another MTI, and may come without account data.
const isSame = (request: Message, entry: PaymentEntry, parts: HostParts): boolean => {
  const { amountMinor, currency, token, rrn } = aboutPayment(request, entry, parts);
  return (
    entry.type === typeOf(request) &&
    entry.amountMinor === amountMinor &&
    entry.currency === currency &&
    entry.rrn === rrn &&
    (token === '' || entry.token === token)
  );
};
