import { toHex } from './hex.ts';

/** Number as n digits of BCD, right justified with leading zeros (EMV format n). */
export const toBcd = (value: number, byteLength: number): Uint8Array => {
  const bytes = new Uint8Array(byteLength);
  let rest = value;
  for (let i = byteLength - 1; i >= 0; i--) {
    const pair = rest % 100;
    bytes[i] = Math.floor(pair / 10) * 16 + (pair % 10);
    rest = Math.floor(rest / 100);
  }
  return bytes;
};

/** Value of format n digits; undefined when a nibble isn't a decimal digit. */
export const fromBcd = (bytes: Uint8Array): number | undefined => {
  let value = 0;
  for (const byte of bytes) {
    const high = byte >> 4;
    const low = byte & 15;
    if (high > 9 || low > 9) return undefined;
    value = value * 100 + high * 10 + low;
  }
  return value;
};

/** Digits of format cn: left justified, padded with F; undefined when anything else is in it. */
export const fromCompressedNumeric = (bytes: Uint8Array): string | undefined => {
  const digits = toHex(bytes).replace(/F+$/, '');
  return /^[0-9]*$/.test(digits) ? digits : undefined;
};

/** Digits as format cn, padded with F to whole bytes. */
export const toCompressedNumeric = (digits: string): Uint8Array => {
  const padded = digits.length % 2 === 0 ? digits : `${digits}F`;
  const bytes = new Uint8Array(padded.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(padded.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
};
