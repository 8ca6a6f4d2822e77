import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import {
  type Codec,
  createCodec,
  type DialectName,
  dialects,
  encode,
  fromEdition,
  type Message,
  macInput,
  splitMac,
  withMac,
} from '#iso8583/index.ts';
import { kinds } from './kinds.ts';
import { anyMessage, dialectNames, request } from './messages.ts';
import { elements } from './shown.ts';

const NOW = '261121165900';
const MAC = hex('0123456789ABCDEF');
const codecOf = (dialect: DialectName, mac: boolean): Codec =>
  createCodec({ dialect, mac, localTime: () => NOW });
const good = <T extends object>(value: T | Malformed): T => {
  if (isMalformed(value)) throw new Error(`${value.path.join(' ')}: ${value.problem}`);
  return value;
};

/** The kinds of messages without MAC, those that the dialect's edition knows. */
const kindsIn = (name: DialectName): readonly Message[] =>
  kinds
    .filter(({ mti }) => dialects[name].version === '0' || !/^04[23]/.test(mti))
    .map(({ mti, fields }) => ({
      mti,
      fields: new Map([...fields].filter(([number]) => number !== 64 && number !== 128)),
    }));

describe.each(dialectNames)('with a MAC, in %s', (name) => {
  const codec = codecOf(name, true);

  test('every kind of message comes back as it was, its MAC beside it', () => {
    for (const message of kindsIn(name)) {
      const bytes = good(withMac(good(codec.encode(message)), MAC));
      const { covered, mac } = good(splitMac(bytes));
      expect(mac).toEqual(MAC);
      expect(covered).toEqual(macInput(bytes));
      expect(elements(good(codec.decode(bytes)))).toEqual(elements(message));
    }
  });

  test('the MAC covers all in front of it, from the type on, and its own bit', () => {
    const bytes = good(codec.encode(request));
    expect(toHex(bytes.subarray(bytes.length - 8))).toBe('0000000000000000');
    expect(macInput(bytes)).toEqual(bytes.subarray(0, bytes.length - 8));
    // Bit 64 is the last of the first bitmap.
    const { mti, bitmap } = dialects[name];
    const start = mti === 'ascii' ? 4 : 2;
    const last = bitmap === 'hex' ? bytes[start + 15] : (bytes[start + 7] ?? 0) & 1;
    expect(last).toBe(bitmap === 'hex' ? '1'.charCodeAt(0) : 1);
  });

  test('a message without one is not taken', () => {
    const bytes = good(codecOf(name, false).encode(request));
    expect(codec.decode(bytes)).toMatchObject({ malformed: true, path: ['DE 64'] });
  });
});

test('a message that reaches into the second bitmap has its MAC in DE 128', () => {
  const codec = codecOf('iso8583-1987-ascii', true);
  const echo: Message = { mti: '0800', fields: new Map([[70, '301']]) };
  const bytes = good(codec.encode(echo));
  // Bits 1, 70 and 128.
  expect(toHex(bytes)).toBe(`3038303080000000000000000400000000000001333031${'00'.repeat(8)}`);
});

test('a MAC of another size, or a message too short for one, is refused', () => {
  expect(withMac(new Uint8Array(100), hex('0123'))).toMatchObject({ malformed: true });
  expect(splitMac(new Uint8Array(8))).toMatchObject({ malformed: true });
});

test.each(dialectNames)(
  'whatever bytes arrive in %s, with or without a MAC, nothing is thrown',
  (name) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, mac) => {
        const result = codecOf(name, mac).decode(bytes);
        expect(isMalformed(result) || /^0\d{3}$/.test(result.mti)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(anyMessage(name), (message) => {
        const bytes = good(encode(message, dialects[name]));
        const result = codecOf(name, false).decode(bytes);
        expect(isMalformed(result) || /^0\d{3}$/.test(result.mti)).toBe(true);
        expect(() => fromEdition(message)).not.toThrow();
      }),
      { numRuns: 50 },
    );
  },
);
