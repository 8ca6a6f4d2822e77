import { p256 as nobleP256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBigInt, toBytes } from '#crypto/big-integer.ts';
import { ecSdsaP256, ecSdsaP521, verifyEcSdsa } from '#crypto/ec-sdsa.ts';
import { negated, p256, publicPoint } from '#crypto/elliptic-curve.ts';
import { sha256 } from '#crypto/sha2.ts';
import { signEcSdsa } from '#drivers/simulated/issuer/ec-sdsa.ts';
import { given, point, type Vector, vectors } from './kernel-8-vectors.ts';

const suiteOf = ({ id }: Vector) => (id.endsWith('p521') ? ecSdsaP521 : ecSdsaP256);
const NOTHING = new Uint8Array();

describe('a signature of the worked examples', () => {
  test.each(vectors(/^worked-ecsdsa/))('$id is made and believed', (vector) => {
    const suite = suiteOf(vector);
    const [d, k, message] = ['d', 'k', 'message'].map((name) => given(vector.in, name));
    const signature = given(vector.out, 'signature');
    const key = point(vector.out, 'publicXY');
    expect(publicPoint(suite.curve, d ?? NOTHING)).toEqual(key);
    expect(signEcSdsa(suite, d ?? NOTHING, k ?? NOTHING, message ?? NOTHING)).toEqual(signature);
    expect(verifyEcSdsa(suite, key, message ?? NOTHING, signature)).toBe(true);
  });

  test.each(vectors(/^worked-ecsdsa/))('$id is not believed once a bit is flipped', (vector) => {
    const suite = suiteOf(vector);
    const message = given(vector.in, 'message');
    const signature = given(vector.out, 'signature');
    const key = point(vector.out, 'publicXY');
    for (const at of [0, 17, suite.hashBytes - 1, suite.hashBytes, suite.signatureBytes - 1]) {
      const flipped = signature.with(at, (signature[at] ?? 0) ^ 0x10);
      expect(verifyEcSdsa(suite, key, message, flipped)).toBe(false);
    }
    const other = message.with(3, (message[3] ?? 0) ^ 0x01);
    expect(verifyEcSdsa(suite, key, other, signature)).toBe(false);
    expect(verifyEcSdsa(suite, key, message, signature.subarray(1))).toBe(false);
    expect(verifyEcSdsa(suite, key, message, NOTHING)).toBe(false);
  });

  test.each(vectors(/^worked-ecsdsa/))("$id is not believed of the key's opposite", (vector) => {
    const suite = suiteOf(vector);
    const key = negated(suite.curve, point(vector.out, 'publicXY'));
    const message = given(vector.in, 'message');
    expect(verifyEcSdsa(suite, key, message, given(vector.out, 'signature'))).toBe(false);
  });
});

const scalars = fc.bigInt({ min: 1n, max: p256.order - 1n });

test('whatever key signs, the signature is believed, and another implementation agrees', () => {
  const { BASE, Fn } = nobleP256.Point;
  fc.assert(
    fc.property(scalars, scalars, fc.uint8Array({ maxLength: 90 }), (d, k, message) => {
      const signature = signEcSdsa(ecSdsaP256, toBytes(d, 32), toBytes(k, 32), message);
      const key = publicPoint(p256, toBytes(d, 32)) ?? NOTHING;
      expect(verifyEcSdsa(ecSdsaP256, key, message, signature)).toBe(true);
      const r = toBigInt(signature.subarray(0, 32)) % Fn.ORDER;
      const s = toBigInt(signature.subarray(32));
      const sum = BASE.multiplyUnsafe(s).subtract(BASE.multiplyUnsafe(d).multiplyUnsafe(r));
      expect(sha256(toBytes(sum.x, 32), message)).toEqual(signature.subarray(0, 32));
    }),
    { numRuns: 10 },
  );
});

test('s of zero or from n, and keys off the curve, are refused and throw nothing', () => {
  const key = publicPoint(p256, toBytes(9n, 32)) ?? NOTHING;
  for (const s of [0n, p256.order, 2n ** 256n - 1n]) {
    const signature = new Uint8Array(64).fill(7);
    signature.set(toBytes(s, 32), 32);
    expect(verifyEcSdsa(ecSdsaP256, key, NOTHING, signature)).toBe(false);
  }
  const zeroR = new Uint8Array(64);
  zeroR[63] = 1;
  expect(verifyEcSdsa(ecSdsaP256, key, NOTHING, zeroR)).toBe(false);
  expect(verifyEcSdsa(ecSdsaP256, new Uint8Array(64), NOTHING, zeroR)).toBe(false);
  expect(verifyEcSdsa(ecSdsaP256, key.subarray(0, 32), NOTHING, zeroR)).toBe(false);
});
