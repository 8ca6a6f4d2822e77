import type { Message } from '#iso8583/index.ts';
import type { Identity, PaymentEntry, ReversalEntry } from './entries.ts';
import type { HostParts } from './host-parts.ts';
import { aboutPayment, field, identityOf, key, originalOf, refusal } from './request.ts';

/**
 * Answers a 0400 or 0420: of a payment that nobody got an answer to, a void, or, with DE 95, of a
 * part. 25: the original is not known, which is remembered, and it is refused when it comes. 79:
 * another reversal took it off before. 77: not what the original says. 13: DE 95 is more than there
 * is. 21: a completion stands on it.
 */
export const answerReversal = async (request: Message, parts: HostParts): Promise<Message> => {
  const { ledger, log } = parts;
  const own = identityOf(request);
  const original = originalOf(request);
  if (own === undefined || original === undefined) return refusal(request, '30');
  const known = ledger.reversal(key(own));
  if (known !== undefined && !isSame(request, known, original)) {
    log.warn({ stan: own.stan }, 'another reversal has this identity');
    return refusal(request, '94');
  }
  const entry = known ?? decide(request, own, original, parts);
  if (known === undefined) await ledger.append(entry);
  const { stan, found, takenMinor, reason, responseCode } = entry;
  const again = known !== undefined;
  log.info({ stan, found, takenMinor, reason, responseCode, again }, 'reversal');
  return refusal(request, responseCode);
};

const isSame = (request: Message, known: ReversalEntry, original: Identity): boolean =>
  key(known) === key(original) && known.replacementMinor === amountLeft(request);

/** DE 39 of a reversal that changes nothing. */
const obstacle = (request: Message, original: Identity, parts: HostParts): string | undefined => {
  const { ledger } = parts;
  const id = key(original);
  const earlier = ledger.reversalOf(id);
  if (earlier !== undefined) return earlier.found ? '79' : '25';
  const payment = ledger.find(id);
  if (payment === undefined) return undefined;
  if (!isOf(request, payment, parts)) return '77';
  if (ledger.completionOf(id) !== undefined) return '21';
  const replacement = replacementOf(request);
  if (replacement === 'malformed') return '30';
  return replacement !== undefined && replacement > ledger.standingMinor(id) ? '13' : undefined;
};

const decide = (
  request: Message,
  own: Identity,
  original: Identity,
  parts: HostParts,
): ReversalEntry => {
  const { ledger, wallMs } = parts;
  const id = key(original);
  const found = ledger.find(id) !== undefined;
  const problem = obstacle(request, original, parts);
  const left = amountLeft(request);
  return {
    type: 'reversal',
    at: new Date(wallMs()).toISOString(),
    ...original,
    own: { stan: own.stan, transmitted: own.transmitted },
    rrn: field(request, 37),
    reason: field(request, 39),
    found,
    responseCode: problem ?? (found ? '00' : '25'),
    takenMinor: found && problem === undefined ? ledger.standingMinor(id) - (left ?? 0) : 0,
    ...(left === undefined ? {} : { replacementMinor: left }),
  };
};

const amountLeft = (request: Message): number | undefined => {
  const left = replacementOf(request);
  return left === 'malformed' ? undefined : left;
};

/** DE 95: actual amount 12, settlement 12, fees 9 and 9. Undefined when the whole is reversed. */
const replacementOf = (request: Message): number | undefined | 'malformed' => {
  const value = field(request, 95);
  if (value === '') return undefined;
  return /^\d{24}[\dCD]\d{8}[\dCD]\d{8}$/.test(value) ? Number(value.slice(0, 12)) : 'malformed';
};

// DE 4 may be what was asked for or what was approved of it.
const isOf = (request: Message, payment: PaymentEntry, parts: HostParts): boolean => {
  const { amountMinor, currency, token } = aboutPayment(request, payment, parts);
  return (
    (amountMinor === payment.amountMinor || amountMinor === payment.approvedMinor) &&
    (currency === '' || currency === payment.currency) &&
    (token === '' || token === payment.token)
  );
};
