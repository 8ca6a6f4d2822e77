import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openJournal } from '#drivers/sqlite/index.ts';
import { fill, quiet, tamper } from '#test/drivers/sqlite/support.ts';
import { got, START_MS } from '#test/ports/journal-suite.ts';
import { exportTo, list, recover, show, verify } from '../../src/cli/journal.ts';
import { type Places, placesIn } from '../../src/cli/places.ts';

let state = '';
let places: Places;
let out: string[] = [];
let err: string[] = [];
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-journal-cli-'));
  places = placesIn(state);
  out = [];
  err = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(state, { recursive: true, force: true });
});

const opened = async () =>
  got(await openJournal({ path: places.journal, log: quiet, wallMs: () => START_MS }));
const filled = async (count = 12): Promise<void> => {
  const journal = await opened();
  await fill(journal, count);
  await journal.close();
};

describe('countertap journal', () => {
  test.each([
    ['verify', () => verify(places, {})],
    ['export', () => exportTo(places, undefined)],
    ['recover', () => recover(places, {})],
    ['show', () => show(places, 'p1', {})],
    ['list', () => list(places, { last: 5 })],
  ])('%s says that there is none yet, and makes none', (_, command) => {
    expect(command()).toBe(3);
    expect(err.join('')).toMatch(/journal .*journal\.db/);
    expect(() => statSync(places.journal)).toThrow();
  });

  test('verify ends with 0 on a whole journal, also while the terminal has it open', async () => {
    await filled();
    const terminal = await opened();
    expect(verify(places, {})).toBe(0);
    expect(out.join('')).toMatch(/^whole: 34 entries, up to [0-9a-f]{64}\n$/);
    await terminal.close();
  });

  test('verify ends with 1 on a broken one, and names entry and problem', async () => {
    await filled();
    tamper(places.journal, 'UPDATE entries SET at_ms = 0 WHERE sequence = 5');
    expect(verify(places, {})).toBe(1);
    expect(verify(places, { json: true })).toBe(1);
    const state = { chain: 'broken', sequence: 5, problem: 'it was changed' };
    expect(out).toEqual(['broken at entry 5: it was changed\n', `${JSON.stringify(state)}\n`]);
  });

  test('recover makes it whole, says what is missing, and has nothing to do then', async () => {
    await filled();
    tamper(places.journal, 'UPDATE entries SET at_ms = 0 WHERE sequence = 29');
    expect(recover(places, {})).toBe(0);
    const said = out.join('');
    expect(said).toMatch(/was broken: it was changed\nkept +33 entries\nmissing +29\n/);
    expect(said).toMatch(/look at +payment p5: its latest entries may be missing/);
    expect(said).toMatch(/compare +payments after entry 28 may be missing or wrong/);
    expect(said).toMatch(/kept aside +.*\.damaged\n/);
    expect(verify(places, {})).toBe(0);
    out = [];
    expect(recover(places, {})).toBe(0);
    expect(out.join('')).toContain('nothing to recover: whole');
  });

  test('recover leaves a journal alone that the terminal has open', async () => {
    await filled();
    const terminal = await opened();
    expect(recover(places, {})).toBe(3);
    expect(err.join('')).toContain('another process');
    await terminal.close();
  });

  test('export writes each entry as a line for people, without sealed data', async () => {
    await filled();
    const file = join(state, 'export.jsonl');
    expect(exportTo(places, file)).toBe(0);
    const text = readFileSync(file, 'utf8');
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(34);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      sequence: 1,
      payment: 'p0',
      event: 'started',
      at: '2026-01-01T12:00:00.000Z',
      data: { amountMinor: 1250 },
    });
    expect(text).not.toContain('transcript of');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(exportTo(places, file)).toBe(3);
  });

  test('export to a full disk blames that disk, and leaves no half of a file', async () => {
    await filled(300);
    const file = join(state, 'export.jsonl');
    // A device that is always full, in the place of standard output.
    const script = `
      import { exportTo } from '#cli/journal.ts';
      import { placesIn } from '#cli/places.ts';
      process.exitCode = exportTo(placesIn(process.argv[1]), process.argv[2]);`;
    const full = openSync('/dev/full', 'w');
    const run = (stdout: number | 'pipe', limit: string, ...target: string[]) =>
      spawnSync(
        'sh',
        ['-c', `${limit}; exec "$0" --input-type=module -e "$@"`, process.execPath].concat(
          [script, state],
          target,
        ),
        { stdio: ['ignore', stdout, 'pipe'], encoding: 'utf8' },
      );
    const toOutput = run(full, ':');
    closeSync(full);
    expect(toOutput.status).toBe(3);
    expect(toOutput.stderr).toMatch(/standard output can't be written: ENOSPC.*not complete/);
    expect(toOutput.stderr).not.toContain('journal.db');
    // No file may grow beyond 64 KB; the signal for that is ignored.
    const toFile = run('pipe', "trap '' XFSZ; ulimit -f 128", file);
    expect(toFile.status).toBe(3);
    expect(toFile.stderr).toMatch(/export\.jsonl can't be written: EFBIG.*removed again/);
    expect(() => statSync(file)).toThrow();
  });

  test('export of what is not there leaves no file', () => {
    const file = join(state, 'export.jsonl');
    expect(exportTo(places, file)).toBe(3);
    expect(() => statSync(file)).toThrow();
  });

  test('show finds a payment by either id, with what happened to it', async () => {
    await filled();
    expect(show(places, 'till-p3', {})).toBe(0);
    expect(out[0]).toMatch(/p3 {2}approved, settled {2}till till-p3\n$/);
    expect(out.slice(2).join('')).toMatch(/started[^\n]*\n.*asked[^\n]*\n.*approved/);
    expect(show(places, 'nobody', {})).toBe(1);
  });

  test('list shows the latest first', async () => {
    await filled();
    expect(list(places, { last: 2 })).toBe(0);
    expect(out.join('')).toMatch(/p11 {2}approved, settled.*\n.*p10 {2}asking, open/);
  });
});
