import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listPayments, recoverFile, verifyFile } from '#drivers/sqlite/index.ts';
import { asked } from '#test/ports/journal-suite.ts';
import { type Place, place } from './support.ts';

let at: Place;
beforeEach(async () => {
  at = await place();
});
afterEach(() => at.remove());

interface Said {
  readonly step: string;
  readonly detail?: string;
}

const SCRIPT = fileURLToPath(new URL('./small-disk.ts', import.meta.url));

describe('a disk', () => {
  test('that is full, nearly full or read-only refuses, loses nothing, and works again', () => {
    // Root has mounts of its own by -m; others need a kernel that lets them be root for that (-r).
    const flags = process.getuid?.() === 0 ? '-m' : '-mr';
    const output = execFileSync('unshare', [flags, process.execPath, SCRIPT, at.folder]);
    const said = output
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Said);
    const whole = { chain: 'whole' };
    expect(said).toMatchObject([
      { step: 'append on a full disk', detail: expect.stringContaining('the disk is full') },
      { step: 'refusal', detail: expect.stringContaining('make room on it') },
      { step: 'all that was acknowledged', there: true },
      { step: 'verify', state: whole },
      { step: 'refusal with room again', detail: 'none' },
      { step: 'append with room again', detail: 'none' },
      { step: 'refusal of the careful', detail: expect.stringMatching(/nearly full.* MB free/) },
      { step: 'refusal on a read-only disk', detail: expect.stringContaining('is read-only') },
      { step: 'append on a read-only disk', detail: expect.stringContaining('is read-only') },
      { step: 'untouched', same: true },
      { step: 'verify on a read-only disk', state: whole },
      { step: 'refusal when writable again', detail: 'none' },
      { step: 'append when writable again', detail: 'none' },
      { step: 'verify', state: whole },
    ]);
  });
});

describe('a place', () => {
  test('that has a folder for a journal says so to everybody, and the folder stays', async () => {
    mkdirSync(at.path, { recursive: true, mode: 0o755 });
    const journal = await at.open();
    const why = journal.refusal();
    await journal.close();
    const told = [verifyFile(at.path), listPayments(at.path, 1), recoverFile(at.path, () => 0)];
    for (const one of [why, ...told]) {
      expect(one).toMatchObject({
        detail: expect.stringContaining('a folder stands in its place'),
      });
    }
    expect(statSync(at.path).mode & 0o777).toBe(0o755);
  });

  test('where somebody may not look is not said to be empty', async () => {
    const journal = await at.open();
    await journal.append(asked('p1'));
    await journal.close();
    chmodSync(dirname(at.path), 0);
    const script = fileURLToPath(new URL('./nobody.ts', import.meta.url));
    const told = execFileSync(process.execPath, [script, at.path]).toString();
    chmodSync(dirname(at.path), 0o700);
    const why = { fault: 'journal', detail: expect.stringContaining('look at the rights') };
    expect(JSON.parse(told)).toMatchObject([why, why]);
    expect(verifyFile(join(at.folder, 'none', 'journal.db'))).toMatchObject({
      detail: expect.stringContaining('there is no journal'),
    });
  });

  test("holds files that are the owner's alone, also while the journal is open", async () => {
    const umask = process.umask(0o022);
    const journal = await at.open();
    await journal.append(asked('p1'));
    const modes = readdirSync(dirname(at.path)).map((name) => [
      name,
      (statSync(join(dirname(at.path), name)).mode & 0o777).toString(8),
    ]);
    await journal.close();
    process.umask(umask);
    expect(modes.length).toBeGreaterThan(4);
    expect(modes.filter(([, mode]) => mode !== '600')).toEqual([]);
  });

  test('that is a file refuses with its name, and works when it is made a folder', async () => {
    writeFileSync(dirname(at.path), '');
    const journal = await at.open();
    expect(journal.refusal()?.detail).toContain(`${at.path} can't be opened`);
    expect(await journal.append(asked('p1'))).toMatchObject({ fault: 'journal' });
    rmSync(dirname(at.path));
    mkdirSync(dirname(at.path));
    expect(journal.refusal()).toBeUndefined();
    expect(await journal.append(asked('p1'))).toBeUndefined();
    await journal.close();
  });
});
