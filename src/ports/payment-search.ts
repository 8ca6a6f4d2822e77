import type { PaymentRow } from './journal.ts';

/**
 * Whether a text that a person typed means this payment: a part of its id or the till's, a part of
 * the masked account number, or the amount as it is written on a receipt ("12.50" or "1250", what
 * was asked for or what was approved). Upper and lower case are the same.
 */
export const isFound = ({ id, tillId, record }: PaymentRow, text: string): boolean => {
  const wanted = text.trim().toLowerCase();
  const card = record['card'];
  const maskedPan = isObject(card) ? card['maskedPan'] : undefined;
  const minor = minorOf(wanted);
  return (
    wanted !== '' &&
    (id.toLowerCase().includes(wanted) ||
      (tillId?.toLowerCase().includes(wanted) ?? false) ||
      (typeof maskedPan === 'string' && maskedPan.includes(wanted.replaceAll(' ', ''))) ||
      (minor !== undefined && [record['amountMinor'], record['approvedMinor']].includes(minor)))
  );
};

/** Whether it comes behind `before` in a list of the newest first. */
export const isBefore = (
  { startedMs, id }: PaymentRow,
  before: { readonly startedMs: number; readonly id: string },
): boolean => startedMs < before.startedMs || (startedMs === before.startedMs && id < before.id);

// Without its separators an amount is a number of minor units, whatever the currency.
const minorOf = (text: string): number | undefined => {
  const digits = text.replaceAll(/[.,' ]/g, '');
  return /^\d{1,12}$/.test(digits) ? Number(digits) : undefined;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
