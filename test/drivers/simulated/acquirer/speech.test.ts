import { describe, expect, test } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import { aesCmac } from '#crypto/cmac.ts';
import { createSpeech } from '#drivers/simulated/acquirer/speech.ts';
import {
  createCodec,
  createFramer,
  type DialectName,
  dialects,
  type LengthHeader,
  lengthHeaders,
  type Message,
  macInput,
  withMac,
} from '#iso8583/index.ts';
import {
  completing,
  type Desk,
  openDesk,
  paying,
  reconciling,
  replacement,
  reversing,
  START_MS,
} from './messages.ts';

const wallMs = () => START_MS;
const macKey = new Uint8Array(16).fill(7);

/** The terminal's end: its codec, and its MAC. */
const terminalOf = (dialect: DialectName, key?: Uint8Array) => {
  const codec = createCodec({
    dialect,
    mac: key !== undefined,
    localTime: () => '261121165900',
  });
  const whole = <T extends object>(value: T): Exclude<T, { readonly malformed: true }> => {
    if (isMalformed(value)) throw new Error(JSON.stringify(value));
    return value as Exclude<T, { readonly malformed: true }>;
  };
  return {
    encode: (message: Message): Uint8Array => {
      const bytes = whole(codec.encode(message));
      if (key === undefined) return bytes;
      return whole(withMac(bytes, aesCmac(key, macInput(bytes)).slice(0, 8)));
    },
    decode: (bytes: Uint8Array): Message => whole(codec.decode(bytes)),
  };
};

/** What the terminal gets for a message, all the way through bytes. */
const exchange = async (message: Message, dialect: DialectName, desk: Desk, key?: Uint8Array) => {
  const terminal = terminalOf(dialect, key);
  const host = createSpeech({ dialect, wallMs, ...(key === undefined ? {} : { macKey: key }) });
  const request = host.read(terminal.encode(message));
  if (isMalformed(request)) throw new Error(JSON.stringify(request));
  return terminal.decode(host.encoded(await desk.ask(request)));
};

const noReversals = [
  [50, '840'],
  [75, '0000000000'],
  [77, '0000000000'],
  [87, '0000000000000000'],
  [89, '0000000000000000'],
] as const;

const day = (): readonly Message[] => {
  const purchase = paying(1250);
  const hold = paying(5000, { condition: '06' });
  return [
    purchase,
    paying(6610),
    paying(6671, { mti: '0200' }),
    paying(300, { mti: '0200', processing: '20', withoutIcc: true }),
    paying(990, { mti: '0220', information: '40', fields: [[39, 'Y1']] }),
    hold,
    completing(hold, 4200),
    reversing(purchase, [replacement(1000)]),
    reversing(purchase),
    reconciling([5, 16_116], [1, 300], noReversals),
    reconciling([5, 16_116], [1, 300], noReversals),
    {
      mti: '0800',
      fields: new Map([
        [7, '1121215900'],
        [11, '000001'],
        [41, 'COUNTER1'],
        [70, '301'],
      ]),
    },
  ];
};

/** Later editions say by DE 39 alone whether totals agree. */
const inWordsOf = (dialect: DialectName, { mti, fields }: Message): Message => {
  const { version } = dialects[dialect];
  if (version === '0') return { mti, fields };
  const others = new Map(fields);
  if (others.get(66) === '2') others.set(39, '95');
  others.delete(66);
  return { mti, fields: others };
};

describe.each(Object.keys(dialects) as DialectName[])('in %s', (dialect) => {
  test.each([[undefined], [macKey]])('a whole day is understood both ways', async (key) => {
    const spoken = openDesk();
    const heard = openDesk();
    for (const message of day()) {
      const answer = await exchange(message, dialect, spoken, key);
      expect(answer).toEqual(inWordsOf(dialect, await heard.ask(message)));
    }
    expect(spoken.ledger.positions(START_MS)).toEqual(heard.ledger.positions(START_MS));
  });
});

test.each([
  [paying(6620), '70'],
  [paying(6603), '12'],
  [reversing(paying(1)), '25'],
] as const)(
  'a code that later editions do not have is said in the nearest one',
  async (it, code) => {
    for (const dialect of ['iso8583-1993-ascii', 'iso8583-2003-bcd'] as const) {
      expect((await exchange(it, dialect, openDesk())).fields.get(39)).toBe(code);
    }
  },
);

test('a second reversal is accepted, and a payment after its reversal refused', async () => {
  const [original, late] = [paying(1250), paying(990)];
  const desk = openDesk();
  const codeOf = async (message: Message) =>
    (await exchange(message, 'iso8583-1993-bcd', desk)).fields.get(39);
  await codeOf(original);
  await codeOf(reversing(original));
  expect(await codeOf(reversing(original))).toBe('00');
  await codeOf(reversing(late));
  expect(await codeOf(late)).toBe('05');
});

describe('with a MAC', () => {
  const dialect = 'iso8583-1987-bcd';
  const host = createSpeech({ dialect, wallMs, macKey });

  test.each([
    ['another key', terminalOf(dialect, new Uint8Array(16)).encode(paying(1250))],
    ['no MAC', terminalOf(dialect).encode(paying(1250))],
    ['a changed byte', terminalOf(dialect, macKey).encode(paying(1250)).with(30, 0x12)],
    ['nothing', new Uint8Array()],
  ])('a message with %s is not read', (_, bytes) => {
    expect(host.read(bytes)).toMatchObject({ path: [expect.stringMatching(/MAC|DE 64/)] });
  });
});

test.each(Object.keys(lengthHeaders) as LengthHeader[])('frames %s with a TPDU', (header) => {
  const tpdu = { destination: '0001', source: '0042' };
  const terminal = createFramer({ header, tpdu });
  const { framed, split } = createSpeech({
    dialect: 'iso8583-1987-ascii',
    wallMs,
    framing: { header, tpdu },
  });
  const message = Uint8Array.of(1, 2, 3);
  const sent = terminal.frame(message);
  if (isMalformed(sent)) throw new Error(sent.problem);
  expect(split(new Uint8Array(), sent)).toMatchObject({ messages: [message] });
  expect(terminal.split(new Uint8Array(), framed(message))).toMatchObject({ messages: [message] });
});
