import { constants, createPublicKey, publicDecrypt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RsaPublicKey, recover, rsaPublicKey } from '#crypto/rsa.ts';
import { generateTestKey, type TestKey } from '#test/support/test-pki.ts';

const publicKeyOf = ({ modulus, exponent }: TestKey): RsaPublicKey => {
  const key = rsaPublicKey(modulus, exponent);
  if (key === undefined) throw new Error('no key');
  return key;
};

const LENGTHS = [64, 80, 128, 176, 248];

describe.each(LENGTHS)('with a modulus of %i bytes', (length) => {
  describe.each([3, 65537] as const)('and exponent %i', (exponent) => {
    const pair = generateTestKey(length, exponent);
    const key = publicKeyOf(pair);

    // Below any modulus, whose first bit is set.
    const block = fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => Uint8Array.from(bytes, (byte, i) => (i === 0 ? byte & 0x7f : byte)));

    test('what was signed is recovered, leading zeros too', () => {
      fc.assert(
        fc.property(block, (message) => {
          expect(recover(key, pair.sign(message))).toEqual(message);
        }),
        { numRuns: 10 },
      );
      const small = new Uint8Array(length);
      small[length - 1] = 2;
      expect(recover(key, pair.sign(small))).toEqual(small);
    });

    test('any block comes out as OpenSSL has it', () => {
      const openSsl = createPublicKey(pair.pem);
      fc.assert(
        fc.property(block, (signature) => {
          const theirs = publicDecrypt(
            { key: openSsl, padding: constants.RSA_NO_PADDING },
            signature,
          );
          expect(recover(key, signature)).toEqual(Uint8Array.from(theirs));
        }),
        { numRuns: 25 },
      );
    });

    test('a signature of another length, or not below the modulus, gives nothing', () => {
      expect(recover(key, new Uint8Array(length - 1))).toBeUndefined();
      expect(recover(key, new Uint8Array(length + 1))).toBeUndefined();
      expect(recover(key, new Uint8Array(0))).toBeUndefined();
      expect(recover(key, pair.modulus)).toBeUndefined();
      expect(recover(key, new Uint8Array(length).fill(0xff))).toBeUndefined();
    });
  });
});

test('a key that EMV does not allow is none', () => {
  const modulus = new Uint8Array(128).fill(0xc5);
  expect(rsaPublicKey(modulus, 3)).toBeDefined();
  expect(rsaPublicKey(modulus, 65537)).toBeDefined();
  expect(rsaPublicKey(modulus, 2)).toBeUndefined();
  expect(rsaPublicKey(modulus, 17)).toBeUndefined();
  expect(rsaPublicKey(new Uint8Array(0), 3)).toBeUndefined();
  expect(rsaPublicKey(modulus.slice(0, 63), 3)).toBeUndefined();
  expect(rsaPublicKey(new Uint8Array(249).fill(0xc5), 3)).toBeUndefined();
  expect(rsaPublicKey(modulus.with(127, 0xc4), 3)).toBeUndefined();
  expect(rsaPublicKey(modulus.with(0, 0), 3)).toBeUndefined();
});
