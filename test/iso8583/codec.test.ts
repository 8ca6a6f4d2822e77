import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { decode, dialects, encode, type FieldValue, type Message } from '#iso8583/index.ts';
import { anyMessage, dialectNames, requestIn } from './messages.ts';
import { elements } from './shown.ts';

const encoded = (message: Message, name: keyof typeof dialects): Uint8Array => {
  const bytes = encode(message, dialects[name]);
  if (isMalformed(bytes)) throw new Error(JSON.stringify(bytes));
  return bytes;
};
const message = (mti: string, ...fields: [number, FieldValue][]): Message => ({
  mti,
  fields: new Map(fields),
});

describe.each(dialectNames)('in %s', (name) => {
  test('a message that was sent is the message that arrives', () => {
    fc.assert(
      fc.property(anyMessage(name), (sent) => {
        const arrived = decode(encoded(sent, name), dialects[name]);
        if (isMalformed(arrived)) throw new Error(JSON.stringify(arrived));
        expect(elements(arrived)).toEqual(elements(sent));
      }),
    );
  });

  test('a message cut anywhere is malformed', () => {
    const whole = encoded(requestIn(name), name);
    for (let length = 0; length < whole.length; length++) {
      expect(decode(whole.subarray(0, length), dialects[name]), `${length}`).toHaveProperty(
        'malformed',
        true,
      );
    }
  });

  test('a flipped bit gives a message or an error, never an exception', () => {
    const whole = encoded(requestIn(name), name);
    for (let at = 0; at < whole.length * 8; at++) {
      const damaged = Uint8Array.from(whole);
      damaged[at >> 3] = (damaged[at >> 3] ?? 0) ^ (1 << (at & 7));
      const result = decode(damaged, dialects[name]);
      expect(isMalformed(result) || /^\d{4}$/.test(result.mti)).toBe(true);
    }
  });

  test('whatever bytes arrive, decoding ends in a message or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const result = decode(bytes, dialects[name]);
        expect(isMalformed(result) || result.fields.size >= 0).toBe(true);
      }),
    );
  });
});

describe('in BCD', () => {
  // By hand: MTI 0100, bits 2 22 35 49; PAN of 17 digits and DE 22 with a zero in front.
  const odd = message(
    '0100',
    [2, '12345678901234567'],
    [22, '072'],
    [35, '12345678901234567=2812201'],
    [49, '840'],
  );
  const bytes = hex(
    '0100 4000040020008000 17 012345678901234567 0072 25 012345678901234567D2812201 383430',
  );

  test('two digits share a byte and an odd one gets a zero in front', () => {
    expect(toHex(encoded(odd, 'iso8583-1987-bcd'))).toBe(toHex(bytes));
    expect(decode(bytes, dialects['iso8583-1987-bcd'])).toEqual(odd);
  });

  test('a nibble that is no digit is malformed, at its field', () => {
    const damaged = Uint8Array.from(bytes);
    damaged[12] = 0xa1;
    expect(decode(damaged, dialects['iso8583-1987-bcd'])).toMatchObject({
      path: ['DE 2'],
      offset: 11,
      problem: 'digits expected',
    });
  });
});

describe('an error names field and offset', () => {
  const ascii = dialects['iso8583-1987-ascii'];
  test.each([
    ['a length over the limit', '3031303040000000000000003230', ['DE 2'], 12],
    ['a length that is no number', '30313030400000000000000031 41', ['DE 2'], 12],
    ['a letter in an amount', `3031303010000000000000003030304130303030 30303030`, ['DE 4'], 12],
    ['an element the edition has not', '30313030800000000000000080000000000000 00', ['DE 65'], 20],
    [
      'a tag cut off inside DE 55',
      '303130300000000000000200 303034 9F260811',
      ['DE 55', '9F26'],
      15,
    ],
    ['bytes after the end', '3031303000000000000000 0055', [], 12],
    ['another edition', '313130300000000000000000', ['MTI'], 0],
  ])('%s', (_, bytes, path, offset) => {
    expect(decode(hex(bytes), ascii)).toMatchObject({ malformed: true, path, offset });
  });

  test.each<[string, FieldValue, string]>([
    ['4', '1250', 'length 4, expected 12'],
    ['4', '00000000125O', 'digits expected'],
    ['2', '12345678901234567890', 'length 20, expected at most 19'],
    ['52', '1234', 'bytes expected'],
    ['65', '1', 'no such data element in this dialect'],
    ['35', 'hello', 'digits and a separator expected'],
  ])('DE %s can not be sent as %j', (number, value, problem) => {
    expect(encode(message('0100', [Number(number), value]), ascii)).toMatchObject({
      path: [`DE ${number}`],
      problem,
    });
  });
});
