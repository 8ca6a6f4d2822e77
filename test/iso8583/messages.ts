import fc from 'fast-check';
import { hex } from '#bytes/hex.ts';
import { type DialectName, dialects, type FieldValue, type Message } from '#iso8583/index.ts';

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

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const shapes = {
  n: (min: number, max: number) => fc.integer({ min, max }).chain(digits),
  xn: (_: number, max: number) =>
    fc.tuple(fc.constantFrom('C', 'D'), digits(max - 1)).map((parts) => parts.join('')),
  an: (min: number, max: number) =>
    fc.integer({ min, max }).chain((n) => fc.stringMatching(new RegExp(`^[A-Z0-9 ]{${n}}$`))),
  ans: (min: number, max: number) =>
    fc.integer({ min, max }).chain((n) => fc.stringMatching(new RegExp(`^[ -~]{${n}}$`))),
  z: () => fc.stringMatching(/^[0-9]{12,19}=[0-9]{4,17}$/),
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
    return shapes[row.format](row.lengthDigits === 0 ? row.max : 0, Math.min(row.max, 60));
  };
  return fc.record({
    mti: fc.constantFrom('0100', '0110', '0400', '0401', '0410', '0800', '0810'),
    fields: fc
      .uniqueArray(fc.constantFrom(...fields.map(({ number }) => number)), { maxLength: 8 })
      .chain((numbers) => fc.tuple(...numbers.map((n) => value(n).map((v) => [n, v] as const))))
      .map((entries) => new Map<number, FieldValue>(entries)),
  });
};

export const dialectNames = Object.keys(dialects) as DialectName[];
