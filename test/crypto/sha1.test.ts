import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { sha1 } from '#crypto/sha1.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

// FIPS 180-2, Appendix A.
test.each([
  ['abc', 'A9993E364706816ABA3E25717850C26C9CD0D89D'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '84983E441C3BD26EBAAE4AA1F95129E5E54670F1',
  ],
])('the hash of %s is the standard one', (text, digest) => {
  expect(sha1(ascii(text))).toEqual(hex(digest));
});

test('the hash of nothing has 20 bytes too', () => {
  expect(sha1()).toEqual(hex('DA39A3EE5E6B4B0D3255BFEF95601890AFD80709'));
});

test('parts hash like the whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, at) => {
      expect(sha1(bytes.subarray(0, at), bytes.subarray(at))).toEqual(sha1(bytes));
    }),
  );
});
