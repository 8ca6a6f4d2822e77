import { equal } from '#bytes/bytes.ts';
import { toBigInt, toBytes } from './big-integer.ts';
import {
  addPoints,
  type EllipticCurve,
  isOnCurve,
  multipliedX,
  negated,
  type PointBytes,
  p256,
  p521,
  pointFromX,
  publicPoint,
} from './elliptic-curve.ts';
import { sha256, sha512 } from './sha2.ts';

/** EC-SDSA with x alone under the hash, ISO/IEC 14888-3: a curve with its hash. */
export interface EcSdsaSuite {
  readonly curve: EllipticCurve;
  readonly hash: (...parts: readonly Uint8Array[]) => Uint8Array;
  readonly hashBytes: number;
  /** R, as long as the hash, and s, as long as a coordinate. */
  readonly signatureBytes: number;
}

export const ecSdsaP256: EcSdsaSuite = {
  curve: p256,
  hash: sha256,
  hashBytes: 32,
  signatureBytes: 64,
};

export const ecSdsaP521: EcSdsaSuite = {
  curve: p521,
  hash: sha512,
  hashBytes: 64,
  signatureBytes: 130,
};

/**
 * Whether R||s signs the message under Q: the hash of x(s·G - r·Q) and the message is R, with r the
 * number R modulo n.
 */
export const verifyEcSdsa = (
  { curve, hash, hashBytes, signatureBytes }: EcSdsaSuite,
  publicKey: PointBytes,
  message: Uint8Array,
  signature: Uint8Array,
): boolean => {
  if (signature.length !== signatureBytes || !isOnCurve(curve, publicKey)) return false;
  const challenge = signature.subarray(0, hashBytes);
  const r = toBigInt(challenge) % curve.order;
  const fromS = publicPoint(curve, signature.subarray(hashBytes));
  const x = multipliedX(curve, toBytes(r, curve.fieldBytes), publicKey);
  const product = x === undefined ? undefined : pointFromX(curve, x);
  if (fromS === undefined || product === undefined) return false;
  // OpenSSL gives x of r·Q alone. The point is one of two, and only where one of them makes the
  // hash come out is it worth knowing which it is.
  const opposite = negated(curve, product);
  for (const [subtracted, added] of [
    [product, opposite],
    [opposite, product],
  ] as const) {
    const sum = addPoints(curve, fromS, added);
    if (sum === undefined) continue;
    const found = hash(sum.subarray(0, curve.fieldBytes), message);
    if (equal(found, challenge)) return isMultiple(curve, subtracted, r, publicKey);
  }
  return false;
};

// Whether a point that has the x of r·Q is r·Q and not its opposite: one step further along the
// curve, at (r + 1)·Q, the two part.
const isMultiple = (
  curve: EllipticCurve,
  point: PointBytes,
  r: bigint,
  publicKey: PointBytes,
): boolean => {
  if (r + 1n === curve.order) return equal(point, negated(curve, publicKey));
  const further = multipliedX(curve, toBytes(r + 1n, curve.fieldBytes), publicKey);
  const stepped = addPoints(curve, point, publicKey);
  if (further === undefined || stepped === undefined) return false;
  return equal(stepped.subarray(0, curve.fieldBytes), further);
};
