import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { frame, MAX_MESSAGE, split } from '#iso8583/index.ts';

const framed = (message: Uint8Array): Uint8Array => {
  const bytes = frame(message);
  if (isMalformed(bytes)) throw new Error(bytes.problem);
  return bytes;
};

test('messages arrive whole, however the network cuts and joins them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }),
      (messages, cuts) => {
        const stream = concat(...messages.map(framed));
        const arrived: Uint8Array[] = [];
        let rest: Uint8Array = new Uint8Array();
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = cuts[i % cuts.length] ?? 1;
          const result = split(rest, stream.subarray(at, at + size));
          if (isMalformed(result)) throw new Error(result.problem);
          arrived.push(...result.messages);
          rest = result.rest;
          at += size;
        }
        expect(rest).toHaveLength(0);
        expect(arrived).toEqual(messages);
      },
    ),
  );
});

test('an empty message is a sign of life and nothing more', () => {
  expect(split(new Uint8Array(), hex('0000 0002 4142 0000'))).toEqual({
    messages: [hex('4142')],
    rest: new Uint8Array(),
  });
});

test('a length that no message has breaks the stream off', () => {
  expect(split(new Uint8Array(), hex('0001 41 4854 5450'))).toMatchObject({
    malformed: true,
    path: ['length header'],
    offset: 3,
  });
});

test('a message too long for the header is not sent', () => {
  expect(frame(new Uint8Array(MAX_MESSAGE + 1))).toMatchObject({ malformed: true });
});
