import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
