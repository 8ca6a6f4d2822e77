import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PHONE = join(ROOT, 'test/transcripts/visa-phone.tap');
const folder = mkdtempSync(join(tmpdir(), 'countertap-replay-'));

afterAll(() => rmSync(folder, { recursive: true }));

const HEAD = `config: base
clock: 2026-01-31T12:00:00Z
random: ABABABAB
transaction: type=00 amount=200 other=0 currency=0840
`;
const NO_DIRECTORY = `${HEAD}> 00A404000E325041592E5359532E444446303100\n< 6A82\n`;

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const replay = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'src/cli/main.ts'), 'replay', ...args],
    { encoding: 'utf8' },
  );
  const lines = stdout.trimEnd().split('\n');
  return { status, lines, stderr, last: JSON.parse(lines.at(-1) || 'null') as unknown };
};

describe('countertap replay', () => {
  test('prints each exchange in words, the own time, and the outcome last', () => {
    const { status, lines, last } = replay(PHONE);
    expect(status).toBe(0);
    expect(lines[0]).toMatch(/^SELECT PPSE \(terminal \d+ µs\)$/);
    expect(lines.some((line) => /9F6C +Card Transaction Qualifiers +0080/.test(line))).toBe(true);
    expect(lines.at(-2)).toMatch(/^the terminal itself took \d+ µs$/);
    expect(last).toMatchObject({ outcome: 'onlineRequest', tvr: '0000000000' });
  });

  test('masks account data, unless it is asked not to', () => {
    const track2 = '4761739002010043';
    expect(replay(PHONE).lines.join('\n')).not.toContain(track2);
    expect(replay('--show-account-data', PHONE).lines.join('\n')).toContain(track2);
  });

  test('with --json prints one object a file, in the form of the lab port', () => {
    const { lines, last, status } = replay('--json', PHONE, PHONE);
    expect([lines.length, status]).toEqual([2, 0]);
    expect(Object.keys(last as object)).toEqual([
      'outcome',
      'start',
      'onlineResponseType',
      'cvm',
      'uiOnOutcome',
      'uiOnRestart',
      'dataRecord',
      'discretionaryData',
      'alternateInterface',
      'receipt',
      'fieldOffMs',
      'removalTimeoutMs',
      'tvr',
      'tsi',
      'oda',
      'why',
    ]);
  });

  test('ends with 0 where nothing was to hold', () => {
    const { status, last } = replay(file('none.tap', NO_DIRECTORY));
    expect(status).toBe(0);
    expect(last).toMatchObject({
      outcome: 'endApplication',
      why: ['SELECT PPSE answered 6A82', 'card and reader share no application'],
    });
  });

  test('ends with 1 where a line does not hold, and shows both', () => {
    const { status, lines } = replay(file('differs.tap', `${NO_DIRECTORY}= approved\n`));
    expect(status).toBe(1);
    expect(lines).toContain('DIFFERS  = approved; found endApplication');
  });

  test('ends with 1 at an unexpected command, and shows both', () => {
    const { status, lines, last } = replay(file('other.tap', `${HEAD}> 00A4040000\n< 9000\n`));
    expect(status).toBe(1);
    expect(lines).toContain(
      'unexpected command: sent 00A404000E325041592E5359532E444446303100, expected 00A4040000',
    );
    expect(last).toMatchObject({ error: { code: 'unexpectedCommand' } });
  });

  test('looks commands up in any order, if asked', () => {
    const text = NO_DIRECTORY.replace('> 00A4', '> 00A4040000\n< 9000\n> 00A4');
    expect(replay('--order', 'any', file('any.tap', text)).status).toBe(0);
  });

  test.each([
    ['is not there', () => join(folder, 'nowhere.tap'), /ENOENT/],
    ['is malformed', () => file('bad.tap', `${HEAD}hello\n`), /bad\.tap: line 5: /],
    ['lacks a header', () => file('short.tap', 'config: base\n'), /has no "clock"/],
    ['names no configuration', () => file('lost.tap', HEAD.replace('base', 'nowhere')), /nowhere/],
  ])('ends with 2 where a file %s', (_, path, message) => {
    const { status, stderr } = replay(path(), PHONE);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
