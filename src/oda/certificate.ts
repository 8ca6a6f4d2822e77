import { equal } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { type RsaPublicKey, recover } from '#crypto/rsa.ts';
import { sha1 } from '#crypto/sha1.ts';
import { type OdaFailure, odaFailure } from './failure.ts';

const HEADER = 0x6a;
const TRAILER = 0xbc;
const SHA_1 = 0x01;
const HASH_LENGTH = 20;

/**
 * Recovers what was signed and holds it against its hash: the frame that certificates and signed
 * dynamic data share. Book 2 §5.3, §6.3, §6.4, §6.6
 * @param element tag of the signed element, for a failure
 * @param format second byte of what is recovered
 * @param hashIdAt where the hash algorithm indicator stands
 * @param more what follows the recovered bytes in the hash's input
 * @returns header, format, content, hash and trailer: as many bytes as the key has
 */
export const recoverSigned = (
  key: RsaPublicKey,
  element: number,
  signed: Uint8Array,
  format: number,
  hashIdAt: number,
  more: readonly Uint8Array[],
): Uint8Array | OdaFailure => {
  const wrong = (problem: string) => odaFailure('wrong', element, problem);
  const { byteLength } = key;
  if (signed.length !== byteLength) {
    return wrong(`${signed.length} bytes, the key that signed it has ${byteLength}`);
  }
  const recovered = recover(key, signed);
  if (recovered === undefined) return wrong('not below the modulus of the key that signed it');
  if (recovered[0] !== HEADER || recovered[byteLength - 1] !== TRAILER) {
    return wrong('header or trailer is wrong: not signed by this key');
  }
  if (recovered[1] !== format) return wrong(`format ${byteText(recovered[1])}`);
  if (recovered[hashIdAt] !== SHA_1) {
    return wrong(`hash algorithm ${byteText(recovered[hashIdAt])} is not known`);
  }
  const hashAt = byteLength - 1 - HASH_LENGTH;
  const hash = sha1(recovered.subarray(1, hashAt), ...more);
  return equal(hash, recovered.subarray(hashAt, hashAt + HASH_LENGTH))
    ? recovered
    : wrong('the hash does not match');
};

/** Digits, right-padded with F, such as an issuer identifier; undefined for anything else. */
export const paddedDigits = (bytes: Uint8Array): string | undefined =>
  /^([0-9]*)F*$/.exec(toHex(bytes))?.[1];

const byteText = (byte = 0): string => byte.toString(16).padStart(2, '0').toUpperCase();
