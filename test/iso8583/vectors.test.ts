import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import {
  createFramer,
  decode,
  dialects,
  encode,
  type FieldValue,
  type Message,
  toAscii,
} from '#iso8583/index.ts';

// Other implementations' own test vectors, those of them that our formats can say. Each with its
// source: moov-io/iso8583 (Apache-2.0), knovichikhin/pyiso8583 (LGPL-2.1+), adelosa/cardutil (MIT).

const message = (mti: string, ...fields: [number, FieldValue][]): Message => ({
  mti,
  fields: new Map(fields),
});
const good = <T extends object>(value: T | Malformed): T => {
  if (isMalformed(value)) throw new Error(JSON.stringify(value));
  return value;
};

const ascii = dialects['iso8583-1987-ascii'];
const characters = dialects['iso8583-1987-ascii-hex-bitmap'];
// Mixtures that these implementations test and none of our hosts has.
const packedDigits = {
  ...characters,
  numbers: 'bcd',
  codecs: dialects['iso8583-1987-bcd'].codecs,
} as const;
const packedLengths = { ...characters, lengths: 'bcd' } as const;
const of1993 = dialects['iso8583-1993-ascii'];

describe('encoded as others encode it', () => {
  test.each([
    [
      'moov message_test.go "Test packing with typed fields"',
      message('0100', [2, '4242424242424242'], [3, '123456'], [4, '000000000100']),
      characters,
      toHex(toAscii('01007000000000000000164242424242424242123456000000000100')),
    ],
    [
      'pyiso8583 test_tools.py test_pp_folding',
      message('0200', [123, '1234567890'.repeat(6)]),
      ascii,
      `30323030 8000000000000000 0000000000000020 303630 ${'31323334353637383930'.repeat(6)}`,
    ],
    [
      'pyiso8583 test_encode.py test_field_length_encoding[bcd-1-0-\\x00]',
      message('0210', [2, '']),
      packedLengths,
      '30323130 34303030303030303030303030303030 00',
    ],
    [
      'pyiso8583 test_nibbles.py test_encode_nibbles[b-ascii-2-8-nibbles]',
      message('0200', [2, '1234']),
      packedDigits,
      '30323030 34303030303030303030303030303030 3034 1234',
    ],
    [
      'pyiso8583 test_nibbles.py test_encode_nibbles_odd_left_pad[ascii-2-8-nibbles-0]',
      message('0200', [2, '123']),
      packedDigits,
      '30323030 34303030303030303030303030303030 3033 0123',
    ],
    [
      'cardutil test_mci_csv_to_ipm.py test_csv_to_ipm_has_DE48_only',
      message(
        '1644',
        [24, '697'],
        [48, '01050250022112070000005167800005011002500221120700000015995000050122001T'],
        [71, '00000001'],
      ),
      of1993,
      '31363434 80000100000100000200000000000000 363937 303732 30313035303235303032323131323037' +
        '30303030303035313637383030303035303131303032353030323231313230373030303030303135393935' +
        '303030303530313232303031543030303030303031',
    ],
  ])('%s', (_, given, dialect, expected) => {
    expect(toHex(good(encode(given, dialect)))).toBe(toHex(hex(expected)));
    expect(good(decode(hex(expected), dialect))).toEqual(given);
  });

  // moov prefix/ascii_test.go TestAsciiVarPrefixer_LHelpers: LL, LLL and LLLL.
  test.each<[number, string, string]>([
    [2, 'LL', '02'],
    [2, 'LL', '12'],
    [63, 'LLL', '002'],
    [63, 'LLL', '200'],
    [34, 'LLLL', '1234'],
  ])('moov ascii_test.go: the length of DE %i, %s, is %s', (number, kind, length) => {
    const dialect = kind === 'LLLL' ? dialects['iso8583-2003-ascii'] : ascii;
    const value = kind === 'LLLL' ? new Uint8Array(Number(length)) : '7'.repeat(Number(length));
    const bytes = good(encode(message(`${dialect.version}100`, [number, value]), dialect));
    expect(toHex(bytes.subarray(12, 12 + length.length))).toBe(toHex(toAscii(length)));
  });

  test('moov network/bcd_2bytes_test.go: a length of 115 in BCD', () => {
    const framer = createFramer({ header: 'bcd-2' });
    expect(toHex(good(framer.frame(new Uint8Array(115))).subarray(0, 2))).toBe('0115');
    const arrived = good(framer.split(new Uint8Array(), hex(`0115 ${'31'.repeat(115)}`)));
    expect(arrived.messages.map(({ length }) => length)).toEqual([115]);
    // "Read returns error when not enough data": of a stream, more is awaited.
    expect(good(framer.split(new Uint8Array(), hex('01'))).rest).toEqual(hex('01'));
  });
});

describe('decoded as others decode it', () => {
  test('cardutil test_mideu.py test_mideu_extract', () => {
    const bytes = hex('30313030 80000000040000000000000000000000 6E586D586C58');
    expect(good(decode(bytes, ascii))).toEqual(message('0100', [38, 'nXmXlX']));
  });

  test('cardutil test_mci_ipm_encode.py: a clearing message of 1993', () => {
    const bytes = hex(
      '31313434F0100542846180020200000400000000313634343434353535353434343435353535313131313131' +
        '3030303030303030393939393135303831353137313530303132333435363738393031323333333132333432' +
        '3335373939353739393132303030303030313233303631323036313233343536313233343536353739393432' +
        '313131313131313131343942494720424F42535C3830204B45524E44414C452053545C44414E45524C45595C' +
        '3331303320202020202056494341555330303830303031303031593939393031363030303030303030303030' +
        '303030303131323334353637383036393939393939',
    );
    const { mti, fields } = good(decode(bytes, of1993));
    expect(mti).toBe('1144');
    expect(Object.fromEntries(fields)).toMatchObject({
      2: '4444555544445555',
      3: '111111',
      4: '000000009999',
      12: '150815171500',
      22: '123456789012',
      24: '333',
      26: '1234',
      31: '57995799120000001230612',
      33: '123456',
      38: '123456',
      42: '579942111111111',
      43: 'BIG BOBS\\80 KERNDALE ST\\DANERLEY\\3103      VICAUS',
      49: '999',
      63: '0000000000000001',
      71: '12345678',
      94: '999999',
    });
  });

  test.each([
    ['odd_left_pad-0', '0123', '123'],
    ['even', '1234', '1234'],
  ])('pyiso8583 test_nibbles.py test_decode_nibbles: %s', (_, digits, value) => {
    const length = toHex(toAscii(value.length.toString().padStart(2, '0')));
    const bytes = hex(`30323030 34303030303030303030303030303030 ${length} ${digits}`);
    expect(good(decode(bytes, packedDigits))).toEqual(message('0200', [2, value]));
  });
});

describe('refused where others refuse it', () => {
  const zeros = '30'.repeat(15);
  test.each([
    [
      'test_decode.py test_primary_bitmap_decoding_negative: invalid data, field p pos 4',
      `30323130 FF${zeros}`,
      characters,
      'primary bitmap',
      4,
    ],
    [
      'test_decode.py test_secondary_bitmap_decoding_negative: 0 bytes, field 1 pos 20',
      `30323130 38${zeros}`,
      characters,
      'secondary bitmap',
      20,
    ],
    [
      'test_decode.py test_secondary_bitmap_decoding_negative: invalid data, field 1 pos 20',
      `30323130 38${zeros} FF${zeros}`,
      characters,
      'secondary bitmap',
      20,
    ],
    [
      'test_decode.py test_field_decoding_negative: 0 bytes, expecting 16, field 2 pos 21',
      `30323030 34${zeros} 16`,
      packedLengths,
      'DE 2',
      21,
    ],
    [
      'test_decode.py test_field_decoding_negative: extra data after field 2 pos 21',
      `30323030 34${zeros} 00 3132333435363738393031323334353637`,
      packedLengths,
      undefined,
      21,
    ],
  ])('pyiso8583 %s', (_, bytes, dialect, field, offset) => {
    const path = field === undefined ? [] : [field];
    expect(decode(hex(bytes), dialect)).toMatchObject({ malformed: true, path, offset });
  });

  // test_encode.py test_type_encoding_negative, test_type_no_key, test_EncodeError_exception
  test.each(['', '000', '02000'])('pyiso8583: a message type of "%s"', (mti) => {
    expect(encode(message(mti), ascii)).toMatchObject({ malformed: true, path: ['MTI'] });
  });

  test('pyiso8583 test_field_encoding_negative: a fixed field that is too short', () => {
    expect(encode(message('0210', [3, '12']), ascii)).toMatchObject({
      path: ['DE 3'],
      problem: 'length 2, expected 6',
    });
  });
});
