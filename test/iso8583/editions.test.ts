import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import {
  createCodec,
  type DialectName,
  dialects,
  type FieldValue,
  fromEdition,
  type Message,
  toEdition,
} from '#iso8583/index.ts';
import { anyCanonical, request } from './messages.ts';
import { elements } from './shown.ts';

const NOW = '261122120000';
const message = (mti: string, ...fields: [number, FieldValue][]): Message => ({
  mti,
  fields: new Map(fields),
});
const good = <T extends object>(value: T | Malformed): T => {
  if (isMalformed(value)) throw new Error(JSON.stringify(value));
  return value;
};
const to = (version: '1' | '2', ...given: Parameters<typeof message>) =>
  elements(good(toEdition(message(...given), version, NOW)));

describe.each(['1', '2'] as const)('edition %s', (version) => {
  test('what the terminal says comes back as it was, through the bytes', () => {
    const names = (Object.keys(dialects) as DialectName[]).filter(
      (name) => dialects[name].version === version,
    );
    fc.assert(
      fc.property(anyCanonical(version), fc.constantFrom(...names), (sent, dialect) => {
        const codec = createCodec({ dialect, mac: false, localTime: () => NOW });
        const arrived = good(codec.decode(good(codec.encode(sent))));
        expect(elements(arrived)).toEqual(elements(sent));
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, Message, string]>([
    ['a network identifier', message('0100', [24, '001']), 'DE 24'],
    ['fees', message('0100', [28, 'C00000100']), 'DE 28'],
    ['a card number under an entry mode of a till', message('0100', [22, '810']), 'DE 22'],
    ['a condition without an entry mode', message('0100', [25, '00']), 'DE 25'],
    ['a time without a day', message('0100', [12, '120000']), 'DE 13'],
    ['a response code of a scheme', message('0110', [39, 'N7']), 'DE 39'],
    ['a reason that is none', message('0400', [39, '51']), 'DE 39'],
    ['a reversal that is an advice', message('0420'), 'MTI'],
    [
      'an original of a forwarder',
      message('0400', [90, `0100000042112121590000000000000${'1'.repeat(11)}`]),
      'DE 90',
    ],
    ['reserved elements', message('0100', [57, 'X']), 'DE 57'],
  ])('%s can not be carried', (_, given, path) => {
    expect(toEdition(given, version, NOW)).toMatchObject({ malformed: true, path: [path] });
  });

  test('elements that only this edition has are left out of what the terminal reads', () => {
    const answer: Message = {
      mti: `${version}110`,
      fields: new Map([
        [39, version === '1' ? '000' : '0000'],
        [31, '12345678901234567890123'],
        [57, '107'],
      ]),
    };
    expect(elements(good(fromEdition(answer)))).toEqual({ MTI: '0110', 39: '00' });
  });

  test.each([
    ['117', '55'],
    ['002', '10'],
    ['005', '00'],
    // Codes that nobody knows: denied, card kept, error.
    ['199', '05'],
    ['299', '04'],
    ['999', '96'],
  ])('action code %s is response code %s', (action, code) => {
    const answer = {
      mti: `${version}110`,
      fields: new Map([[39, version === '1' ? action : `0${action}`]]),
    };
    expect(elements(good(fromEdition(answer)))).toMatchObject({ 39: code });
  });

  test('an approval of a kind that nobody knows is not taken for one', () => {
    const answer = { mti: `${version}110`, fields: new Map([[39, '080'.padStart(3)]]) };
    expect(fromEdition(answer)).toMatchObject({ malformed: true, path: ['DE 39'] });
  });

  test('a payment of New Year’s Eve that is sent in January has the old year', () => {
    const late = message('0220', [12, '235959'], [13, '1231']);
    const early = message('0220', [12, '000001'], [13, '0101']);
    const century = version === '1' ? '' : '20';
    expect(elements(good(toEdition(late, version, '270102080000')))[12]).toBe(
      `${century}261231235959`,
    );
    expect(elements(good(toEdition(early, version, '261231235959')))[12]).toBe(
      `${century}270101000001`,
    );
  });
});

test.each([
  ['0100', '1100', '2100'],
  ['0101', '1101', '2101'],
  ['0110', '1110', '2110'],
  ['0120', '1120', '2120'],
  ['0221', '1221', '2221'],
  ['0230', '1230', '2230'],
  ['0400', '1420', '2420'],
  ['0401', '1421', '2421'],
  ['0410', '1430', '2430'],
  ['0500', '1500', '2500'],
  ['0800', '1804', '2800'],
  ['0801', '1805', '2801'],
  ['0810', '1814', '2810'],
])('%s is %s in 1993 and %s in 2003', (canonical, of1993, of2003) => {
  for (const [version, mti] of [
    ['1', of1993],
    ['2', of2003],
  ] as const) {
    expect(to(version, canonical)['MTI']).toBe(mti);
    expect(good(fromEdition({ mti, fields: new Map() })).mti).toBe(canonical);
  }
});

// By hand, from the standards' tables of elements.
describe('a payment', () => {
  test('in 1993 has one date, a point of service data code and a function', () => {
    expect(elements(good(toEdition(request, '1', NOW)))).toMatchObject({
      MTI: '1100',
      4: '000000001250',
      12: '261121165900',
      22: 'M00101M00141',
      24: '100',
      49: '840',
    });
  });

  test('in 2003 its amount has a currency, and its numbers are longer', () => {
    const made = elements(good(toEdition(request, '2', NOW)));
    expect(made).toMatchObject({
      MTI: '2100',
      4: '8402000000001250',
      11: '000000000042',
      12: '20261121165900',
      22: '22000000010000000200000020000000',
      24: '100',
      41: 'COUNTER1        ',
    });
    expect(made).not.toHaveProperty('49');
    expect(made).not.toHaveProperty('13');
  });

  test('an amount of a currency with three decimals says so', () => {
    expect(to('2', '0100', [4, '000000001250'], [49, '048'])).toMatchObject({
      4: '0483000000001250',
    });
    const answer = { mti: '2110', fields: new Map([[4, '0482000000001250']]) };
    expect(fromEdition(answer)).toMatchObject({ malformed: true, path: ['DE 4'] });
  });
});

test('a reversal for want of an answer says why, and which original', () => {
  const reversal: Parameters<typeof message> = [
    '0400',
    [4, '000000001250'],
    [49, '840'],
    [39, '68'],
    [90, `0100000042112121590000000012345${'0'.repeat(11)}`],
  ];
  expect(to('1', ...reversal)).toMatchObject({
    MTI: '1420',
    24: '400',
    25: '4021',
    56: '11000000422611212159001100000012345',
  });
  expect(to('2', ...reversal)).toMatchObject({
    MTI: '2420',
    24: '400',
    25: '4021',
    56: '21000000000000422026112121590000000012345',
  });
});

test('a partial reversal names the new amount first', () => {
  const partial: Parameters<typeof message> = [
    '0400',
    [4, '000000001250'],
    [49, '840'],
    [95, `000000000250${'0'.repeat(30)}`],
  ];
  expect(to('1', ...partial)).toMatchObject({
    4: '000000000250',
    24: '401',
    30: '000000001250000000000000',
  });
  expect(to('2', ...partial)).toMatchObject({
    4: '8402000000000250',
    24: '401',
    30: '84020000000012508402000000000000',
  });
});

test('network management says what for in its function code', () => {
  const codes = ['001', '002', '161', '301'].map((code) => to('1', '0800', [70, code])['24']);
  expect(codes).toEqual(['801', '802', '811', '831']);
});

test('approved has a name in each class of message', () => {
  const names = ['0110', '0410', '0510', '0810'].map((mti) => to('1', mti, [39, '00'])['39']);
  expect(names).toEqual(['000', '400', '500', '800']);
});

test('a PIN makes the point of service say so, and security control becomes bytes', () => {
  const made = to(
    '1',
    '0100',
    [22, '071'],
    [25, '00'],
    [26, '12'],
    [52, hex('1122334455667788')],
    [53, '2001010100000000'],
  );
  expect(made).toMatchObject({ 22: 'M10101M1314C', 53: '2001010100000000' });
});
