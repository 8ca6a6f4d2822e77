import fc from 'fast-check';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import {
  type DialectName,
  dialects,
  type FieldValue,
  type Message,
  toEdition,
} from '#iso8583/index.ts';

/** A 16-field authorisation request with DE 55, of a card that doesn't exist. */
export const request: Message = {
  mti: '0100',
  fields: new Map<number, FieldValue>([
    [2, '4761739001010119'],
    [3, '000000'],
    [4, '000000001250'],
    [7, '1121215900'],
    [11, '000042'],
    [12, '165900'],
    [13, '1121'],
    [14, '2812'],
    [22, '072'],
    [25, '00'],
    [35, '4761739001010119=28122010000000000000'],
    [37, '632516000042'],
    [41, 'COUNTER1'],
    [42, 'MERCHANT0000001'],
    [49, '840'],
    [
      55,
      hex('9F26081122334455667788 9F02060000000012505F2A0208409F360200019F37041122334482022000'),
    ],
  ]),
};

/** The same request in the words of a dialect's edition. */
export const requestIn = (name: DialectName): Message => {
  const edition = toEdition(request, dialects[name].version, '261121165900');
  if (isMalformed(edition)) throw new Error(JSON.stringify(edition));
  return edition;
};

const characters = (from: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...from), minLength: min, maxLength: max });
const digits = (length: number) => characters('0123456789', length, length);
const ALPHANUMERIC = 'ABCXYZ012789 ';
const shapes = {
  n: (min: number, max: number) => characters('0123456789', min, max),
  xn: (_: number, max: number) =>
    fc.tuple(fc.constantFrom('C', 'D'), digits(max - 1)).map((parts) => parts.join('')),
  an: (min: number, max: number) => characters(ALPHANUMERIC, min, max),
  ans: (min: number, max: number) => characters(`${ALPHANUMERIC}abcxyz.,-/=#é~`, min, max),
  z: () => fc.tuple(digits(16), digits(20)).map((parts) => parts.join('=')),
  b: (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength }),
};

const icc = fc
  .array(fc.tuple(fc.constantFrom(0x9f02, 0x9f26, 0x82, 0x9f10), fc.uint8Array({ maxLength: 20 })))
  .map((objects) =>
    Uint8Array.from(
      objects.flatMap(([tag, value]) => [
        ...(tag > 255 ? [tag >> 8, tag & 255] : [tag]),
        value.length,
        ...value,
      ]),
    ),
  );

/** Any message that the dialect can carry, with up to eight fields. */
export const anyMessage = (name: DialectName): fc.Arbitrary<Message> => {
  const fields = [...dialects[name].fields.values()];
  const value = (number: number): fc.Arbitrary<FieldValue> => {
    const row = dialects[name].fields.get(number);
    if (row === undefined) throw new Error(`DE ${number}`);
    if (number === 55) return icc;
    const fixed = row.lengthDigits === 0;
    return shapes[row.format](fixed ? row.max : 0, fixed ? row.max : Math.min(row.max, 60));
  };
  return fc.record({
    mti: fc
      .constantFrom('100', '110', '400', '401', '410', '800', '810')
      .map((type) => `${dialects[name].version}${type}`),
    fields: fc
      .uniqueArray(fc.constantFrom(...fields.map(({ number }) => number)), { maxLength: 8 })
      .chain((numbers) => fc.tuple(...numbers.map((n) => value(n).map((v) => [n, v] as const))))
      .map((entries) => new Map<number, FieldValue>(entries)),
  });
};

export const dialectNames = Object.keys(dialects) as DialectName[];

type Entries = [number, FieldValue][];
type Shape = Record<number, fc.Arbitrary<FieldValue>>;

const entries = (record: object): Entries =>
  Object.entries(record).map(([number, value]) => [Number(number), value]);

/** Each of them, or not. */
const each = (shape: Shape): fc.Arbitrary<Entries> =>
  fc.record(shape, { requiredKeys: [] }).map(entries);

/** All of them, or none. */
const together = (shape: Shape): fc.Arbitrary<Entries> =>
  fc.oneof(fc.constant<Entries>([]), fc.record(shape).map(entries));

const day = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(''));

/** What every message may have, in any edition. */
const common = {
  2: digits(16),
  3: digits(6),
  7: digits(10),
  11: digits(6),
  14: digits(4),
  15: day,
  18: digits(4),
  19: digits(3),
  23: digits(3),
  32: digits(11),
  35: shapes.z(),
  37: shapes.an(12, 12),
  38: shapes.an(6, 6),
  41: shapes.ans(8, 8),
  42: shapes.ans(15, 15),
  48: shapes.ans(1, 40),
  52: shapes.b(8, 8),
  53: digits(16),
  55: icc,
  60: shapes.ans(1, 40),
  63: shapes.ans(1, 40),
  64: shapes.b(8, 8),
  100: shapes.n(1, 11),
  102: shapes.ans(1, 28),
};

const additional = fc
  .array(
    fc
      .tuple(
        digits(4),
        fc.constantFrom('840', '978', '048', '392'),
        fc.constantFrom('C', 'D'),
        digits(12),
      )
      .map((parts) => parts.join('')),
    { minLength: 1, maxLength: 6 },
  )
  .map((groups) => groups.join(''));

const place = fc.tuple(
  fc.constantFrom('00', '01', '02', '03', '05', '07', '91'),
  fc.constantFrom('0', '1', '2', '8'),
);

/** Elements that belong to the type of the message. */
const special: Record<string, fc.Arbitrary<Entries>> = {
  '0100': each({ 25: fc.constantFrom('00', '02', '06', '08', '59') }),
  '0110': each({ 39: fc.constantFrom('00', '05', '10', '51', '55', '65', '70', '91', '96') }),
  '0221': each({
    39: fc.constantFrom('00', 'Y1', 'Y3', 'Z1', 'Z3'),
    25: fc.constantFrom('00', '06'),
  }),
  '0230': each({ 39: fc.constantFrom('00', '94', '96') }),
  '0400': each({
    25: fc.constantFrom('00', '02'),
    39: fc.constantFrom('17', '68', '20', '06'),
    90: fc
      .tuple(fc.constantFrom('0100', '0200', '0220'), digits(6), day, digits(6), digits(11))
      .map((parts) => `${parts.join('')}${'0'.repeat(11)}`),
    95: digits(12).map((amount) => `${amount}${'0'.repeat(30)}`),
  }),
  '0410': each({ 39: fc.constantFrom('00', '25', '94') }),
  '0500': together({
    ...Object.fromEntries([74, 75, 76, 77].map((number) => [number, digits(10)])),
    ...Object.fromEntries([86, 87, 88, 89].map((number) => [number, digits(16)])),
    97: fc.tuple(fc.constantFrom('C', 'D'), digits(16)).map((parts) => parts.join('')),
    50: fc.constantFrom('840', '392'),
  }),
  '0510': each({ 39: fc.constantFrom('00', '95') }),
  '0800': each({ 70: fc.constantFrom('001', '002', '161', '201', '301') }),
  '0810': each({ 39: fc.constantFrom('00', '96'), 70: fc.constantFrom('001', '301') }),
};

/** Any message of the terminal's or its host's that the edition can carry, in canonical words. */
export const anyCanonical = (version: '1' | '2'): fc.Arbitrary<Message> =>
  fc.constantFrom(...Object.keys(special)).chain((mti) =>
    fc
      .tuple(
        each(common),
        together({ 4: digits(12), 49: fc.constantFrom('840', '978', '048', '392') }),
        together({ 12: digits(6), 13: day }),
        together({ 22: place.map((parts) => parts.join('')) }),
        each({ 26: fc.constantFrom('04', '06', '12'), 54: additional }),
        special[mti] ?? fc.constant<Entries>([]),
      )
      .map((parts) => {
        const fields = new Map(parts.flat());
        // Elements that go only with others.
        if (!fields.has(22)) for (const number of [25, 26]) fields.delete(number);
        if (!fields.has(4)) fields.delete(95);
        if (version === '2') fields.delete(26);
        const mac = fields.get(64);
        if (mac !== undefined && [...fields.keys()].some((number) => number > 64)) {
          fields.delete(64);
          fields.set(128, mac);
        }
        return { mti, fields };
      }),
  );
