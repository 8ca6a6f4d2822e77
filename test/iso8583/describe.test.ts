import { expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import {
  type DialectName,
  describe,
  dialects,
  type FieldValue,
  iccData,
  type Message,
  toAscii,
} from '#iso8583/index.ts';
import { request, requestIn } from './messages.ts';

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

// One dialect of each edition.
const editions: readonly DialectName[] = [
  'iso8583-1987-ascii',
  'iso8583-1993-ascii',
  'iso8583-2003-ascii',
];
const PAN = '4761739001010119';

test.each(editions)(
  'whatever element of %s an account number stands in, it is not shown',
  (name) => {
    const { fields, version } = dialects[name];
    // Elements that are long enough for one, and that the standard doesn't define as something
    // else: numbers, dates, names and addresses of the shop.
    const suspects = [...fields.values()].filter(
      ({ max, sensitivity, number }) => max >= 16 && sensitivity !== 'open' && number !== 55,
    );
    expect(suspects.map(({ number }) => number)).toEqual(
      expect.arrayContaining([2, 34, 35, 36, 44, 45, 48, 60, 63, 102, 103, 123]),
    );
    for (const { number, format } of suspects) {
      const value = format === 'b' ? toAscii(PAN) : number === 35 ? `${PAN}=2812201` : PAN;
      const message: Message = { mti: `${version}100`, fields: new Map([[number, value]]) };
      const shown = JSON.stringify(describe(message));
      expect(shown, `DE ${number}`).not.toContain('173900101');
      expect(shown, `DE ${number}`).not.toContain('34373631373339303031303130313139');
    }
  },
);

test.each(editions)('a PIN block of %s is shown to nobody, nor a key', (name) => {
  const { version } = dialects[name];
  const secret = hex('1122334455667788');
  for (const number of version === '2' ? [49, 52, 96] : [52, 96]) {
    const message: Message = { mti: `${version}100`, fields: new Map([[number, secret]]) };
    expect(describe(message, 'shown')[`DE ${number}`]).toBe('(hidden)');
  }
  // An element that nobody defined, and a type that no edition has.
  const stray: Message = {
    mti: '9100',
    fields: new Map<number, FieldValue>([
      [52, secret],
      [65, PAN],
    ]),
  };
  expect(JSON.stringify(describe(stray))).not.toMatch(/1122334455667788|4761739001010119/);
});

test.each(editions)('a request of %s is described without its account', (name) => {
  const lines = JSON.stringify(describe(requestIn(name)));
  expect(lines).toContain('476173******0119');
  expect(lines).not.toMatch(/4761739001010119|28122010000/);
});

test('track 2 is cut at its separator, whichever it has', () => {
  const message: Message = { mti: '2100', fields: new Map([[35, `${PAN}D28122010000`]]) };
  expect(describe(message)['DE 35']).toBe('476173******0119D(hidden)');
});
