import { toCompressedNumeric } from '#bytes/bcd.ts';
import { fromHex, hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { ApplicationFile } from './card-file.ts';

type Account = ApplicationFile['account'];

/** The elements that an account gives: 5A, 57, 5F24 and, if there is one, 5F34. */
export const accountElements = (account: Account): ReadonlyMap<number, Uint8Array> => {
  const found = new Map<number, Uint8Array>([
    [tag.applicationPan, toCompressedNumeric(account.pan)],
    [tag.track2EquivalentData, track2(account)],
    [tag.applicationExpirationDate, hex(account.expiry)],
  ]);
  if (account.sequenceNumber !== undefined) {
    found.set(tag.applicationPanSequenceNumber, hex(account.sequenceNumber));
  }
  return found;
};

/** ISO 7812 check digit. */
export const passesLuhn = (pan: string): boolean => {
  let sum = 0;
  [...pan].reverse().forEach((character, place) => {
    const digit = Number(character) * (place % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  });
  return sum % 10 === 0;
};

// PAN, separator D, expiry YYMM, service code, discretionary data, padded with F to whole bytes.
const track2 = ({ pan, expiry, serviceCode, discretionaryData }: Account): Uint8Array => {
  const digits = `${pan}D${expiry.slice(0, 4)}${serviceCode}${discretionaryData}`;
  return fromHex(digits.length % 2 === 0 ? digits : `${digits}F`) ?? new Uint8Array();
};
