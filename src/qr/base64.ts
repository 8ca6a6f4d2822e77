import { type Malformed, malformed } from '#bytes/malformed.ts';

/**
 * Bytes of a Base64 text, RFC 4648 §4. Padding is there or it isn't; bits that mean nothing are
 * zero, so that each byte string has one text. Offsets are in characters.
 */
export const fromBase64 = (text: string): Uint8Array | Malformed => {
  const digits = text.replace(/={1,2}$/, '');
  const over = digits.length % 4;
  if (over === 1) return bad(text.length, 'ends inside a byte');
  if (digits.length < text.length && text.length % 4 !== 0) {
    return bad(digits.length, 'padding of a wrong length');
  }
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let filled = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = ALPHABET.indexOf(digits[at] ?? '');
    if (digit < 0) return bad(at, 'a character that Base64 does not have');
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[filled++] = held >> bits;
  }
  if ((held & ((1 << bits) - 1)) !== 0) return bad(digits.length - 1, 'bits after the last byte');
  return bytes;
};

/** With padding. */
export const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += digit(group >> 18) + digit(group >> 12);
    text += second === undefined ? '=' : digit(group >> 6);
    text += third === undefined ? '=' : digit(group);
  }
  return text;
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const digit = (bits: number): string => ALPHABET[bits & 63] ?? '';

const bad = (at: number, problem: string): Malformed => malformed(['Base64'], at, problem);
