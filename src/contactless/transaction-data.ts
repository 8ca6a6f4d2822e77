import { toBcd } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import type { DataMap, Transaction } from '#kernels/shared/kernel.ts';

/**
 * The transaction's own data elements, for every DOL that asks.
 * @param time local time as YYMMDDhhmmss
 */
export const transactionData = (
  transaction: Transaction,
  time: string,
  sequenceCounter: number,
): DataMap =>
  new Map([
    [tag.transactionDate, toBcd(Number(time.slice(0, 6)), 3)],
    [tag.transactionTime, toBcd(Number(time.slice(6)), 3)],
    [tag.transactionSequenceCounter, toBcd(sequenceCounter, 4)],
    [tag.transactionType, Uint8Array.of(transaction.type)],
    [tag.amountAuthorisedNumeric, toBcd(transaction.amountAuthorised, 6)],
    [tag.amountOtherNumeric, toBcd(transaction.amountOther, 6)],
    [tag.transactionCurrencyCode, toBcd(transaction.currency, 2)],
  ]);

/**
 * "2026-01-31T12:00:00Z" as YYMMDDhhmmss: the digits as they stand, without zone conversion.
 * Undefined for what is no date and time.
 */
export const clockDigits = (text: string): string | undefined => {
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hours = '', minutes = '', seconds = ''] = match;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const exists =
    inside(month, 1, 12) && inside(day, 1, days) && inside(hours, 0, 23) && inside(minutes, 0, 59);
  if (!exists || !inside(seconds, 0, 59)) return undefined;
  return year.slice(2) + month + day + hours + minutes + seconds;
};

const CLOCK = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?$/;

const inside = (digits: string, least: number, most: number): boolean =>
  Number(digits) >= least && Number(digits) <= most;
