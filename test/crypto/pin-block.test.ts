import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import {
  decipherPinBlock,
  decipherPinBlock4,
  encipherPinBlock,
  encipherPinBlock4,
  panField4,
  pinBlock0,
  pinBlock3,
  pinField4,
  readPinBlock,
  readPinField4,
} from '#crypto/pin-block.ts';
import { good, refused } from './outcomes.ts';

// psec: knovichikhin/psec@90ccbf3, tests/test_pinblock.py. openemv: X9.24-3:2017 Supplement, page
// 31, as in openemv/dukpt@1d01dda; jpos and others with DUKPT: dukpt-vectors.ts.
const PAN = '5555555551234567';

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const pins = fc.string({ unit: digit, minLength: 4, maxLength: 12 });
const pans = fc.string({ unit: digit, minLength: 13, maxLength: 19 });
const fills = fc.string({ unit: fc.constantFrom(...'ABCDEF'), minLength: 10, maxLength: 14 });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const tdesKeys = fc.oneof(bytes(16), bytes(24));
const aesKeys = fc.oneof(bytes(16), bytes(24), bytes(32));

describe('format 0', () => {
  test('of PIN 1234 is the published one', () => {
    expect(toHex(good(pinBlock0('1234', '4012345678909')))).toBe('041274EDCBA9876F');
  });

  test('gives the PIN back, clear and enciphered', () => {
    fc.assert(
      fc.property(pins, pans, tdesKeys, (pin, pan, key) => {
        const clear = good(pinBlock0(pin, pan));
        expect(readPinBlock(clear, pan)).toBe(pin);
        expect(decipherPinBlock(key, good(encipherPinBlock(key, clear)), pan)).toBe(pin);
      }),
    );
  });
});

describe('format 3', () => {
  test('is format 0 with other fill', () => {
    const zero = good(pinBlock0('1234', PAN));
    const three = good(pinBlock3('1234', PAN, 'F'.repeat(10)));
    expect(toHex(three)).toBe(`3${toHex(zero).slice(1)}`);
  });

  test('gives the PIN back, clear and enciphered', () => {
    fc.assert(
      fc.property(pins, pans, fills, tdesKeys, (pin, pan, fill, key) => {
        const clear = good(pinBlock3(pin, pan, fill));
        expect(readPinBlock(clear, pan)).toBe(pin);
        expect(decipherPinBlock(key, good(encipherPinBlock(key, clear)), pan)).toBe(pin);
      }),
    );
  });

  test('differs with every fill', () => {
    expect(pinBlock3('1234', PAN, 'ABCDEFABCD')).not.toEqual(pinBlock3('1234', PAN, 'ABCDEFABCC'));
  });

  test.each(['ABCDEFABC', 'ABCDEFABC0', 'abcdefabcd', ''])('refuses the fill "%s"', (fill) => {
    expect(refused(pinBlock3('1234', PAN, fill))).toContain('not enough digits from A to F');
  });
});

describe('format 4', () => {
  test('PIN field: the random half behind', () => {
    const random = hex('193581F64D8981D6');
    // psec-pinblock-202
    expect(toHex(good(pinField4('1234', random)))).toBe('441234AAAAAAAAAA193581F64D8981D6');
    // openemv, X9.24-3
    expect(toHex(good(pinField4('1234', hex('2F69ADDE2E9E7ACE'))))).toBe(
      '441234AAAAAAAAAA2F69ADDE2E9E7ACE',
    );
  });

  test.each([
    // openemv, X9.24-3; psec-pinblock-194; the shortest: 12 digits, and fewer with zeros before.
    ['16 digits', '4111111111111111', '44111111111111111000000000000000'],
    ['18 digits', '112233445566778899', '61122334455667788990000000000000'],
    ['12 digits', '123456789012', '01234567890120000000000000000000'],
    ['11 digits', '12345678901', '00123456789010000000000000000000'],
  ])('account number field of %s', (_, pan, field) => {
    expect(toHex(good(panField4(pan)))).toBe(field);
  });

  test('gives the PIN back', () => {
    fc.assert(
      fc.property(pins, pans, aesKeys, bytes(8), (pin, pan, key, random) => {
        const block = good(encipherPinBlock4(key, pin, pan, random));
        expect(block.length).toBe(16);
        expect(decipherPinBlock4(key, block, pan)).toBe(pin);
      }),
    );
  });

  test('is bound to the account: with another one there is no PIN', () => {
    fc.assert(
      fc.property(pins, aesKeys, bytes(8), (pin, key, random) => {
        const block = good(encipherPinBlock4(key, pin, PAN, random));
        // By chance one in some millions has the form of a PIN field.
        expect(decipherPinBlock4(key, block, '4111111111111111')).not.toBe(pin);
      }),
    );
  });
});

describe('PINs and accounts that can not be', () => {
  const random = new Uint8Array(8);
  const key = hex('31313131313131313131313131313131');

  // psec-pinblock-170, -177, -195, and others of their kind.
  test.each(['123A', '123', '', '1234567890123', '12 4', '１２３４'])('the PIN "%s"', (pin) => {
    const problem = 'PIN at 0: not 4 to 12 digits';
    expect(refused(pinBlock0(pin, '55555555555555'))).toBe(problem);
    expect(refused(pinBlock3(pin, PAN, 'A'.repeat(14)))).toBe(problem);
    expect(refused(pinField4(pin, random))).toBe(problem);
    expect(refused(encipherPinBlock4(key, pin, '55555555555555', random))).toBe(problem);
  });

  // psec-pinblock-186 and -202.
  test.each(['5555555555555A', '555555555555', '', '5'.repeat(20)])('an account number', (pan) => {
    expect(refused(pinBlock0('1234', pan))).toContain('primary account number at 0');
    expect(refused(pinBlock3('1234', pan, 'A'.repeat(10)))).toContain('primary account number');
    expect(refused(readPinBlock(new Uint8Array(8), pan))).toContain('primary account number');
  });

  test('an account number for format 4', () => {
    for (const pan of ['', '5'.repeat(20), '5555555555555A']) {
      expect(refused(encipherPinBlock4(key, '1234', pan, random))).toContain('not 1 to 19 digits');
      expect(refused(decipherPinBlock4(key, new Uint8Array(16), pan))).toContain('1 to 19');
    }
  });
});

describe('blocks that hold no PIN', () => {
  test.each([
    // psec-pinblock-223, -246: a length that PINs don't have.
    ['0F1261AAAAEDCBA9', 'PIN block › length at 0: not from 4 to 12'],
    ['321261AAAAEDCBA9', 'PIN block › length at 0: not from 4 to 12'],
    ['241261AAAAEDCBA9', 'PIN block › format at 0: neither 0 nor 3'],
    ['04A261AAAAEDCBA9', 'PIN block › PIN at 1: not digits'],
    ['041261AAAAEDCBA0', 'PIN block › fill at 1: not filled'],
    ['0412', 'PIN block at 0: 2 bytes instead of 8'],
  ])('%s', (clear, problem) => {
    expect(refused(readPinBlock(hex(clear), PAN))).toBe(problem);
  });

  test.each([
    // psec-pinblock-258: length 3.
    ['43123AAAAAAAAAAA548ED7FD65495950', 'PIN block › length at 0: not from 4 to 12'],
    ['341234AAAAAAAAAA548ED7FD65495950', 'PIN block › format at 0: not 4'],
    ['44123AAAAAAAAAAA548ED7FD65495950', 'PIN block › PIN at 1: not digits'],
    ['441234AAAAAAAAAB548ED7FD65495950', 'PIN block › fill at 1: not filled'],
    ['441234AAAAAAAAAA', 'PIN field at 0: 8 bytes instead of 16'],
  ])('PIN field %s', (field, problem) => {
    expect(refused(readPinField4(hex(field)))).toBe(problem);
  });

  test('an enciphered one whose length is 3 (psec-pinblock-282)', () => {
    const key = hex('4FE3F0311936FBCE44F17159F1659CF09B2BF8913BB514A1');
    const block = hex('51334B00A6CBA3EC7B1C6F871F060AFC');
    expect(refused(decipherPinBlock4(key, block, '2129100799029059903'))).toBe(
      'PIN block › length at 0: not from 4 to 12',
    );
  });

  test('noise is refused or read, never thrown at, and no problem repeats it', () => {
    fc.assert(
      fc.property(bytes(16), bytes(16), (key, noise) => {
        for (const outcome of [
          decipherPinBlock4(key, noise, PAN),
          decipherPinBlock(key, noise.subarray(8), PAN),
          readPinBlock(noise.subarray(8), PAN),
        ]) {
          if (isMalformed(outcome)) expect(outcome.problem).not.toMatch(/\d{3}/);
        }
      }),
    );
  });

  test('keys and blocks of other lengths are refused', () => {
    const key = new Uint8Array(16);
    expect(refused(encipherPinBlock(key.subarray(8), new Uint8Array(8)))).toContain('PIN key');
    expect(refused(encipherPinBlock(key, new Uint8Array(16)))).toContain('PIN block at 0');
    expect(refused(decipherPinBlock(key, new Uint8Array(16), PAN))).toContain('PIN block at 0');
    expect(refused(encipherPinBlock4(key.subarray(8), '1234', PAN, new Uint8Array(8)))).toContain(
      'PIN key',
    );
    expect(refused(encipherPinBlock4(key, '1234', PAN, key))).toContain('random at 0');
    expect(refused(decipherPinBlock4(key.subarray(1), key, PAN))).toContain('PIN key');
    expect(refused(decipherPinBlock4(key, key.subarray(8), PAN))).toContain('PIN block at 0');
  });
});
