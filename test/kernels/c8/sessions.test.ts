import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { parseDol } from '#tlv/dol.ts';
import { DIFFERENT } from './different-sessions.ts';
import { exchangesOf, replaySession, SESSIONS } from './recorded-sessions.ts';

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
