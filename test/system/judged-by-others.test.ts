import { describe, expect, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import {
  type DialectName,
  dialects,
  encode,
  type FieldValue,
  frame,
  type Message,
  toEdition,
} from '#iso8583/index.ts';
import { kinds } from '#test/iso8583/kinds.ts';
import { NpmMessage } from '#test/iso8583/npm-iso-8583.ts';
import { shown } from '#test/iso8583/shown.ts';
import { dissect, type Reading } from '#test/iso8583/wireshark.ts';

const good = <T extends object>(value: T | Malformed): T => {
  if (isMalformed(value)) throw new Error(`${value.path.join(' ')}: ${value.problem}`);
  return value;
};
const framed = (message: Message, name: DialectName) =>
  good(frame(good(encode(message, dialects[name]))));

const without = (message: Message, ...numbers: readonly number[]): Message => ({
  ...message,
  fields: new Map([...message.fields].filter(([number]) => !numbers.includes(number))),
});

const textOf = (value: FieldValue): string => (typeof value === 'string' ? value : toHex(value));
const table = (entries: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(entries.map(([number, value]) => [number, shown(Number(number), value)]));
const ours = ({ mti, fields }: Message) => ({
  mti,
  elements: table([...fields].map(([number, value]) => [String(number), textOf(value)])),
});

/** What the edition has of the kinds of messages; 0420 and 0430 are 1987's alone. */
const kindsIn = (name: DialectName): readonly Message[] =>
  kinds
    .filter(({ mti }) => dialects[name].version === '0' || !/^04[23]/.test(mti))
    .map((message) => good(toEdition(message, dialects[name].version, '261121165900')));

/** What Wireshark sees; it shows bytes in digits, and up to 4.2 something behind them. */
const seenBy = async (messages: readonly Message[], name: DialectName, reading: Reading) => {
  const seen = await dissect(
    messages.map((message) => framed(message, name)),
    reading,
  );
  return seen.map(({ mti, elements, malformed }, i) => ({
    mti,
    malformed,
    elements: table(
      Object.entries(elements).map(([number, value]) => {
        const sent = messages[i]?.fields.get(Number(number));
        const bytes = typeof sent === 'string' || sent === undefined ? undefined : sent.length;
        return [number, bytes === undefined ? value : value.slice(0, 2 * bytes)];
      }),
    ),
  }));
};

const expected = (messages: readonly Message[]) =>
  messages.map((message) => ({ ...ours(message), malformed: [] }));

// What Wireshark's tables have otherwise than the standard isn't sent to it: in 1987, totals (86 to
// 89) have 15 digits there. DE 55 has a test of its own.
const TOTALS = [86, 87, 88, 89];

describe('Wireshark reads each kind of message as it was meant', () => {
  test('in ASCII with a bitmap of characters, track 2 among them', async () => {
    // It wants `b` elements as characters then, too.
    const messages = kindsIn('iso8583-1987-ascii').map((message) =>
      without(message, 52, 55, 64, 128, ...TOTALS),
    );
    expect(messages.some(({ fields }) => fields.has(35))).toBe(true);
    expect(
      await seenBy(messages, 'iso8583-1987-ascii-hex-bitmap', { digits: 'ascii', binary: 'ascii' }),
    ).toEqual(expected(messages));
  });

  // Track 2 it takes for bytes here. In BCD it has no sign for a net amount (97).
  test.each<[DialectName, Reading['digits'], readonly number[]]>([
    ['iso8583-1987-ascii', 'ascii', [35, 55, ...TOTALS]],
    ['iso8583-1987-bcd', 'bcd', [35, 55, 97, ...TOTALS]],
    ['iso8583-1993-ascii', 'ascii', [35, 55]],
    ['iso8583-1993-bcd', 'bcd', [35, 55, 97]],
  ])('in %s', async (name, digits, left) => {
    const messages = kindsIn(name).map((message) => without(message, ...left));
    expect(await seenBy(messages, name, { digits, binary: 'bin' })).toEqual(expected(messages));
  });

  test.each<[DialectName, Reading['digits']]>([
    ['iso8583-1993-ascii', 'ascii'],
    ['iso8583-1993-bcd', 'bcd'],
  ])('and chip data in %s', async (name, digits) => {
    const messages = kindsIn(name)
      .filter(({ fields }) => fields.has(55))
      .map((message) => without(message, 35));
    const seen = await dissect(
      messages.map((message) => framed(message, name)),
      { digits, binary: 'bin' },
    );
    // Up to 4.2 it keeps no more digits than there are bytes.
    const start = (value: string, size: number) => shown(55, value.slice(0, size));
    const sizes = messages.map(({ fields }) => textOf(fields.get(55) ?? '').length / 2);
    expect(sizes.every((size) => size > 20)).toBe(true);
    expect(seen.map(({ elements }, i) => start(elements['55'] ?? '', sizes[i] ?? 0))).toEqual(
      messages.map(({ fields }, i) => start(textOf(fields.get(55) ?? ''), sizes[i] ?? 0)),
    );
  });

  test('and it would say so if a message were not', async () => {
    const [message] = kindsIn('iso8583-1987-bcd');
    if (message === undefined) throw new Error('no kinds');
    const bytes = framed(without(message, 35, 55), 'iso8583-1987-bcd');
    // A digit of DE 3 that is none: behind header, MTI, bitmap and PAN of 16 digits.
    bytes[2 + 2 + 8 + 9] = 0xa0;
    const [seen] = await dissect([bytes], { digits: 'bcd', binary: 'bin' });
    expect(seen?.malformed).toEqual(['3']);
  });
});

describe('npm’s iso_8583', () => {
  // Its table has a MAC of four bytes; bytes of variable length it takes for UTF-8.
  const bytes = (MaxLen: number) => ({ ContentType: 'b', LenType: 'fixed', MaxLen });
  const formats = { '64': bytes(16), '128': bytes(16) };

  test.each(kinds.map((message) => [message.mti, message] as const))(
    'decodes our %s, element by element',
    (_, message) => {
      const decoded = new NpmMessage(undefined, formats).getIsoJSON(
        Buffer.from(framed(message, 'iso8583-1987-ascii')),
      );
      const { '0': mti, ...elements } = decoded;
      const sent = [...message.fields].map(([number, value]): [string, string] => {
        if (typeof value === 'string') return [String(number), value];
        const hexadecimal = toHex(value).toLowerCase();
        return [String(number), number === 55 ? Buffer.from(value).toString() : hexadecimal];
      });
      expect({ mti, ...table(Object.entries(elements)) }).toEqual({
        mti: message.mti,
        ...table(sent),
      });
    },
  );
});
