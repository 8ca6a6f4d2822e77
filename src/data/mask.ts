import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { isConstructed, parseTlvs, tagText } from '#tlv/tlv.ts';
import { type Book, lookUp, meanings, type Sensitivity } from './dictionary.ts';

/** First six and last four digits of an account number; less of a short one. */
export const maskPan = (pan: string): string =>
  pan.length < 13
    ? `${'*'.repeat(Math.max(0, pan.length - 4))}${pan.slice(-4)}`
    : `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`;

/** A value for people: hexadecimal, or what its sensitivity leaves of it. */
export const maskValue = (tag: number, value: Uint8Array, book?: Book): string => {
  switch (sensitivityOf(tag, book)) {
    case 'open':
      return toHex(value);
    case 'account':
      return maskAccount(value);
    case 'personal':
      return `(${value.length} bytes)`;
    case 'secret':
      return '(hidden)';
  }
};

/** A card's answer as "tag value" pairs with account data masked; never a raw byte of what isn't TLV. */
export const maskTlvs = (bytes: Uint8Array, book?: Book): string => {
  const objects = parseTlvs(bytes);
  if (isMalformed(objects)) return `(${bytes.length} bytes that are no TLV)`;
  return objects
    .map(({ tag, value }) =>
      isConstructed(tag)
        ? `${tagText(tag)}{${maskTlvs(value, book)}}`
        : `${tagText(tag)}=${maskValue(tag, value, book)}`,
    )
    .join(' ');
};

// A tag with several meanings is as sensitive as the most sensitive of them.
const sensitivityOf = (tag: number, book?: Book): Sensitivity => {
  const row = lookUp(tag, book);
  if (row !== undefined) return row.sensitivity;
  return meanings(tag).find((one) => one.sensitivity !== 'open')?.sensitivity ?? 'open';
};

// Account number in front, as in 5A, 57 and 56: the digits up to the separator are masked, what
// follows (expiry, discretionary data) is left out.
const maskAccount = (value: Uint8Array): string => {
  const digits = /^[0-9]+/.exec(toHex(value))?.[0] ?? '';
  return digits.length >= 12 && digits.length <= 19 ? maskPan(digits) : `(${value.length} bytes)`;
};
