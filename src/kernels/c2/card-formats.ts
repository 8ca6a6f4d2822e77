import { fromBcd } from '#bytes/bcd.ts';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { bytesOf, type Kernel2Run } from './run.ts';

/** The account number (5A): digits without their padding F; undefined if it is anything else. */
export const accountNumber = (run: Kernel2Run): string | undefined => {
  const text = toHex(bytesOf(run, tag.applicationPan));
  let end = text.length;
  while (end > 0 && text[end - 1] === 'F') end -= 1;
  const digits = text.slice(0, end);
  return digits.length > 0 && isDecimal(digits) ? digits : undefined;
};

/**
 * Card data whose format the kernel relies on, before GENERATE AC: what isn't in it is a card data
 * error (C-2 4.5). Only what is used here: real cards carry odd bytes where nobody looks.
 */
export const formatProblem = (run: Kernel2Run): Reason | undefined => {
  if (accountNumber(run) === undefined) return reason('not digits', tag.applicationPan);
  const wrong = DATES.find((date) => fromBcd(bytesOf(run, date)) === undefined);
  return wrong === undefined ? undefined : reason('not digits', wrong);
};

const DATES = [tag.applicationExpirationDate, tag.applicationEffectiveDate];

/** Decimal digits alone. */
export const isDecimal = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
};
