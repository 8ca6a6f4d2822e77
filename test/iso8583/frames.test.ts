import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import {
  createFramer,
  type Framer,
  type FramingOptions,
  frame,
  type LengthHeader,
  lengthHeaders,
  MAX_MESSAGE,
  split,
  swapped,
} from '#iso8583/index.ts';

const framed = (message: Uint8Array, framer: Framer = { frame, split }): Uint8Array => {
  const bytes = framer.frame(message);
  if (isMalformed(bytes)) throw new Error(bytes.problem);
  return bytes;
};

const TPDU = { destination: '0123', source: '0000' };
const headers = Object.keys(lengthHeaders) as LengthHeader[];
const everyFraming: readonly FramingOptions[] = headers.flatMap((header) => [
  { header },
  { header, tpdu: TPDU },
]);

test.each(everyFraming)(
  'messages behind %o arrive whole, however the network cuts them',
  (options) => {
    const here = createFramer(options);
    const there =
      options.tpdu === undefined ? here : createFramer({ ...options, tpdu: swapped(options.tpdu) });
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }),
        (messages, cuts) => {
          const stream = concat(...messages.map((message) => framed(message, there)));
          const arrived: Uint8Array[] = [];
          let rest: Uint8Array = new Uint8Array();
          for (let at = 0, i = 0; at < stream.length; i++) {
            const size = cuts[i % cuts.length] ?? 1;
            const result = here.split(rest, stream.subarray(at, at + size));
            if (isMalformed(result)) throw new Error(result.problem);
            arrived.push(...result.messages);
            rest = result.rest;
            at += size;
          }
          expect(rest).toHaveLength(0);
          expect(arrived).toEqual(messages);
        },
      ),
      { numRuns: 40 },
    );
  },
);

test.each(everyFraming)('any bytes behind %o are messages or an error', (options) => {
  const framer = createFramer(options);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const result = framer.split(new Uint8Array(), bytes);
      expect(isMalformed(result) || result.rest.length <= bytes.length).toBe(true);
    }),
  );
});

// By hand, of 115 bytes.
test.each<[LengthHeader, string]>([
  ['binary-2', '0073'],
  ['binary-2-inclusive', '0075'],
  ['ascii-4', '30313135'],
  ['bcd-2', '0115'],
  ['binary-4', '00000073'],
])('%s says %s', (header, expected) => {
  const bytes = framed(new Uint8Array(115), createFramer({ header }));
  expect(toHex(bytes.subarray(0, bytes.length - 115))).toBe(expected);
});

test('an empty message is a sign of life and nothing more', () => {
  expect(split(new Uint8Array(), hex('0000 0002 4142 0000'))).toEqual({
    messages: [hex('4142')],
    rest: new Uint8Array(),
  });
});

describe('a length that no message has breaks the stream off', () => {
  test('behind a message, at its own place', () => {
    expect(split(new Uint8Array(), hex('0001 41 4854 5450'))).toMatchObject({
      malformed: true,
      path: ['length header'],
      offset: 3,
    });
  });

  test.each<[LengthHeader, string]>([
    ['binary-4', 'FFFFFFFF'],
    ['binary-4', '47455420'],
    ['ascii-4', '47455420'],
    ['bcd-2', '8193'],
    ['bcd-2', '1A00'],
    ['binary-2-inclusive', '0001'],
  ])('%s %s, before anything is kept for it', (header, bytes) => {
    expect(createFramer({ header }).split(new Uint8Array(), hex(bytes))).toMatchObject({
      malformed: true,
      path: ['length header'],
      offset: 0,
    });
  });
});

test.each(headers)('a message too long is not sent behind %s', (header) => {
  const framer = createFramer({ header });
  expect(framer.frame(new Uint8Array(MAX_MESSAGE + 1))).toMatchObject({ malformed: true });
  expect(isMalformed(framer.frame(new Uint8Array(MAX_MESSAGE)))).toBe(false);
});

describe('a TPDU', () => {
  const framer = createFramer({ tpdu: TPDU });

  test('goes out with the host’s identifier first, and comes back swapped', () => {
    expect(toHex(framed(hex('0800'), framer))).toBe('000760012300000800');
    expect(framer.split(new Uint8Array(), hex('0007 6000000123 0810'))).toMatchObject({
      messages: [hex('0810')],
    });
  });

  test.each([
    ['for another terminal', '0007 6000010123 0810', 2],
    ['that is ours, sent back', '0007 6001230000 0810', 2],
    ['that is none', '0007 0000000000 0810', 2],
    ['cut short', '0003 600000', 2],
  ])('%s breaks the stream off', (_, bytes, offset) => {
    expect(framer.split(new Uint8Array(), hex(bytes))).toMatchObject({
      malformed: true,
      path: ['TPDU'],
      offset,
    });
  });

  test('without a message is a sign of life', () => {
    expect(framer.split(new Uint8Array(), hex('0005 6000000123'))).toMatchObject({ messages: [] });
  });

  test('of our own configuration has twice four digits', () => {
    expect(() => createFramer({ tpdu: { destination: '123', source: '0000' } })).toThrow(TypeError);
    expect(() => createFramer({ tpdu: { destination: '012F', source: '0000' } })).toThrow(
      TypeError,
    );
  });
});
