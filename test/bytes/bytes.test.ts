import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBcd, fromCompressedNumeric, toBcd, toCompressedNumeric } from '#bytes/bcd.ts';
import { bit, bitAt, concat, equal, startsWith, withBit, xor } from '#bytes/bytes.ts';
import { fromHex, hex, toHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed, malformed } from '#bytes/malformed.ts';

describe('hexadecimal', () => {
  it('comes back from any bytes as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });

  it('may have blanks between its bytes, and letters of either case', () => {
    expect(fromHex(' 9f 02\n06')).toEqual(Uint8Array.of(0x9f, 2, 6));
  });

  it.each(['9', '9G', '0x9F', '9F0'])('is not what "%s" is', (text) => {
    expect(fromHex(text)).toBeUndefined();
    expect(() => hex(text)).toThrow(TypeError);
  });
});

describe('format n', () => {
  it('comes back from any amount of twelve digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (amount) => {
        expect(fromBcd(toBcd(amount, 6))).toBe(amount);
      }),
    );
  });

  it('is right justified with leading zeros', () => {
    expect(toHex(toBcd(1250, 6))).toBe('000000001250');
  });

  it('keeps the last digits of a number that is too long', () => {
    expect(toHex(toBcd(12345, 2))).toBe('2345');
  });

  it('is no number when a nibble is above 9', () => {
    expect(fromBcd(hex('12A4'))).toBeUndefined();
    expect(fromBcd(hex('1F'))).toBeUndefined();
  });
});

describe('format cn', () => {
  it('comes back from any digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{0,19}$/), (digits) => {
        expect(fromCompressedNumeric(toCompressedNumeric(digits))).toBe(digits);
      }),
    );
  });

  it('is left justified and padded with F', () => {
    expect(toHex(toCompressedNumeric('672642890204684600007'))).toBe('672642890204684600007F');
    expect(fromCompressedNumeric(hex('67264289020468460FFF'))).toBe('67264289020468460');
  });

  it('holds nothing but digits before its padding', () => {
    expect(fromCompressedNumeric(hex('12D4'))).toBeUndefined();
    expect(fromCompressedNumeric(hex('1F34'))).toBeUndefined();
  });
});

describe('bits as the books number them', () => {
  it('count bytes from 1 and bits from 8 down', () => {
    const tvr = hex('8000008000');
    expect(bit(tvr, 1, 8)).toBe(true);
    expect(bit(tvr, 4, 8)).toBe(true);
    expect(bit(tvr, 4, 7)).toBe(false);
    expect(bitAt(hex('01'), [1, 1])).toBe(true);
  });

  it('are clear in a byte that is not there', () => {
    expect(bit(hex('FF'), 2, 8)).toBe(false);
  });

  it('are set and cleared in a copy', () => {
    const before = hex('00F0');
    expect(toHex(withBit(before, 1, 8, true))).toBe('80F0');
    expect(toHex(withBit(before, 2, 8, false))).toBe('0070');
    expect(toHex(before)).toBe('00F0');
  });
});

describe('bytes side by side', () => {
  it('are joined, compared and combined', () => {
    expect(toHex(concat(hex('A0'), hex(''), hex('0003')))).toBe('A00003');
    expect(equal(hex('A0'), hex('A000'))).toBe(false);
    expect(startsWith(hex('A0000000031010'), hex('A000000003'))).toBe(true);
    expect(startsWith(hex('A000'), hex('A00000'))).toBe(false);
    expect(toHex(xor(hex('FF0F'), hex('0FFF')))).toBe('F0F0');
  });
});

describe('what is malformed', () => {
  it('says where and why', () => {
    const problem = malformed(['77', '9F10'], 12, 'length 9 runs past the end');
    expect(isMalformed(problem)).toBe(true);
    expect(isMalformed([])).toBe(false);
    expect(describeMalformed(problem)).toBe('77 › 9F10 at 12: length 9 runs past the end');
  });
});
