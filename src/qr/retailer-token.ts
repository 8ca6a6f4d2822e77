/**
 * The tokens of the retailer's wallet. A phone shows one in a QR code, for one payment:
 *
 *     rw1. + 22 characters of base64url + a check character
 *
 * The 22 are 128 random bits, as RFC 4648 §5 writes 16 bytes. The check character is over them, by
 * the hybrid system of ISO/IEC 7064 with 64 characters (MOD 65,64): it catches every character that
 * was misread, and nearly all neighbours that were swapped.
 *
 * Where nothing can scan, the wallet shows digits to be typed:
 *
 *     9 + 10 digits + a check digit
 *
 * The check digit is Luhn's (ISO/IEC 7812-1 Annex B), over the 11 before it. 10 digits can be
 * guessed: a host lets them live for a minute, and for few tries.
 */
export const TOKEN_PREFIX = 'rw1.';

/** How many characters stand between prefix and check character. */
export const TOKEN_CHARACTERS = 22;

/** How many digits a typed token has. */
export const TYPED_DIGITS = 12;

/** Whether a text is a whole token, its check character right. */
export const isRetailerToken = (text: string): boolean => {
  const body = text.slice(TOKEN_PREFIX.length, -1);
  return TOKEN.test(text) && checkCharacter(body) === text.at(-1);
};

/** Whether a text is a whole typed token, its check digit right. */
export const isTypedToken = (text: string): boolean =>
  TYPED.test(text) && luhnDigit(text.slice(0, -1)) === text.at(-1);

/** Whether a text has the form of either, whatever its check says: it was misread or mistyped. */
export const looksLikeRetailerToken = (text: string): boolean => text.startsWith(TOKEN_PREFIX);

/** The check character for 22 characters of base64url. */
export const checkCharacter = (body: string): string => {
  const size = ALPHABET.length;
  let product = size;
  for (const character of body) {
    const sum = (product + ALPHABET.indexOf(character)) % size;
    product = ((sum === 0 ? size : sum) * 2) % (size + 1);
  }
  return ALPHABET[(size + 1 - product) % size] ?? '';
};

/** Luhn's digit for digits that it is to follow. */
export const luhnDigit = (digits: string): string => {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const value = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 1 ? value : value > 4 ? 2 * value - 9 : 2 * value;
  }
  return String((10 - (sum % 10)) % 10);
};

/** For hosts: the token of 16 random bytes. */
export const retailerToken = (random: Uint8Array): string => {
  const body = base64Url(random);
  return TOKEN_PREFIX + body + checkCharacter(body);
};

/** For hosts: the typed token of 10 random digits. */
export const typedToken = (tenDigits: string): string => {
  const digits = `9${tenDigits}`;
  return digits + luhnDigit(digits);
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const TOKEN = /^rw1\.[A-Za-z0-9_-]{23}$/;
const TYPED = /^9[0-9]{11}$/;

// Six bits a character; the last of 22 holds two bits and four zeros.
const base64Url = (bytes: Uint8Array): string => {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += ALPHABET[(held >> bits) & 63] ?? '';
    }
  }
  return bits === 0 ? text : text + (ALPHABET[(held << (6 - bits)) & 63] ?? '');
};
