import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concat } from '#bytes/bytes.ts';

/** Lengths of AES keys in bytes: AES-128, AES-192 and AES-256. FIPS 197 §5 */
export const isAesKey = (key: Uint8Array): boolean =>
  key.length === 16 || key.length === 24 || key.length === 32;

/** AES (16, 24 or 32-byte key), ECB, whole blocks of 16 bytes, no padding. */
export const aesEncrypt = (key: Uint8Array, blocks: Uint8Array): Uint8Array => {
  const cipher = createCipheriv(`aes-${8 * key.length}-ecb`, key, null).setAutoPadding(false);
  return concat(cipher.update(blocks), cipher.final());
};

export const aesDecrypt = (key: Uint8Array, blocks: Uint8Array): Uint8Array => {
  const decipher = createDecipheriv(`aes-${8 * key.length}-ecb`, key, null).setAutoPadding(false);
  return concat(decipher.update(blocks), decipher.final());
};

/** CBC with a zero or given initial vector of 16 bytes, whole blocks. */
export const aesCbcEncrypt = (
  key: Uint8Array,
  blocks: Uint8Array,
  iv: Uint8Array = new Uint8Array(16),
): Uint8Array => {
  const cipher = createCipheriv(`aes-${8 * key.length}-cbc`, key, iv).setAutoPadding(false);
  return concat(cipher.update(blocks), cipher.final());
};

export const aesCbcDecrypt = (
  key: Uint8Array,
  blocks: Uint8Array,
  iv: Uint8Array = new Uint8Array(16),
): Uint8Array => {
  const decipher = createDecipheriv(`aes-${8 * key.length}-cbc`, key, iv).setAutoPadding(false);
  return concat(decipher.update(blocks), decipher.final());
};

/**
 * CTR: as long as the data, the same both ways. The whole block of 16 bytes counts. SP 800-38A §6.5
 */
export const aesCtr = (key: Uint8Array, counter: Uint8Array, data: Uint8Array): Uint8Array => {
  const cipher = createCipheriv(`aes-${8 * key.length}-ctr`, key, counter);
  return concat(cipher.update(data), cipher.final());
};
