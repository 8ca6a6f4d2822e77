import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { parseDol } from '#tlv/dol.ts';
import { exchangesOf, replaySession, SESSIONS, type SessionOutcome } from './recorded-sessions.ts';

interface Difference {
  /** Why ours is right: what C-8 1.2 says, or which fault of the recorded kernel it is. */
  readonly why: string;
  /** What ours comes to where that differs; undefined: the element is not there. */
  readonly ours?: Readonly<Partial<Record<keyof SessionOutcome, string | undefined>>>;
  /** How many commands ours sends; as many as the recorded one if absent. */
  readonly commands?: number;
  /** Bytes of commands that differ: index, offset, ours. */
  readonly altered?: readonly (readonly [command: number, offset: number, byte: number])[];
}

const CARD_SILENT_AT_RECORD = '9F8204060100000000219F821C01809F821B01009F810C020000';

const DIFFERENT: Readonly<Record<string, Difference>> = {
  'rrp-zero-estimate': {
    why: 'It divides by the estimate of zero and throws; the book passes the comparison over. Ours goes on to READ RECORD, which the recording lacks: "rrp-zero-estimate--patched" is the whole.',
    commands: 3,
    ours: {
      parameters: '4010F0F050F00D00',
      discretionary: CARD_SILENT_AT_RECORD,
      uird2: '21020000000000000000000000',
    },
  },
  'rsa-configured': {
    why: 'It knows no RSA certificates and calls that a terminal data error. Ours names both suites in the Kernel Qualifier and asks for processing options, which the recording lacks.',
    commands: 1,
    ours: {
      parameters: '7010F0F010F00D00',
      discretionary: '9F8204060100000000FF9F821C01809F821B01009F810C020000',
    },
  },
  'duplicate-pan': {
    why: 'It parses all records at the end, as the book allows; ours each as it is read, and stops at the second.',
    commands: 3,
  },
  'write-data-mac-wrong': {
    why: 'It writes on after a wrong MAC; by the book the first failure ends the writing.',
    commands: 7,
  },
  'afl-out-of-order': {
    why: 'It decrypts records in the order of their numbers, not as they were read. Ours goes on to GENERATE AC, which the recording lacks: "afl-out-of-order--patched" is the whole.',
    commands: 6,
    ours: {
      parameters: '4010F0F050F00D00',
      discretionary: CARD_SILENT_AT_RECORD,
      uird1: undefined,
      uird2: '21020000000000000000000000',
    },
  },
  'trmd-byte1-overwrite': {
    why: 'It overwrites all of Terminal Risk Management Data byte 1; the book replaces four bits and leaves bit 8, which is configured here. The recorded MAC covers the other byte, so it is wrong for ours.',
    altered: [[5, 34, 0x8c]],
    ours: {
      parameters: '40F0F0F090F00D00',
      discretionary: '9F82040600130000001C9F821C01809F821B01009F810C020000',
      uird1: '1C000000130000000000000000',
      record: undefined,
    },
  },
};

describe('a session of the recorded kernel comes to the same with ours', () => {
  const same = SESSIONS.filter(({ id }) => !(id in DIFFERENT));

  test.each(same)('$id: $note', (session) => {
    const { session: ours, commands } = replaySession(session);
    expect(ours).toEqual(session.outcome);
    expect(commands).toEqual(exchangesOf(session).map(({ command }) => command));
  });

  test('but for six of the 64', () => {
    expect(SESSIONS).toHaveLength(64);
    expect(same).toHaveLength(58);
  });
});

describe('or differs, for a reason', () => {
  test.each(Object.entries(DIFFERENT))('%s', (id, { ours = {}, commands, altered = [] }) => {
    const session = SESSIONS.find((one) => one.id === id);
    if (session === undefined) throw new RangeError(`no session is called ${id}`);
    const replayed = replaySession(session);
    const expected: Record<string, string | undefined> = { ...session.outcome, ...ours };
    for (const key of Object.keys(expected)) if (expected[key] === undefined) delete expected[key];
    expect(replayed.session).toEqual(expected);
    const asked = exchangesOf(session).map(({ command }) => hex(command));
    for (const [at, offset, byte] of altered) asked[at]?.set([byte], offset);
    const sent = replayed.commands.map((command) => hex(command));
    expect(sent).toHaveLength(commands ?? asked.length);
    const both = Math.min(sent.length, asked.length);
    expect(sent.slice(0, both)).toEqual(asked.slice(0, both));
  });
});

test('the offset of the altered byte is that of 9F1D in the CDOL', () => {
  const cdol = parseDol(
    hex('9F02069F03069F1A0295055F2A029A039C019F37049F1D089F33039F35019F810C02'),
  );
  if ('malformed' in cdol) throw new Error('no CDOL');
  const before = cdol.slice(
    0,
    cdol.findIndex((entry) => entry.tag === 0x9f1d),
  );
  expect(5 + before.reduce((sum, { length }) => sum + length, 0)).toBe(34);
});
