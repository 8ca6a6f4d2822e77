import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { machineDisk, processSelfTest } from '#drivers/disk/index.ts';
import { isFault } from '#ports/fault.ts';
import { emptyDisk, ROOT } from '#test/support/release.ts';
import { removeTree } from '#upkeep/slot.ts';

const folder = mkdtempSync(join(tmpdir(), 'countertap-disk-'));
afterAll(() => rmSync(folder, { recursive: true }));

const simulated = (await emptyDisk()).disk;

describe.each([
  ['the machine', machineDisk, folder],
  ['the simulation', simulated, ROOT],
])('the disk of %s', (_, disk, root) => {
  const write = async (path: string, text: string): Promise<void> => {
    const file = await disk.create(path, 0o755);
    if (isFault(file)) throw new Error(file.detail);
    for (const piece of text) await file.write(Buffer.from(piece));
    expect([await file.sync(), await file.close()]).toEqual([undefined, undefined]);
  };
  const read = async (path: string): Promise<unknown> => {
    const pieces: Uint8Array[] = [];
    const result = await disk.read(path, (piece) => pieces.push(Uint8Array.from(piece)));
    return result ?? Buffer.concat(pieces).toString();
  };

  test('gives back what was written, and nothing of what was there before', async () => {
    await write(`${root}/x`, 'something long');
    await write(`${root}/x`, 'short');
    expect(await read(`${root}/x`)).toBe('short');
    expect(await read(`${root}/y`)).toBe('absent');
  });

  test('syncs a file that was closed, and nothing else under its name', async () => {
    const file = await disk.create(`${root}/unsynced`, 0o600);
    if (isFault(file)) throw new Error(file.detail);
    await file.write(Buffer.from('x'));
    await file.close();
    expect(await disk.syncFile(`${root}/unsynced`)).toBeUndefined();
    expect(await disk.syncFile(`${root}/absent`)).toMatchObject({ fault: 'disk' });
    expect(await disk.syncFolder(`${root}/unsynced`)).toMatchObject({ fault: 'disk' });
  });

  test('puts a file in the place of another', async () => {
    await write(`${root}/new`, 'new');
    await write(`${root}/old`, 'old');
    expect(await disk.rename(`${root}/new`, `${root}/old`)).toBeUndefined();
    expect(await disk.syncFolder(root)).toBeUndefined();
    expect([await read(`${root}/old`), await read(`${root}/new`)]).toEqual(['new', 'absent']);
  });

  test('lists by name, with sizes and permissions', async () => {
    expect(await disk.makeFolder(`${root}/f`)).toBeUndefined();
    expect(await disk.makeFolder(`${root}/f`)).toBeUndefined();
    await disk.makeFolder(`${root}/f/b`);
    await write(`${root}/f/a`, 'four');
    const found = await disk.list(`${root}/f`);
    expect(found).toMatchObject([
      { name: 'a', kind: 'file', size: 4, mode: 0o755 },
      { name: 'b', kind: 'folder' },
    ]);
    expect(await disk.list(`${root}/g`)).toBe('absent');
  });

  test('removes files and empty folders, and no full one', async () => {
    await disk.makeFolder(`${root}/r`);
    await write(`${root}/r/a`, 'a');
    expect(await disk.remove(`${root}/r`)).toMatchObject({ fault: 'disk' });
    await disk.remove(`${root}/r/a`);
    expect(await disk.remove(`${root}/r`)).toBeUndefined();
    expect(await disk.remove(`${root}/r`)).toBeUndefined();
    expect(await disk.list(`${root}/r`)).toBe('absent');
  });

  test('gives a lock to one at a time', async () => {
    const path = `${root}/a.lock`;
    const taken = async (): Promise<() => Promise<void>> => {
      const lock = await disk.lock(path);
      if (lock === 'taken' || isFault(lock)) throw new Error('no lock');
      return () => lock.release();
    };
    const release = await taken();
    expect(await disk.lock(path)).toBe('taken');
    await release();
    await (await taken())();
  });

  test('says that a folder is missing', async () => {
    expect(await disk.create(`${root}/none/x`, 0o644)).toMatchObject({ fault: 'disk' });
    expect(await disk.rename(`${root}/none`, `${root}/x`)).toMatchObject({ fault: 'disk' });
    expect(await disk.syncFolder(`${root}/none`)).toMatchObject({ fault: 'disk' });
    expect(await disk.freeBytes(root)).toBeGreaterThan(0);
  });
});

test('no link is followed, and none is taken for a file', async () => {
  writeFileSync(`${folder}/target`, 'kept');
  symlinkSync('target', `${folder}/link`);
  expect(await machineDisk.read(`${folder}/link`, () => {})).toBe('absent');
  expect(await machineDisk.create(`${folder}/link`, 0o644)).toMatchObject({ fault: 'disk' });
  const listed = await machineDisk.list(folder);
  expect(listed).toContainEqual({ name: 'link', kind: 'other', size: 0, mode: 0o777 });
});

describe('a self-test', () => {
  const running = (script: string, deadlineMs = 10_000) => {
    const slot = mkdtempSync(join(folder, 'slot-'));
    writeFileSync(`${slot}/start`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return processSelfTest(deadlineMs).run(slot);
  };

  test.each([
    ['passes', '[ "$1" = self-test ]', undefined],
    ['says why not', 'echo first >&2; echo no reader >&2; exit 1', 'no reader'],
    ['ends without a word', 'exit 3', 'the self-test ended with 3'],
    ['crashes', 'kill -SEGV $$', 'the self-test ended with SIGSEGV'],
  ])('that %s', async (_, script, reason) => {
    expect(await running(script)).toBe(reason);
  });

  test('that takes too long is ended, with all that it started', async () => {
    expect(await running('sleep 600 & wait', 200)).toBe('the self-test took longer than 200 ms');
  });

  test('that is not there is a reason', async () => {
    expect(await processSelfTest(1000).run(`${folder}/none`)).toMatch(/can't be started/);
  });
});

test('a link to a folder is no folder: nothing beyond it is listed or removed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'countertap-link-'));
  mkdirSync(join(home, 'kept'));
  writeFileSync(join(home, 'kept', 'file'), 'theirs');
  symlinkSync(join(home, 'kept'), join(home, 'slot'));
  expect(await machineDisk.list(join(home, 'slot'))).toBe('absent');
  expect(await removeTree(machineDisk, join(home, 'slot'))).toBeUndefined();
  expect(readdirSync(home)).toEqual(['kept']);
  expect(readdirSync(join(home, 'kept'))).toEqual(['file']);
  rmSync(home, { recursive: true });
});
