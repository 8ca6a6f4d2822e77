import { fromBcd, fromCompressedNumeric } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import type { CardObjects, Recognised } from './card-objects.ts';
import type { DataMap } from './kernel-input.ts';
import { type Reason, reason } from './outcome.ts';
import { parseTrack2 } from './track2.ts';

/** Which object a card sent more than once, if it did. */
export const sentTwice = ({ duplicates: [twice] }: CardObjects): Reason | undefined =>
  twice === undefined ? undefined : reason('the card sent it twice', twice);

/**
 * Lengths as the dictionary has them, a date where a date belongs, and digits where the kernel
 * reads digits.
 */
export const badlyFormatted = (
  { card, wrongLength }: CardObjects,
  { elements }: Recognised,
  numeric: readonly number[],
): Reason | undefined => {
  if (wrongLength !== undefined) {
    const row = elements.get(wrongLength);
    const length = card.get(wrongLength)?.length;
    return reason(`length ${length} is not ${row?.min} to ${row?.max}`, wrongLength);
  }
  const expiry = card.get(tag.applicationExpirationDate);
  if (expiry !== undefined && !isDate(expiry)) {
    return reason('not a date', tag.applicationExpirationDate);
  }
  const notDigits = numeric.find((wanted) => fromBcd(card.get(wanted) ?? NOTHING) === undefined);
  return notDigits === undefined ? undefined : reason('not decimal digits', notDigits);
};

/** The account number must be the same wherever it stands: its digits, of 57 and 5A. */
export const accountNumber = (card: DataMap): string | Reason => {
  const track2 = card.get(tag.track2EquivalentData);
  const pan = fromCompressedNumeric(card.get(tag.applicationPan) ?? NOTHING);
  if (pan === undefined) return reason('not decimal digits', tag.applicationPan);
  if (track2 === undefined) {
    return pan === '' ? reason('mandatory data is missing', tag.track2EquivalentData) : pan;
  }
  const parsed = parseTrack2(track2);
  if (parsed === undefined) return reason('not track 2 equivalent data', tag.track2EquivalentData);
  return pan === '' || pan === parsed.pan
    ? parsed.pan
    : reason('differs from the account number in 57', tag.applicationPan);
};

/** YYMMDD */
export const isDate = (date: Uint8Array): boolean => {
  const month = fromBcd(date.subarray(1, 2)) ?? 0;
  const day = fromBcd(date.subarray(2, 3)) ?? 0;
  return fromBcd(date) !== undefined && month >= 1 && month <= 12 && day >= 1 && day <= 31;
};

/** YYMMDD as a number that sorts; 50 to 99 lie in the last century. Book 4 §6.7.3 */
export const sortableDate = (date: Uint8Array): number => {
  const year = date[0] ?? 0;
  return (year < 0x50 ? 0x1000000 : 0) + year * 0x10000 + (date[1] ?? 0) * 0x100 + (date[2] ?? 0);
};

const NOTHING = new Uint8Array(0);
