import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concat } from '#bytes/bytes.ts';

// OpenSSL 3 keeps single DES in its legacy provider. Triple DES with one key thrice is the same.
const keys3 = (key: Uint8Array): Uint8Array =>
  key.length === 8
    ? concat(key, key, key)
    : key.length === 16
      ? concat(key, key.subarray(0, 8))
      : key;

/** DES (8-byte key) or triple DES (16 or 24), ECB, whole blocks, no padding. */
export const desEncrypt = (key: Uint8Array, blocks: Uint8Array): Uint8Array => {
  const cipher = createCipheriv('des-ede3', keys3(key), null).setAutoPadding(false);
  return concat(cipher.update(blocks), cipher.final());
};

export const desDecrypt = (key: Uint8Array, blocks: Uint8Array): Uint8Array => {
  const decipher = createDecipheriv('des-ede3', keys3(key), null).setAutoPadding(false);
  return concat(decipher.update(blocks), decipher.final());
};

/** CBC with a zero or given initial vector. */
export const desCbcEncrypt = (
  key: Uint8Array,
  blocks: Uint8Array,
  iv: Uint8Array = new Uint8Array(8),
): Uint8Array => {
  const cipher = createCipheriv('des-ede3-cbc', keys3(key), iv).setAutoPadding(false);
  return concat(cipher.update(blocks), cipher.final());
};

export const desCbcDecrypt = (
  key: Uint8Array,
  blocks: Uint8Array,
  iv: Uint8Array = new Uint8Array(8),
): Uint8Array => {
  const decipher = createDecipheriv('des-ede3-cbc', keys3(key), iv).setAutoPadding(false);
  return concat(decipher.update(blocks), decipher.final());
};

/** ISO 9797-1 padding: method 1 adds zeros only where needed, method 2 always adds 80 first. */
export const padBlocks = (data: Uint8Array, method: 1 | 2): Uint8Array => {
  const used = data.length + (method === 2 ? 1 : 0);
  const padded = new Uint8Array(Math.max(8, Math.ceil(used / 8) * 8));
  padded.set(data);
  if (method === 2) padded[data.length] = 0x80;
  return padded;
};

/**
 * ISO 9797-1 MAC algorithm 3, "retail MAC", 8 bytes: single DES CBC with the left half of the
 * 16-byte key, the last block with the whole key. EMV Book 2 Annex A1.2.
 */
export const retailMac = (key: Uint8Array, data: Uint8Array, padding: 1 | 2): Uint8Array => {
  const blocks = padBlocks(data, padding);
  const chained = desCbcEncrypt(key.subarray(0, 8), blocks).subarray(-8);
  return desEncrypt(key.subarray(0, 8), desDecrypt(key.subarray(8, 16), chained));
};
