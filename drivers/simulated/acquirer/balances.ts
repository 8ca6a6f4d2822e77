import { type FieldValue, type Message, text } from '#iso8583/index.ts';
import { checkCard } from './cryptogram-check.ts';
import type { HostParts } from './host-parts.ts';
import { APPROVALS, answerTo, field, identityOf, refusal } from './request.ts';
import { ruleFor } from './rules.ts';

/** DE 3 30 (available funds inquiry) or 31 (balance inquiry). ISO 8583:1987 */
export const isBalanceInquiry = (request: Message): boolean => /^3[01]/.test(field(request, 3));

/**
 * Tells what is on a card's account, in the currency of the request: DE 54 with the ledger's
 * balance (amount type 01) and the available one (02), which is less by what is held. Nothing is
 * booked for it, and asked again it is found out anew. 13: about an amount; 40: of an account that
 * the card has not.
 */
export const answerBalanceInquiry = async (
  request: Message,
  parts: HostParts,
): Promise<Message> => {
  const identity = identityOf(request);
  const decided = identity === undefined ? '30' : decide(request, parts);
  const responseCode = typeof decided === 'string' ? decided : '00';
  // No amount: the log is read by others than the cardholder.
  parts.log.info({ stan: identity?.stan, responseCode }, 'balance inquiry');
  return typeof decided === 'string' ? refusal(request, decided) : answerTo(request, decided);
};

const decide = (request: Message, parts: HostParts): string | ReadonlyMap<number, FieldValue> => {
  const { ledger, rules, wallMs } = parts;
  if (Number(field(request, 4)) !== 0) return '13';
  if (!/^\d{3}$/.test(field(request, 49))) return '30';
  if (!ACCOUNTS.has(field(request, 3).slice(2, 4))) return '40';
  const pan = field(request, 2);
  const token = pan === '' ? '' : ledger.token(pan);
  const card = checkCard(request, token, parts);
  if (!card.ok) return card.responseCode;
  const currency = field(request, 49);
  const rule = ruleFor(rules, { amountMinor: 0, currency, pan, processing: field(request, 3) });
  const code = rule?.answer ?? '00';
  if (!APPROVALS.has(code)) return code;
  const { bookedMinor, heldMinor } = ledger.account(token, currency, wallMs());
  const ledgerMinor = openingMinor(currency, parts) - bookedMinor;
  const arpc = card.arpc(code);
  return new Map<number, FieldValue>([
    [39, code],
    [54, group(request, '01', ledgerMinor) + group(request, '02', ledgerMinor - heldMinor)],
    ...(arpc === undefined ? [] : [[55, Uint8Array.of(0x91, arpc.length, ...arpc)] as const]),
  ]);
};

// The default account, a savings account and a cheque account are one here; there is no credit.
const ACCOUNTS: ReadonlySet<string> = new Set(['00', '10', '20']);

const openingMinor = (currency: string, { rules, profile }: HostParts): number =>
  profile.openingBalance * 10 ** (rules.exponents[currency] ?? 2);

const group = (request: Message, type: string, minor: number): string => {
  const account = field(request, 3).slice(2, 4);
  const amount = Math.abs(minor).toString().padStart(12, '0');
  return `${account}${type}${text(request, 49)}${minor < 0 ? 'D' : 'C'}${amount}`;
};
