import { createECDH, ECDH } from 'node:crypto';
import { Field } from '@noble/curves/abstract/modular.js';
import { concat } from '#bytes/bytes.ts';
import { toBigInt, toBytes } from './big-integer.ts';

/** A curve y² = x³ - 3x + b over a prime field, of prime order. FIPS 186-5, SP 800-186 §3.2.1 */
export interface EllipticCurve {
  readonly name: 'P-256' | 'P-521';
  /** NFIELD: bytes of a coordinate, and of a scalar. */
  readonly fieldBytes: number;
  /** p, the field's modulus, and n, how many points there are. */
  readonly modulus: bigint;
  readonly order: bigint;
}

/** x and y side by side, `fieldBytes` each, as cards and terminals carry a point. */
export type PointBytes = Uint8Array;

export const p256: EllipticCurve = {
  name: 'P-256',
  fieldBytes: 32,
  modulus: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};

export const p521: EllipticCurve = {
  name: 'P-521',
  fieldBytes: 66,
  modulus: 2n ** 521n - 1n,
  // 2^521 less some 261 bits.
  order: 2n ** 521n - 0x5ae79787c40d069948033feb708f65a2fc44a36477663b851449048e16ec79bf7n,
};

// Both curves' points form one group of prime order: no point but infinity has a small order, and
// infinity has no coordinates to be sent in. Whatever lies on the curve may be used.
//
// OpenSSL multiplies, because it was the fastest of what was measured, and takes as long for one
// scalar as for another. Least microseconds on P-256, one core of a busy machine: the base point
// 14, other points 108 and, of these, 20 to find y; @noble/curves' BigInt 240 and 1500, and 1850
// for the sum of two products that EC-SDSA needs. Of that library comes the field's arithmetic.

/** k·G for a private key k; undefined unless 0 < k < n. */
export const publicPoint = (curve: EllipticCurve, privateKey: Uint8Array): PointBytes | undefined =>
  refusing(() => {
    const ecdh = createECDH(OPENSSL[curve.name]);
    ecdh.setPrivateKey(privateKey);
    return new Uint8Array(ecdh.getPublicKey()).subarray(1);
  });

/**
 * x of k·P for a secret or public scalar k: the point may be given by x alone, for either y gives
 * the same. Undefined unless 0 < k < n and P lies on the curve.
 */
export const multipliedX = (
  curve: EllipticCurve,
  scalar: Uint8Array,
  point: PointBytes,
): Uint8Array | undefined => {
  const encoded = encodedPoint(curve, point);
  if (encoded === undefined) return undefined;
  return refusing(() => {
    const ecdh = createECDH(OPENSSL[curve.name]);
    ecdh.setPrivateKey(scalar);
    return new Uint8Array(ecdh.computeSecret(encoded));
  });
};

/**
 * The point with this x and the smaller y of the two, y < (p + 1)/2: keys are made so that theirs
 * is. Undefined where the curve has no such x. Book E, point recovery
 */
export const pointFromX = (curve: EllipticCurve, x: Uint8Array): PointBytes | undefined => {
  if (x.length !== curve.fieldBytes) return undefined;
  const point = uncompressed(curve, concat(EVEN_Y, x));
  if (point === undefined) return undefined;
  const y = toBigInt(point.subarray(curve.fieldBytes));
  return 2n * y <= curve.modulus ? point : concat(x, toBytes(curve.modulus - y, curve.fieldBytes));
};

/** Whether x||y is a point of the curve. */
export const isOnCurve = (curve: EllipticCurve, point: PointBytes): boolean =>
  point.length === 2 * curve.fieldBytes && uncompressed(curve, concat(BOTH, point)) !== undefined;

/** P + Q, of points on the curve; undefined for infinity. Not for secrets: its time tells. */
export const addPoints = (
  curve: EllipticCurve,
  left: PointBytes,
  right: PointBytes,
): PointBytes | undefined => {
  const { fieldBytes } = curve;
  const field = FIELDS[curve.name];
  const [x1, y1] = coordinates(curve, left);
  const [x2, y2] = coordinates(curve, right);
  const same = x1 === x2;
  if (same && (y1 !== y2 || y1 === 0n)) return undefined;
  // The chord through both, or the tangent: a is -3.
  const slope = same
    ? field.div(field.mul(3n, x1 * x1 - 1n), field.add(y1, y1))
    : field.div(field.sub(y2, y1), field.sub(x2, x1));
  const x = field.create(slope * slope - x1 - x2);
  const y = field.create(slope * (x1 - x) - y1);
  return concat(toBytes(x, fieldBytes), toBytes(y, fieldBytes));
};

/** -P */
export const negated = (curve: EllipticCurve, point: PointBytes): PointBytes => {
  const [, y] = coordinates(curve, point);
  const { fieldBytes, modulus } = curve;
  return concat(point.subarray(0, fieldBytes), toBytes((modulus - y) % modulus, fieldBytes));
};

const OPENSSL = { 'P-256': 'prime256v1', 'P-521': 'secp521r1' } as const;

const FIELDS = { 'P-256': Field(p256.modulus), 'P-521': Field(p521.modulus) };

// SEC 1 §2.3.3: x with an even y, and x and y.
const EVEN_Y = Uint8Array.of(0x02);
const BOTH = Uint8Array.of(0x04);

const coordinates = (
  { fieldBytes }: EllipticCurve,
  point: PointBytes,
): readonly [x: bigint, y: bigint] => [
  toBigInt(point.subarray(0, fieldBytes)),
  toBigInt(point.subarray(fieldBytes)),
];

const encodedPoint = ({ fieldBytes }: EllipticCurve, point: Uint8Array): Uint8Array | undefined => {
  if (point.length === fieldBytes) return concat(EVEN_Y, point);
  return point.length === 2 * fieldBytes ? concat(BOTH, point) : undefined;
};

const uncompressed = (curve: EllipticCurve, encoded: Uint8Array): PointBytes | undefined =>
  refusing(() => {
    const point = ECDH.convertKey(encoded, OPENSSL[curve.name], undefined, undefined, FORM);
    return new Uint8Array(point as Buffer).subarray(1);
  });

const FORM = 'uncompressed';

// OpenSSL throws for scalars out of range and for what is no point: values of the world.
const refusing = <Value>(compute: () => Value): Value | undefined => {
  try {
    return compute();
  } catch {
    return undefined;
  }
};
