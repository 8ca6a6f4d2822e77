// PIN blocks, ISO 9564-1 §9.3: formats 0 and 3 for TDES, 4 for AES. No problem that is reported
// here says a digit of the PIN or of the account number.
import { concat, xor } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { aesDecrypt, aesEncrypt, isAesKey } from './aes.ts';
import { desDecrypt, desEncrypt } from './des.ts';

/** Clear, 8 bytes: filled with F. The same PIN and account always give the same block. */
export const pinBlock0 = (pin: string, pan: string): Uint8Array | Malformed =>
  block(0, pin, pan, 'F'.repeat(FILLED));

/**
 * Clear, 8 bytes: as format 0, but filled with digits that the caller draws anew each time.
 * @param fill digits A to F, as many as the PIN leaves of 14 or more
 */
export const pinBlock3 = (pin: string, pan: string, fill: string): Uint8Array | Malformed =>
  /^[A-F]*$/.test(fill) && fill.length >= FILLED - pin.length
    ? block(3, pin, pan, fill)
    : malformed(['PIN block', 'fill'], 0, 'not enough digits from A to F');

/** The PIN in a clear block of format 0 or 3, which the block itself says. */
export const readPinBlock = (clear: Uint8Array, pan: string): string | Malformed => {
  if (clear.length !== 8) return wrongLength('PIN block', clear, 8);
  const account = accountField(pan);
  if (isMalformed(account)) return account;
  const field = toHex(xor(clear, account));
  const fill = { 0: /^F*$/, 3: /^[A-F]*$/ }[field.charAt(0)];
  if (fill === undefined) return malformed(['PIN block', 'format'], 0, 'neither 0 nor 3');
  return readField(field, 16, fill);
};

/** A clear block of format 0 or 3 under a TDES key of 16 or 24 bytes, or back. */
export const encipherPinBlock = (key: Uint8Array, clear: Uint8Array): Uint8Array | Malformed =>
  tdesProblem(key, clear) ?? desEncrypt(key, clear);

/** The PIN in an enciphered block of format 0 or 3. Another key or account gives Malformed. */
export const decipherPinBlock = (
  key: Uint8Array,
  enciphered: Uint8Array,
  pan: string,
): string | Malformed =>
  tdesProblem(key, enciphered) ?? readPinBlock(desDecrypt(key, enciphered), pan);

/**
 * The plain text PIN field of format 4, 16 bytes.
 * @param random 8 bytes, new for each block
 */
export const pinField4 = (pin: string, random: Uint8Array): Uint8Array | Malformed => {
  if (!isPin(pin)) return noPin();
  if (random.length !== 8) return wrongLength('random', random, 8);
  return concat(hex(`4${length(pin)}${pin}`.padEnd(16, 'A')), random);
};

/** The plain text primary account number field of format 4, 16 bytes; 1 to 19 digits. */
export const panField4 = (pan: string): Uint8Array | Malformed =>
  /^[0-9]{1,19}$/.test(pan)
    ? hex(`${Math.max(0, pan.length - 12)}${pan.padStart(12, '0')}`.padEnd(32, '0'))
    : malformed(['primary account number'], 0, 'not 1 to 19 digits');

/** The PIN in a plain text PIN field of format 4. */
export const readPinField4 = (field: Uint8Array): string | Malformed => {
  if (field.length !== 16) return wrongLength('PIN field', field, 16);
  const digits = toHex(field);
  if (!digits.startsWith('4')) return malformed(['PIN block', 'format'], 0, 'not 4');
  return readField(digits, 16, /^A*$/);
};

/**
 * A block of format 4, 16 bytes, bound to the account between two encipherments.
 * @param key AES, 16, 24 or 32 bytes
 * @param random 8 bytes, new for each block
 */
export const encipherPinBlock4 = (
  key: Uint8Array,
  pin: string,
  pan: string,
  random: Uint8Array,
): Uint8Array | Malformed => {
  if (!isAesKey(key)) return noAesKey(key);
  const field = pinField4(pin, random);
  const account = panField4(pan);
  if (isMalformed(field)) return field;
  if (isMalformed(account)) return account;
  return aesEncrypt(key, xor(aesEncrypt(key, field), account));
};

/** The PIN in an enciphered block of format 4. Another key or account gives Malformed. */
export const decipherPinBlock4 = (
  key: Uint8Array,
  enciphered: Uint8Array,
  pan: string,
): string | Malformed => {
  if (!isAesKey(key)) return noAesKey(key);
  if (enciphered.length !== 16) return wrongLength('PIN block', enciphered, 16);
  const account = panField4(pan);
  if (isMalformed(account)) return account;
  return readPinField4(aesDecrypt(key, xor(aesDecrypt(key, enciphered), account)));
};

// Digits behind format and length.
const FILLED = 14;

const isPin = (pin: string): boolean => /^[0-9]{4,12}$/.test(pin);

const length = (pin: string): string => pin.length.toString(16).toUpperCase();

const block = (format: 0 | 3, pin: string, pan: string, fill: string): Uint8Array | Malformed => {
  if (!isPin(pin)) return noPin();
  const account = accountField(pan);
  if (isMalformed(account)) return account;
  return xor(hex(`${format}${length(pin)}${pin}${fill}`.slice(0, 16)), account);
};

/** Four zeros and the 12 digits before the check digit. */
const accountField = (pan: string): Uint8Array | Malformed =>
  /^[0-9]{13,19}$/.test(pan)
    ? hex(`0000${pan.slice(-13, -1)}`)
    : malformed(['primary account number'], 0, 'not 13 to 19 digits');

const readField = (field: string, end: number, fill: RegExp): string | Malformed => {
  const pinEnd = 2 + Number.parseInt(field.charAt(1), 16);
  const pin = field.slice(2, pinEnd);
  if (pinEnd > end || pin.length < 4 || pin.length > 12) {
    return malformed(['PIN block', 'length'], 0, 'not from 4 to 12');
  }
  if (!isPin(pin)) return malformed(['PIN block', 'PIN'], 1, 'not digits');
  if (!fill.test(field.slice(pinEnd, end)))
    return malformed(['PIN block', 'fill'], 1, 'not filled');
  return pin;
};

const noPin = (): Malformed => malformed(['PIN'], 0, 'not 4 to 12 digits');

const noAesKey = (key: Uint8Array): Malformed =>
  malformed(['PIN key'], 0, `${key.length} bytes are no AES key`);

const wrongLength = (name: string, bytes: Uint8Array, expected: number): Malformed =>
  malformed([name], 0, `${bytes.length} bytes instead of ${expected}`);

const tdesProblem = (key: Uint8Array, bytes: Uint8Array): Malformed | undefined => {
  if (key.length !== 16 && key.length !== 24) {
    return malformed(['PIN key'], 0, `${key.length} bytes are no TDES key`);
  }
  return bytes.length === 8 ? undefined : wrongLength('PIN block', bytes, 8);
};
