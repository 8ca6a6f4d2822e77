import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { builtInKernels } from '#contactless/kernels.ts';
import { readerWith } from '#test/support/direct-activation.ts';
import {
  type Exchange,
  type Expectation,
  parseTranscript,
  printTranscript,
  redacted,
  replay,
  type Transcript,
} from '#transcript/index.ts';

const bytes = (minLength: number, maxLength = 40) => fc.uint8Array({ minLength, maxLength });
const word = fc.stringMatching(/^[a-z][a-z0-9/.-]{0,12}$/);
const clock = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`);

const transaction = fc.record({
  type: fc.constantFrom(0x00, 0x01, 0x09, 0x20),
  amountAuthorised: fc.integer({ min: 0, max: 999_999_999_999 }),
  amountOther: fc.integer({ min: 0, max: 999_999_999_999 }),
  currency: fc.integer({ min: 0, max: 999 }),
});

const exchange: fc.Arbitrary<Exchange> = fc.oneof(
  fc.record({ command: bytes(4), response: bytes(2) }),
  fc.record({ command: bytes(4), response: bytes(2), microseconds: fc.nat(999_999) }),
  fc.record({
    command: bytes(4),
    fault: fc.constantFrom('timeout', 'transmission', 'protocol', 'removed'),
  }),
);

const tag = fc.constantFrom(0x82, 0x95, 0x9f26, 0x9f66, 0x5f2a, 0xdf8118);
const expectation: fc.Arbitrary<Expectation> = fc.oneof(
  fc.record({ tag, value: bytes(0) }),
  fc.record({
    outcome: fc.constantFrom('approved', 'declined', 'tryAgain', 'onlineRequest'),
    parameters: fc.uniqueArray(
      fc.tuple(fc.constantFrom('cvm', 'start', 'uiOnOutcome', 'fieldOffMs'), word),
      { selector: ([key]) => key, maxLength: 3 },
    ),
  }),
);

const key = fc.record(
  {
    rid: bytes(5, 5),
    index: fc.nat(255),
    exponent: fc.constantFrom(3, 65537),
    modulus: bytes(1),
    expires: clock.map((text) => text.slice(0, 10)),
  },
  { requiredKeys: ['rid', 'index', 'exponent', 'modulus'] },
);

const transcript: fc.Arbitrary<Transcript> = fc.record(
  {
    about: fc.array(fc.stringMatching(/^([A-Za-z0-9](.{0,20}[A-Za-z0-9])?)?$/), { maxLength: 3 }),
    config: word,
    clock,
    random: bytes(1),
    transaction,
    overrides: fc.array(fc.tuple(tag, bytes(0))).map((pairs) => new Map(pairs)),
    keys: fc.array(key, { maxLength: 3 }),
    host: fc.constantFrom(hex('8A023030'), hex('91021122720100')),
    exchanges: fc.array(exchange, { maxLength: 6 }),
    expectations: fc.array(expectation, { maxLength: 4 }),
  },
  {
    requiredKeys: [
      'about',
      'config',
      'clock',
      'random',
      'transaction',
      'overrides',
      'keys',
      'exchanges',
      'expectations',
    ],
  },
);

const reader = readerWith({
  kernels: builtInKernels,
  combinations: new Map([
    [
      0,
      [
        {
          aid: hex('A0000000031010'),
          kernelId: '03',
          entryPoint: { ttq: hex('26004000') },
          data: new Map(),
        },
        { aid: hex('A0000000041010'), kernelId: '02', entryPoint: {}, data: new Map() },
      ],
    ],
  ]),
});

const run = (one: Transcript, order: 'strict' | 'any' = 'strict') =>
  replay(one, reader, { order, microseconds: () => 0 });

describe('for all transcripts', () => {
  test('what is printed is read back as it was', () => {
    fc.assert(
      fc.property(transcript, (one) => {
        expect(parseTranscript(printTranscript(one))).toEqual(one);
      }),
    );
  });

  test('a run ends, and says how', () => {
    fc.assert(
      fc.property(transcript, fc.constantFrom('strict', 'any'), (one, order) => {
        expect(['outcome', 'unexpectedCommand', 'noCard']).toContain(run(one, order).end.end);
      }),
    );
  });

  test('redacting changes no length', () => {
    fc.assert(
      fc.property(transcript, (one) => {
        const lengths = ({ exchanges }: Transcript) =>
          exchanges.map((two) => [two.command.length, 'response' in two ? two.response.length : 0]);
        expect(lengths(redacted(one))).toEqual(lengths(one));
      }),
    );
  });
});

describe('for all texts', () => {
  test('reading returns a transcript or what is malformed', () => {
    const line = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(config|clock|random|transaction|set 9F66|capk|host): ?.{0,20}$/),
      fc.stringMatching(/^[<>!=] ?[0-9A-F ]{0,20}(@[0-9]{1,3}us)?$/),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const read = parseTranscript(lines.join('\n'));
        expect(isMalformed(read) || Array.isArray(read.exchanges)).toBe(true);
      }),
    );
  });
});

describe('for a transcript of a card that is damaged', () => {
  const FOLDER = fileURLToPath(new URL('../transcripts', import.meta.url));
  const texts = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.tap'))
    .map((file) => readFileSync(join(FOLDER, file), 'utf8'));
  const ends = (text: string): void => {
    const read = parseTranscript(text);
    if (isMalformed(read)) return;
    for (const order of ['strict', 'any'] as const) {
      expect(['outcome', 'unexpectedCommand', 'noCard']).toContain(run(read, order).end.end);
    }
  };
  const text = fc.constantFrom(...texts);

  test('in any character, reading and running end', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.stringMatching(/^[0-9A-F<>!= \n]$/), (whole, at, other) => {
        const place = at % whole.length;
        ends(whole.slice(0, place) + other + whole.slice(place + 1));
      }),
      { numRuns: 500 },
    );
  });

  test('cut off anywhere, reading and running end', () => {
    fc.assert(fc.property(text, fc.nat(), (whole, at) => ends(whole.slice(0, at % whole.length))));
  });

  test('with lines in another order, reading and running end', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (whole, from, to) => {
        const lines = whole.split('\n');
        const [moved = ''] = lines.splice(from % lines.length, 1);
        lines.splice(to % lines.length, 0, moved);
        ends(lines.join('\n'));
      }),
    );
  });
});
