import { expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { describe, type FieldValue, iccData, type Message } from '#iso8583/index.ts';
import { request } from './messages.ts';

const withFields = (...fields: [number, FieldValue][]): Message => ({
  mti: '0100',
  fields: new Map([...request.fields, ...fields]),
});

test('a described message shows amounts and tags, and of the account only its ends', () => {
  const lines = describe(request);
  expect(lines).toMatchObject({
    MTI: '0100',
    'DE 2': '476173******0119',
    'DE 4': '000000001250',
    'DE 35': '476173******0119=(hidden)',
    'DE 55 9F26': '1122334455667788',
  });
});

test('account data inside DE 55, tracks, PIN and private fields stay hidden', () => {
  const lines = describe(
    withFields(
      [45, 'B4761739001010119^NAME/TEST^2812201'],
      [48, 'PAN 4761739001010119'],
      [52, hex('1122334455667788')],
      [
        55,
        hex(
          '5A084761739001010119 57114761739001010119D28122010000000000 5F200454455354' +
            '700A5A084761739001010119 DF7F084761739001010119',
        ),
      ],
    ),
  );
  expect(JSON.stringify(lines)).not.toMatch(/4761739001010119|1122334455667788|TEST|54455354/);
  expect(lines).toMatchObject({
    'DE 55 5A': '476173******0119',
    'DE 55 57': '476173******0119D(hidden)',
    'DE 55 70 5A': '476173******0119',
  });
});

test('somebody with the right to it may ask for account data, but not for a PIN', () => {
  const lines = describe(withFields([52, hex('1122334455667788')]), 'shown');
  expect(lines['DE 2']).toBe('4761739001010119');
  expect(lines['DE 52']).toBe('(hidden)');
});

test('a DE 55 that is no TLV is not shown at all', () => {
  expect(describe(withFields([55, hex('5A084761739001')]))['DE 55']).toBe('(hidden) 7');
});

// adelosa/cardutil tests/test_iso8583.py test_icc_to_dict (MIT)
test('DE 55 is a map of tags', () => {
  expect(iccData(withFields([55, hex('0101419F01021234')]))).toEqual(
    new Map([
      [0x01, hex('41')],
      [0x9f01, hex('1234')],
    ]),
  );
});

// adelosa/cardutil tests/test_iso8583.py, invalid and truncated DE 55 (MIT)
test.each([
  ['9F', ['DE 55'], 0],
  ['9F0210', ['DE 55', '9F02'], 0],
  ['9F02060000', ['DE 55', '9F02'], 0],
  ['9F02011182011182', ['DE 55', '82'], 7],
  ['9F0201119F020122', ['DE 55', '9F02'], 4],
])('DE 55 %s names the tag that is broken or stands twice', (bytes, path, offset) => {
  expect(iccData(withFields([55, hex(bytes)]))).toMatchObject({ malformed: true, path, offset });
});
