import { toBcd } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import type { DataMap, Transaction } from '#kernels/shared/kernel.ts';

/** Local time as YYMMDDhhmmss, for 9A and 9F21. @param wallMs milliseconds since 1970 UTC */
export const localTime = (wallMs: number): string => {
  const date = new Date(wallMs);
  const parts = [
    date.getFullYear() % 100,
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ];
  return parts.map((part) => part.toString().padStart(2, '0')).join('');
};

/** The transaction's own data elements, for every DOL that asks. */
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
