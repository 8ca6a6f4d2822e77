import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_WAITING, openLogFile } from '../../src/cli/log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countertap-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SCRIPT = fileURLToPath(new URL('./small-log-disk.ts', import.meta.url));

describe('a full disk', () => {
  it('ends neither a running terminal nor its start, and the log goes on with room', async () => {
    const flags = process.getuid?.() === 0 ? '-m' : '-mr';
    const { stdout } = await promisify(execFile)(
      'unshare',
      [flags, process.execPath, SCRIPT, folder],
      { env: { ...process.env, TMPDIR: folder } },
    );
    const refused = { status: 'error', reason: expect.stringMatching(/disk .*is .*full/) };
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { step: 'with room', status: 'approved' },
      { step: 'on a full disk', ...refused },
      { step: 'with room again', status: 'approved' },
      { step: 'log', more: true, whole: true, end: '{"level":' },
      { step: 'started on a full disk', ...refused },
      // Another terminal's card to this ledger: it has been asked, which is what counts here.
      { step: 'and then with room', reason: expect.not.stringContaining('disk') },
      { step: 'its log', whole: true },
    ]);
  }, 60_000);
});

describe('the log file', () => {
  it('is for its user alone, and appended to', () => {
    const path = join(folder, 'terminal.log');
    openLogFile(path).write('one\n');
    openLogFile(path).write('two\n');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps only so much while the disk takes nothing', () => {
    // A device that is always full, behind a name that is a file's later on.
    const path = join(folder, 'terminal.log');
    symlinkSync('/dev/full', path);
    const log = openLogFile(path);
    const line = `${'x'.repeat(1023)}\n`;
    for (let i = 0; i < 2 * (MOST_WAITING / 1024); i++) log.write(line);
    expect(log.waiting()).toBe(MOST_WAITING);
    expect(() => log.write(line)).not.toThrow();
  });

  it('that cannot be opened for another reason than room is told at once', () => {
    expect(() => openLogFile(join(folder, 'nothing', 'terminal.log'))).toThrow(/ENOENT/);
  });
});
