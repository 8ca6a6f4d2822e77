/** An RSA public key, with what its arithmetic needs worked out once. */
export interface RsaPublicKey {
  /** Of modulus, signature and recovered data alike, in bytes. */
  readonly byteLength: number;
  readonly modulus: Uint8Array;
  readonly exponent: number;
  readonly n: bigint;
}

/**
 * A key as EMV allows it: modulus of 64 to 248 bytes, odd, exponent 3 or 65537 (Book 2 §11.1).
 * Undefined for any other.
 */
export const rsaPublicKey = (modulus: Uint8Array, exponent: number): RsaPublicKey | undefined => {
  const { length } = modulus;
  if (length < 64 || length > 248 || ((modulus[length - 1] ?? 0) & 1) === 0) return undefined;
  if (modulus[0] === 0 || (exponent !== 3 && exponent !== 65537)) return undefined;
  return { byteLength: length, modulus, exponent, n: toBigInt(modulus) };
};

/**
 * Recover of Book 2 §A2.1: signature to the power of the exponent, modulo the modulus; as long as
 * the modulus. Undefined for a signature of another length, or not below the modulus.
 */
export const recover = (key: RsaPublicKey, signature: Uint8Array): Uint8Array | undefined => {
  if (signature.length !== key.byteLength) return undefined;
  const s = toBigInt(signature);
  if (s >= key.n) return undefined;
  let power = s;
  if (key.exponent === 65537) for (let i = 0; i < 16; i++) power = (power * power) % key.n;
  else power = (power * power) % key.n;
  return toBytes((power * s) % key.n, key.byteLength);
};

const toBigInt = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`);

const toBytes = (value: bigint, length: number): Uint8Array => {
  const digits = value.toString(16).padStart(2 * length, '0');
  return new Uint8Array(Buffer.from(digits, 'hex'));
};
