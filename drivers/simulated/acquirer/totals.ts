import { type FieldValue, type Message, text } from '#iso8583/index.ts';
import type { PaymentKind, Sum, Totals } from './entries.ts';

const none: Sum = { count: 0, amountMinor: 0 };

export const noTotals: Totals = {
  debits: none,
  debitReversals: none,
  credits: none,
  creditReversals: none,
};

const NAMES = ['debits', 'debitReversals', 'credits', 'creditReversals'] as const;

const plus = (a: Sum, b: Sum): Sum => ({
  count: a.count + b.count,
  amountMinor: a.amountMinor + b.amountMinor,
});

/** Both periods together. */
export const addTotals = (a: Totals, b: Totals): Totals => ({
  debits: plus(a.debits, b.debits),
  debitReversals: plus(a.debitReversals, b.debitReversals),
  credits: plus(a.credits, b.credits),
  creditReversals: plus(a.creditReversals, b.creditReversals),
});

/** What one booking adds; a hold adds nothing. */
export const booking = (kind: PaymentKind, amountMinor: number): Totals => {
  const sum = { count: 1, amountMinor };
  if (kind === 'preAuthorisation') return noTotals;
  return kind === 'refund' ? { ...noTotals, credits: sum } : { ...noTotals, debits: sum };
};

/** What taking so much off a booking adds. `whole`: nothing is left of it. */
export const takingOff = (kind: PaymentKind, amountMinor: number, whole: boolean): Totals => {
  const sum = { count: whole ? 1 : 0, amountMinor };
  if (kind === 'preAuthorisation') return noTotals;
  return kind === 'refund'
    ? { ...noTotals, creditReversals: sum }
    : { ...noTotals, debitReversals: sum };
};

/** Debits less credits, after reversals: what the shop is owed. */
export const netMinor = (totals: Totals): number => {
  const { debits, debitReversals, credits, creditReversals } = totals;
  const standing = debits.amountMinor - debitReversals.amountMinor;
  return standing - (credits.amountMinor - creditReversals.amountMinor);
};

/**
 * Whether both sides mean the same: on each side of the books the payments that stand, their number
 * and their sum. A terminal that never saw an approval can't tell whether it was booked and taken
 * off again or not booked at all, so those two count as the same.
 */
export const agree = (a: Totals, b: Totals): boolean =>
  JSON.stringify(standingOf(a)) === JSON.stringify(standingOf(b));

const standingOf = (totals: Totals) => [
  totals.debits.count - totals.debitReversals.count,
  totals.debits.amountMinor - totals.debitReversals.amountMinor,
  totals.credits.count - totals.creditReversals.count,
  totals.credits.amountMinor - totals.creditReversals.amountMinor,
];

// ISO 8583:1987: number and amount of each, n 10 and n 16.
const FIELDS = {
  credits: [74, 86],
  creditReversals: [75, 87],
  debits: [76, 88],
  debitReversals: [77, 89],
} as const;

/** DE 74 to 77, 86 to 89, and 97: C or D, and the net. C: the shop is credited, or it is zero. */
export const fieldsOfTotals = (totals: Totals): ReadonlyMap<number, FieldValue> => {
  const fields = new Map<number, FieldValue>();
  for (const name of NAMES) {
    const [count, amount] = FIELDS[name];
    fields.set(count, totals[name].count.toString().padStart(10, '0'));
    fields.set(amount, totals[name].amountMinor.toString().padStart(16, '0'));
  }
  const net = netMinor(totals);
  return fields.set(97, `${net < 0 ? 'D' : 'C'}${Math.abs(net).toString().padStart(16, '0')}`);
};

/** What a terminal claims; absent elements are zero. Undefined when DE 97 isn't their net. */
export const totalsOfFields = (message: Message): Totals | undefined => {
  const number = (de: number) => Number(text(message, de) ?? 0);
  const sum = (name: (typeof NAMES)[number]): Sum => {
    const [count, amount] = FIELDS[name];
    return { count: number(count), amountMinor: number(amount) };
  };
  const totals = {
    debits: sum('debits'),
    debitReversals: sum('debitReversals'),
    credits: sum('credits'),
    creditReversals: sum('creditReversals'),
  };
  const net = text(message, 97);
  if (net === undefined) return totals;
  const signed = Number(net.slice(1)) * (net.startsWith('D') ? -1 : 1);
  // Minus zero is zero.
  return signed - netMinor(totals) === 0 ? totals : undefined;
};
