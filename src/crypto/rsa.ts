import { toBigInt, toBytes } from './big-integer.ts';

// BigInt, because it was the fastest of what was measured: microseconds at the median, one core,
// for moduli of 1024 / 1408 / 1984 bits. A card's and an issuer's key are new at almost every tap.
//   exponent 3      BigInt 4.1 / 6.1 / 10.2; OpenSSL through node:crypto 13 / 16 / 19 with its key
//                   made before, and 22 to 24 to make one; Montgomery on 24-bit limbs 18 / 32 / 60
//   exponent 65537  BigInt 23 / 40 / 72; OpenSSL 17 / 27 / 41 and 23 for the key; limbs 110 / 192 /
//                   361
// Barrett's and Montgomery's reductions on BigInt take 1.4 times as long as its own remainder.

/** An RSA public key, with what its arithmetic needs worked out once. */
export interface RsaPublicKey {
  /** Of modulus, signature and recovered data alike, in bytes. */
  readonly byteLength: number;
  readonly exponent: number;
  readonly modulus: bigint;
}

/**
 * A key as EMV allows it: modulus of 64 to 248 bytes, odd, exponent 3 or 65537 (Book 2 §11.1).
 * Undefined for any other.
 */
export const rsaPublicKey = (modulus: Uint8Array, exponent: number): RsaPublicKey | undefined => {
  const { length } = modulus;
  if (length < 64 || length > 248 || ((modulus[length - 1] ?? 0) & 1) === 0) return undefined;
  if (modulus[0] === 0 || (exponent !== 3 && exponent !== 65537)) return undefined;
  return { byteLength: length, exponent, modulus: toBigInt(modulus) };
};

/**
 * Recover of Book 2 §A2.1: signature to the power of the exponent, modulo the modulus; as long as
 * the modulus. Undefined for a signature of another length, or not below the modulus.
 */
export const recover = (key: RsaPublicKey, signature: Uint8Array): Uint8Array | undefined => {
  const { byteLength, exponent, modulus } = key;
  if (signature.length !== byteLength) return undefined;
  const base = toBigInt(signature);
  if (base >= modulus) return undefined;
  // 3 is one square and one product, 65537 sixteen squares and one product.
  let power = base;
  for (let bits = exponent; bits > 1; bits >>= 1) power = (power * power) % modulus;
  return toBytes((power * base) % modulus, byteLength);
};
