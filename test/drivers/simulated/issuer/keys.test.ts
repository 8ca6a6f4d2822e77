import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { issuerOf, issuers } from '#drivers/simulated/issuer/index.ts';
import {
  commonAesSessionKey,
  commonSessionKey,
  mastercardSessionKey,
  masterKeyA,
  masterKeyB,
  masterKeyC,
  pbocSessionKey,
  sessionKey,
} from '#drivers/simulated/issuer/key-derivation.ts';
import { given, vectors } from '#test/crypto/kernel-8-vectors.ts';

const KEY = hex('0123456789ABCDEFFEDCBA9876543210');

// Sources: pyemv (knovichikhin, tests/test_kd_hsm.py and documentation, captured from its passing
// tests) where the line says so; the others were computed twice, by hand-written tools.
describe('a card key with AES', () => {
  test.each(vectors(/^mk-aes/))('by option C, as another implementation: $id', (vector) => {
    const { PAN: pan = '', PSN: psn = '' } = vector.in;
    expect(masterKeyC(given(vector.in, 'IMK'), pan, psn)).toEqual(given(vector.out, 'MK'));
  });

  test('and its session key (computed)', () => {
    const key = masterKeyC(hex('000102030405060708090A0B0C0D0E0F'), '4761739001010119', '01');
    expect(toHex(key)).toBe('3D1F740ECD306E9B28DEAC137078CEF5');
    const session = commonAesSessionKey(key, hex('001A'));
    expect(toHex(session)).toBe('5AE001DE0CBDA36CCF3B6235657DDA01');
  });
});

describe('a card key', () => {
  test.each([
    ['1234567890123456', '00', '154F349D8585CB7F6B0798E9839B10C1', 'pyemv test_kd_hsm'],
    ['12345678901234567', '01', '73AD54688CEF2934B0979857E3C719F1', 'pyemv documentation'],
    ['12345678901234567', '45', '946DC1A8C78A624519BC4645CB073737', 'pyemv test_kd_hsm'],
    ['4761739001010119', '01', '80A89B585BBF64C2F12915BF578FABE0', 'computed'],
  ])('by option A takes the rightmost 16 digits of %s and %s', (pan, psn, expected) => {
    expect(toHex(masterKeyA(KEY, pan, psn))).toBe(expected);
  });

  test('by option A of another issuer is another key (pyemv test_kd_hsm)', () => {
    const other = hex('11111111111111112222222222222222');
    expect(toHex(masterKeyA(other, '1234567890123456', '01'))).toBe(
      '52E0E0B69202802A9170C7B6D3BCB5D0',
    );
  });

  test('by option B hashes account numbers of more than 16 digits (pyemv)', () => {
    expect(toHex(masterKeyB(KEY, '12345678901234567', '01'))).toBe(
      'AD406D7F6D7570916D75E5DCAB8CF737',
    );
    expect(toHex(masterKeyB(KEY, '12345678901234567', '45'))).toBe(
      'F767ECC2263B2C543775CB62AB6B57D6',
    );
  });

  test('by option B is that of option A for 16 digits, and takes no sequence number as 00', () => {
    expect(toHex(masterKeyB(KEY, '1234567890123456'))).toBe('154F349D8585CB7F6B0798E9839B10C1');
  });

  test('by option B reads letters as digits when a hash has too few of them', () => {
    // SHA-1 of 00 4761730000000000746 01 has 12 decimal digits (computed with Python's hashlib).
    expect(toHex(masterKeyB(KEY, '4761730000000000746', '01'))).toBe(
      toHex(masterKeyA(KEY, '13640236623220', '13')),
    );
  });
});

describe('a session key', () => {
  test.each([
    ['154F349D8585CB7F6B0798E9839B10C1', '1234567890123456', '91E5C4FEF4F7CBD6D53776B6F7C4EA2F'],
    ['F767ECC2263B2C543775CB62AB6B57D6', '1234567890123456', '57BC2351208C7AB0B6F2C8ABC2F7972C'],
    ['19296D4CD626859E8AADDF0B2AAB8FEA', 'C30E54BE496CF5E5', 'A249C8685D0EDC0E645DB9CBAE0745E9'],
  ])('of %s (pyemv test_kd_hsm, but for key parity)', (master, diversification, expected) => {
    expect(oddParity(sessionKey(hex(master), hex(diversification)))).toBe(expected);
  });

  test('of EMV depends on the transaction counter alone', () => {
    expect(oddParity(commonSessionKey(KEY, hex('001C')))).toBe('E9FB384AF807B940FEDCEA613461B0C4');
  });

  test('of Mastercard depends on the unpredictable number too', () => {
    const master = hex('80A89B585BBF64C2F12915BF578FABE0');
    expect(oddParity(mastercardSessionKey(master, hex('001A'), hex('11223344')))).toBe(
      'CE2F02BAAE6E379B38A4F175838ABA98',
    );
    expect(oddParity(commonSessionKey(master, hex('001A')))).toBe(
      'CDC2C8DFE9BA0EA75419D915EAD54961',
    );
  });
});

test('a session key of PBOC is the counter, and the counter inverted, under the card key', () => {
  // Computed with node:crypto's own triple DES, half by half.
  const half = (block: string) => {
    const cipher = createCipheriv('des-ede', KEY, null).setAutoPadding(false);
    return cipher.update(hex(block)).toString('hex').toUpperCase();
  };
  expect(toHex(pbocSessionKey(KEY, hex('001A')))).toBe(
    half('000000000000001A') + half('000000000000FFE5'),
  );
});

describe('the issuers', () => {
  test('know their own account numbers and no others', () => {
    expect(issuerOf('4761739001010119')?.scheme).toBe('visa');
    expect(issuerOf('5413330089020011')?.scheme).toBe('mastercard');
    expect(issuerOf('6250940000000001')?.scheme).toBe('unionpay');
    expect(issuerOf('6510000000000001')?.scheme).toBe('discover');
    expect(issuerOf('4012888888881881')).toBeUndefined();
    expect(issuerOf('')).toBeUndefined();
  });

  test('have double-length keys of their own', () => {
    const keys = issuers.map(({ masterKey }) => toHex(masterKey));
    expect(new Set(keys).size).toBe(issuers.length);
    for (const key of keys) expect(key).toHaveLength(32);
  });
});

/** DES ignores bit 1 of each key byte; the vectors print it as odd parity. */
const oddParity = (key: Uint8Array): string =>
  toHex(
    key.map((byte) => {
      const ones = (byte & 0xfe).toString(2).replaceAll('0', '').length;
      return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0);
    }),
  );
