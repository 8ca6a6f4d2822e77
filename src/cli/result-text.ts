import { currencyByCode } from '#data/currencies.ts';
import { type PaymentState, states } from '#payment/states.ts';
import { formatAmount } from '#terminal/format.ts';
import type { SaleResult, SaleStatus } from '#terminal/types.ts';
import { type ExitCode, exit } from './exit.ts';

/**
 * What a command about a payment ends with: 0 only when the money stands, all of it.
 * @param partial whether the caller said that less will do
 */
export const exitOf = (result: SaleResult, partial = false): ExitCode => {
  const { status, repeated } = result;
  const stands = undone(repeated) === undefined && onlyInPart(result, partial) === undefined;
  return status === 'approved' && !stands ? exit.declined : EXITS[status];
};

/** In words, that less was approved than a caller takes for granted who didn't say `partial`. */
export const onlyInPart = (result: SaleResult, partial = false): string | undefined => {
  const { status, approvedMinor, repeated } = result;
  if (partial || status !== 'approved' || approvedMinor === undefined) return undefined;
  if (undone(repeated) !== undefined) return undefined;
  const part = amountWords(result);
  return `only a part was approved: ${part}; --partial takes it, \`void\` gives it back`;
};

/** A result in words, for a person: what came of it, and what is to be done now. */
export const describeResult = (result: SaleResult): string => {
  const lines: [string, string | undefined][] = [
    [headOf(result), `${amountWords(result)}, ${result.reason}`],
    ['of which', partWords(result)],
    ['asked again', beforeWords(result)],
    ['left to pay', leftWords(result)],
    ['cashier', result.restriction?.cashier ?? (result.cashier && CASHIER[result.cashier])],
    ['offer', result.restriction?.alternatives.join(', ') || undefined],
    ['try again', result.retry && RETRY[result.retry]],
    ['card', [result.scheme, result.maskedPan].filter(Boolean).join(' ') || undefined],
    ['wallet', walletWords(result)],
    ['discount', discountWords(result)],
    ['notes', result.notes?.join('; ')],
    ['cardholder', result.cvm],
    ['host', hostWords(result)],
    ['tap', tapWords(result)],
    ['transaction', [result.transactionId, tillWords(result)].filter(Boolean).join(', ')],
  ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(12)} ${value}`)
    .join('\n');
};

/** "$12.50 USD". */
export const moneyWords = (amountMinor: number, code: string): string => {
  const currency = currencyByCode(code)?.numeric ?? 0;
  return `${formatAmount({ amountMinor, currency }, 'en')} ${code}`;
};

const EXITS: Readonly<Record<SaleStatus, ExitCode>> = {
  approved: exit.approved,
  declined: exit.declined,
  cancelled: exit.cancelledOrTimedOut,
  timedOut: exit.cancelledOrTimedOut,
  busy: exit.error,
  error: exit.error,
};

// What was approved at the time and is no payment any more.
const undone = (since: PaymentState | undefined): string | undefined => {
  if (since === 'reversing' || since === 'reversed') return 'Taken back';
  return since === 'refusedLater' || since === 'writtenOff' ? 'Refused' : undefined;
};

const headOf = ({ status, kind, repeated }: SaleResult): string =>
  status === 'approved' ? (undone(repeated) ?? DONE[kind ?? 'purchase']) : WORDS[status];

const DONE = {
  purchase: 'Approved',
  refund: 'Refunded',
  preAuthorisation: 'Held',
  completion: 'Collected',
} as const;

const WORDS: Readonly<Record<Exclude<SaleStatus, 'approved'>, string>> = {
  declined: 'Declined',
  cancelled: 'Cancelled',
  timedOut: 'Timed out',
  busy: 'Busy',
  error: 'Error',
};

const walletWords = ({ wallet }: SaleResult): string | undefined =>
  wallet &&
  [
    wallet.title ?? wallet.name,
    WAYS[wallet.way],
    wallet.reference && `reference ${wallet.reference}`,
    wallet.payer,
  ]
    .filter(Boolean)
    .join(', ');

const WAYS = {
  shopperCode: "the shopper's code",
  shopCode: 'our code',
  typed: 'typed digits',
} as const;

const discountWords = ({ amountMinor, discountMinor, currency }: SaleResult) =>
  discountMinor === undefined
    ? undefined
    : `${moneyWords(discountMinor, currency)}; the shopper paid ${moneyWords(
        amountMinor - discountMinor,
        currency,
      )}`;

const amountWords = ({ amountMinor, approvedMinor, currency }: SaleResult): string => {
  const asked = moneyWords(amountMinor, currency);
  return approvedMinor === undefined ? asked : `${moneyWords(approvedMinor, currency)} of ${asked}`;
};

const partWords = (result: SaleResult): string | undefined => {
  const { tipMinor, cashBackMinor, surchargeMinor, currency } = result;
  const parts = [
    ['tip', tipMinor],
    ['cashback', cashBackMinor],
    ['surcharge', surchargeMinor],
  ] as const;
  const words = parts.flatMap(([name, minor]) =>
    minor === undefined ? [] : [`${name} ${moneyWords(minor, currency)}`],
  );
  return words.join(', ') || undefined;
};

const leftWords = (result: SaleResult): string | undefined => {
  const { amountMinor, approvedMinor, currency } = result;
  if (approvedMinor === undefined || undone(result.repeated) !== undefined) return undefined;
  return moneyWords(amountMinor - approvedMinor, currency);
};

const beforeWords = ({ repeated }: SaleResult): string | undefined =>
  repeated && `nothing was taken twice; now: ${states[repeated].meaning}`;

const CASHIER: Readonly<Record<NonNullable<SaleResult['cashier']>, string>> = {
  callIssuer: 'call the issuer',
  keepCard: 'keep the card if it is safe to do so',
  checkIdentity: "check the customer's identity",
};

const RETRY: Readonly<Record<NonNullable<SaleResult['retry']>, string>> = {
  never: 'no: the issuer has spoken',
  otherCard: 'with another card',
  insert: 'with the same card, inserted',
  pin: 'with the PIN',
  later: 'later: the host or the issuer is out of order',
  afterCall: "after the call, with the issuer's code",
};

const hostWords = (result: SaleResult): string | undefined => {
  const { responseCode, authorisationCode, retrievalReference, offline, repeated } = result;
  if (offline !== undefined && (repeated ?? 'queued') === 'queued') return OFFLINE[offline];
  if (responseCode === undefined) return undefined;
  const words = [
    `response ${responseCode}`,
    authorisationCode && `authorisation ${authorisationCode}`,
    retrievalReference && `reference ${retrievalReference}`,
  ];
  return words.filter(Boolean).join(', ');
};

const OFFLINE: Readonly<Record<NonNullable<SaleResult['offline']>, string>> = {
  kernel: 'approved without the host; will be forwarded',
  deferred: 'approved without the host; will be forwarded, and may be refused then',
  completion: 'will be told',
};

const tapWords = ({ tap }: SaleResult): string | undefined =>
  tap && `${tap.totalMs} ms, of which card and reader ${tap.cardMs} ms, terminal ${tap.ownMs} ms`;

const tillWords = ({ tillId }: SaleResult): string | undefined => tillId && `the till's ${tillId}`;
