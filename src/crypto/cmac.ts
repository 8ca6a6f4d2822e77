import { xor } from '#bytes/bytes.ts';
import { aesCbcEncrypt, aesDecrypt, aesEncrypt } from './aes.ts';
import { desCbcEncrypt, desEncrypt } from './des.ts';

/** AES-CMAC, 16 bytes; key of 16, 24 or 32 bytes, data of any length. NIST SP 800-38B §6.2 */
export const aesCmac = (key: Uint8Array, data: Uint8Array): Uint8Array => {
  const [whole, padded] = subkeys(aesEncrypt(key, new Uint8Array(16)), 0x87);
  return aesCbcEncrypt(key, lastBlockMasked(data, 16, whole, padded)).slice(-16);
};

/**
 * CMAC+, 16 bytes: the CMAC decrypted with its key, XOR itself. Even who holds the key can not find
 * other data for a given value, as with CMAC alone. Book E, after a public implementation.
 */
export const aesCmacPlus = (key: Uint8Array, data: Uint8Array): Uint8Array => {
  const mac = aesCmac(key, data);
  return xor(aesDecrypt(key, mac), mac);
};

/** TDES-CMAC, 8 bytes; key of 16 or 24 bytes, data of any length. NIST SP 800-38B §6.2 */
export const tdesCmac = (key: Uint8Array, data: Uint8Array): Uint8Array => {
  const [whole, padded] = subkeys(desEncrypt(key, new Uint8Array(8)), 0x1b);
  return desCbcEncrypt(key, lastBlockMasked(data, 8, whole, padded)).slice(-8);
};

/** K1 for data that fills its last block, K2 for data that was padded. SP 800-38B §6.1 */
const subkeys = (l: Uint8Array, rb: number): readonly [Uint8Array, Uint8Array] => {
  const k1 = doubled(l, rb);
  return [k1, doubled(k1, rb)];
};

const doubled = (block: Uint8Array, rb: number): Uint8Array => {
  const shifted = block.map((byte, i) => (byte << 1) | ((block[i + 1] ?? 0) >> 7));
  const last = block.length - 1;
  // No branch on a bit of the key.
  shifted[last] = (shifted[last] ?? 0) ^ (rb & -((block[0] ?? 0) >> 7));
  return shifted;
};

const lastBlockMasked = (
  data: Uint8Array,
  size: 8 | 16,
  whole: Uint8Array,
  padded: Uint8Array,
): Uint8Array => {
  const fills = data.length > 0 && data.length % size === 0;
  const blocks = new Uint8Array(fills ? data.length : (Math.floor(data.length / size) + 1) * size);
  blocks.set(data);
  if (!fills) blocks[data.length] = 0x80;
  const mask = fills ? whole : padded;
  const start = blocks.length - size;
  for (let i = 0; i < size; i++) blocks[start + i] = (blocks[start + i] ?? 0) ^ (mask[i] ?? 0);
  return blocks;
};
