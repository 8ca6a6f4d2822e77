import { createHash } from 'node:crypto';
import { concat, xor } from '#bytes/bytes.ts';
import { fromHex, hex, toHex } from '#bytes/hex.ts';
import { aesEncrypt } from '#crypto/aes.ts';
import { desEncrypt } from '#crypto/des.ts';

/**
 * ICC master key by option A: the rightmost 16 digits of account number and sequence number,
 * encrypted as they are and inverted. EMV Book 2 Annex A1.4.1.
 * @param psn two digits; a card without a sequence number counts as 00
 */
export const masterKeyA = (issuerKey: Uint8Array, pan: string, psn = '00'): Uint8Array =>
  keyOf(issuerKey, `${pan}${psn}`.slice(-16).padStart(16, '0'));

/**
 * ICC master key by option B: as option A up to 16 digits of account number, and above that from
 * the decimal digits of a SHA-1. EMV Book 2 Annex A1.4.2.
 */
export const masterKeyB = (issuerKey: Uint8Array, pan: string, psn = '00'): Uint8Array => {
  if (pan.length <= 16) return masterKeyA(issuerKey, pan, psn);
  const digits = `${pan}${psn}`;
  const hashed = createHash('sha1').update(bcd(digits.length % 2 === 0 ? digits : `0${digits}`));
  const text = toHex(hashed.digest());
  const decimals = text.replaceAll(/[A-F]/g, '');
  // Fewer than 16 decimal digits: the letters follow from the left, A as 0 up to F as 5.
  const letters = [...text.replaceAll(/[0-9]/g, '')].map((letter) => 'ABCDEF'.indexOf(letter));
  return keyOf(issuerKey, `${decimals}${letters.join('')}`.slice(0, 16));
};

/**
 * ICC master key by option C, AES-128: account number and sequence number, right justified in a
 * block, encrypted. EMV Book 2 Annex A1.4.3.
 */
export const masterKeyC = (issuerKey: Uint8Array, pan: string, psn = '00'): Uint8Array =>
  aesEncrypt(issuerKey, fromHex(`${pan}${psn}`.padStart(32, '0')) ?? new Uint8Array(16));

/** EMV CSK with AES-128: the transaction counter, then zeros. EMV Book 2 Annex A1.3.1. */
export const commonAesSessionKey = (masterKey: Uint8Array, atc: Uint8Array): Uint8Array =>
  aesEncrypt(masterKey, concat(atc, new Uint8Array(14)));

/**
 * EMV common session key from a diversification value of 8 bytes: its third byte becomes F0 for
 * the left half, 0F for the right. EMV Book 2 Annex A1.3.1.
 */
export const sessionKey = (masterKey: Uint8Array, diversification: Uint8Array): Uint8Array => {
  const left = Uint8Array.from(diversification);
  const right = Uint8Array.from(diversification);
  left[2] = 0xf0;
  right[2] = 0x0f;
  return desEncrypt(masterKey, concat(left, right));
};

/** EMV CSK: the transaction counter, then zeros. */
export const commonSessionKey = (masterKey: Uint8Array, atc: Uint8Array): Uint8Array =>
  sessionKey(masterKey, concat(atc, new Uint8Array(6)));

/** Mastercard's own: the transaction counter, two zeros, the terminal's unpredictable number. */
export const mastercardSessionKey = (
  masterKey: Uint8Array,
  atc: Uint8Array,
  unpredictableNumber: Uint8Array,
): Uint8Array => sessionKey(masterKey, concat(atc, new Uint8Array(2), unpredictableNumber));

/**
 * PBOC's, as it is remembered; no open book was at hand: the transaction counter behind six zeros,
 * and the same inverted for the right half.
 */
export const pbocSessionKey = (masterKey: Uint8Array, atc: Uint8Array): Uint8Array => {
  const zeros = new Uint8Array(6);
  const inverted = atc.map((byte) => byte ^ 0xff);
  return desEncrypt(masterKey, concat(zeros, atc, zeros, inverted));
};

const keyOf = (issuerKey: Uint8Array, digits: string): Uint8Array => {
  const block = bcd(digits);
  const key = desEncrypt(issuerKey, concat(block, xor(block, INVERT)));
  return key.map(oddParity);
};

const INVERT = hex('FFFFFFFFFFFFFFFF');

const bcd = (digits: string): Uint8Array => fromHex(digits) ?? new Uint8Array(8);

// DES ignores each byte's lowest bit; key vectors are printed with it set to odd parity.
const oddParity = (byte: number): number => {
  let ones = 0;
  for (let bits = byte >> 1; bits > 0; bits >>= 1) ones += bits & 1;
  return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0);
};
