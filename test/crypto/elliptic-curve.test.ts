import { p256 as nobleP256, p521 as nobleP521 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { toBytes } from '#crypto/big-integer.ts';
import {
  addPoints,
  type EllipticCurve,
  isOnCurve,
  multipliedX,
  negated,
  p256,
  p521,
  pointFromX,
  publicPoint,
} from '#crypto/elliptic-curve.ts';
import { given, point, vectors } from './kernel-8-vectors.ts';

const CURVES = [
  { curve: p256, noble: nobleP256.Point },
  { curve: p521, noble: nobleP521.Point },
];

const scalarOf = ({ order }: EllipticCurve) => fc.bigInt({ min: 1n, max: order - 1n });

describe('a point from its x alone', () => {
  test.each(vectors(/^point-restore/))('$id: the smaller y', (vector) => {
    expect(pointFromX(p256, given(vector.in, 'x'))).toEqual(point(vector.out, 'restoredXY'));
  });

  test.each(vectors(/^point-not-on-curve/))('$id is none', (vector) => {
    const x = given(vector.in, 'x');
    expect(pointFromX(p256, x)).toBeUndefined();
    expect(multipliedX(p256, toBytes(5n, 32), x)).toBeUndefined();
  });
});

describe.each(CURVES)('$curve.name', ({ curve, noble }) => {
  const nobleBytes = (scalar: bigint) =>
    Uint8Array.from(noble.BASE.multiplyUnsafe(scalar).toBytes(false)).subarray(1);
  const encoded = (scalar: bigint) => toBytes(scalar, curve.fieldBytes);

  test('has the parameters that the library has', () => {
    expect(curve.modulus).toBe(noble.Fp.ORDER);
    expect(curve.order).toBe(noble.Fn.ORDER);
  });

  test('multiplies, adds and recovers as another implementation does', () => {
    fc.assert(
      fc.property(scalarOf(curve), scalarOf(curve), (k, m) => {
        const left = publicPoint(curve, encoded(k)) ?? new Uint8Array();
        const right = publicPoint(curve, encoded(m)) ?? new Uint8Array();
        expect(left).toEqual(nobleBytes(k));
        const x = (bytes: Uint8Array) => bytes.subarray(0, curve.fieldBytes);
        expect(multipliedX(curve, encoded(k), right)).toEqual(x(nobleBytes((k * m) % curve.order)));
        expect(multipliedX(curve, encoded(k), x(right))).toEqual(
          x(nobleBytes((k * m) % curve.order)),
        );
        if (k !== m)
          expect(addPoints(curve, left, right)).toEqual(nobleBytes((k + m) % curve.order));
        expect([left, negated(curve, left)]).toContainEqual(pointFromX(curve, x(left)));
      }),
      { numRuns: 20 },
    );
  });

  test('doubles a point, and knows that opposites add up to nothing', () => {
    const seven = publicPoint(curve, encoded(7n)) ?? new Uint8Array();
    expect(addPoints(curve, seven, seven)).toEqual(nobleBytes(14n));
    expect(addPoints(curve, seven, negated(curve, seven))).toBeUndefined();
    expect(negated(curve, negated(curve, seven))).toEqual(seven);
  });

  test('takes no scalar but 1 to n - 1', () => {
    const base = publicPoint(curve, encoded(1n)) ?? new Uint8Array();
    for (const scalar of [0n, curve.order, curve.order + 1n]) {
      expect(publicPoint(curve, encoded(scalar))).toBeUndefined();
      expect(multipliedX(curve, encoded(scalar), base)).toBeUndefined();
    }
    expect(publicPoint(curve, encoded(curve.order - 1n))).toEqual(negated(curve, base));
    expect(publicPoint(curve, new Uint8Array())).toBeUndefined();
  });

  test('takes nothing for a point that lies off the curve, and infinity has no form', () => {
    const base = publicPoint(curve, encoded(1n)) ?? new Uint8Array();
    const wrongY = Uint8Array.from(base);
    wrongY[wrongY.length - 1] = (wrongY.at(-1) ?? 0) ^ 1;
    const zero = new Uint8Array(2 * curve.fieldBytes);
    const beyond = concat(
      toBytes(curve.modulus, curve.fieldBytes),
      base.subarray(curve.fieldBytes),
    );
    for (const bytes of [wrongY, zero, beyond, new Uint8Array(), base.subarray(1)]) {
      expect(isOnCurve(curve, bytes)).toBe(false);
      expect(multipliedX(curve, encoded(3n), bytes)).toBeUndefined();
    }
    expect(isOnCurve(curve, base)).toBe(true);
    expect(pointFromX(curve, toBytes(curve.modulus, curve.fieldBytes))).toBeUndefined();
    expect(pointFromX(curve, base)).toBeUndefined();
  });

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), fc.uint8Array({ maxLength: 70 }), (a, b) => {
        expect(() => [
          publicPoint(curve, a),
          multipliedX(curve, b, a),
          pointFromX(curve, a),
          isOnCurve(curve, a),
        ]).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

test('a point of small order on a curve with another b lies off this one', () => {
  // (x, 0) has order 2 wherever it lies; on P-256 there is no such point.
  for (const x of [0n, 1n, 3n, p256.modulus - 1n]) {
    const small = hex(`${toHex(toBytes(x, 32))}${'00'.repeat(32)}`);
    expect(isOnCurve(p256, small)).toBe(false);
    expect(multipliedX(p256, toBytes(2n, 32), small)).toBeUndefined();
  }
});
