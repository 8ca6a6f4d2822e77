import { aesCmac } from './cmac.ts';
import { desEncrypt } from './des.ts';

/** How a check value was made: the first digit of a KC or KP optional block. X9.143 */
export type KeyCheckMethod = 'encryptedZeros' | 'cmac';

/**
 * What tells people and hosts that they hold the same key, and nothing else about it. ANSI X9.24-1
 * Annex A: an AES key's is the first 5 bytes of its CMAC over a block of zeros, any other key's
 * (DES, TDES) the first 3 bytes of zeros it encrypted.
 * @param algorithm of a key block: `A` AES, `T` TDES, `D` DES
 * @returns undefined for other algorithms and for lengths that the algorithm doesn't have
 */
export const keyCheckValue = (algorithm: string, key: Uint8Array): Uint8Array | undefined => {
  if (!fitsAlgorithm(algorithm, key.length)) return undefined;
  if (algorithm === 'A') return aesCmac(key, new Uint8Array(16)).slice(0, 5);
  if (algorithm === 'T' || algorithm === 'D') return desEncrypt(key, new Uint8Array(8)).slice(0, 3);
  return undefined;
};

/**
 * Whether an algorithm has keys of that many bytes: AES 16, 24, 32, TDES 16, 24, DES 8; HMAC and
 * others any but 0. A key block says both, and its maker may have been wrong in one.
 */
export const fitsAlgorithm = (algorithm: string, length: number): boolean =>
  LENGTHS[algorithm]?.includes(length) ?? length > 0;

const LENGTHS: Readonly<Record<string, readonly number[]>> = {
  A: [16, 24, 32],
  T: [16, 24],
  D: [8],
};
