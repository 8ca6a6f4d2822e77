import { toBigInt, toBytes } from '#crypto/big-integer.ts';
import { type EllipticCurve, p256, pointFromX, publicPoint } from '#crypto/elliptic-curve.ts';
import { sha256 } from '#crypto/sha2.ts';

/** A key pair on a curve of a simulated authority, issuer or card. */
export interface EccKey {
  readonly curve: EllipticCurve;
  readonly privateKey: Uint8Array;
  /** x||y, with the smaller y of the two: then x alone says it all. */
  readonly publicKey: Uint8Array;
}

/**
 * SIMULATED: a key that is made of its name, so that nobody has to keep it and everybody knows it.
 * It opens no real card and protects nothing.
 */
export const simulatedEccKey = (name: string): EccKey => {
  const drawn = (toBigInt(sha256(new TextEncoder().encode(name))) % (p256.order - 1n)) + 1n;
  const made = keyOf(drawn);
  const wanted = pointFromX(p256, made.publicKey.subarray(0, p256.fieldBytes));
  return wanted !== undefined && toBigInt(wanted) === toBigInt(made.publicKey)
    ? made
    : keyOf(p256.order - drawn);
};

const keyOf = (scalar: bigint): EccKey => {
  const privateKey = toBytes(scalar, p256.fieldBytes);
  const publicKey = publicPoint(p256, privateKey);
  if (publicKey === undefined) throw new RangeError('a private key out of range');
  return { curve: p256, privateKey, publicKey };
};
