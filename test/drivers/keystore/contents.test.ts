import fc from 'fast-check';
import { expect, it } from 'vitest';
import { equal } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { loadInitialKey } from '#crypto/dukpt-register.ts';
import { type Contents, decodeContents, encodeContents } from '#drivers/keystore/contents.ts';
import { initial, KEY_ID, sound } from './key-material.ts';

const contents = (): Contents => ({
  transport: { usage: 'K1', algorithm: 'A', key: initial() },
  mac: { usage: 'M3', algorithm: 'T', key: initial().slice(0, 16) },
  account: {
    bits: 256,
    checkValue: hex('0102030405'),
    register: sound(loadInitialKey(initial(), KEY_ID)),
  },
  tokenKey: initial(hex('0000000000000001')),
  wrappingKey: initial(hex('0000000000000002')),
  usedKeyIds: ['1234567800000041', '1234567800000042'],
  after: '00112233AABBCCDD',
});

it('contents come back from their bytes, which may be overwritten then', () => {
  const bytes = encodeContents(contents());
  const back = sound(decodeContents(bytes));
  bytes.fill(0);
  expect(back).toEqual(contents());
});

it('a store without keys of others comes back, too', () => {
  const { tokenKey, wrappingKey } = contents();
  const bare = { tokenKey, wrappingKey, usedKeyIds: [], after: '' };
  const back = sound(decodeContents(encodeContents(bare)));
  expect(back).toMatchObject(bare);
  expect([back.transport, back.mac, back.account]).toEqual([undefined, undefined, undefined]);
});

it('bytes that are none, or cut off, are malformed, never an error', () => {
  const whole = encodeContents(contents());
  for (let length = 0; length < whole.length; length++) {
    const back = decodeContents(whole.subarray(0, length));
    if (!isMalformed(back))
      expect(equal(encodeContents(back), whole.subarray(0, length))).toBe(false);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(isMalformed(decodeContents(bytes))).toBe(true);
    }),
  );
});
