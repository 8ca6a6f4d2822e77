import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadTrusted, type Seen, saveTrusted } from '#drivers/tuf/store.ts';
import { chance } from '#test/support/power-cuts.ts';
import { POWER_CUT, SimulatedDisk } from '#test/support/simulated-disk.ts';
import { makeKey } from '../../../scripts/maker/keys.ts';
import { rotate } from '../../../scripts/maker/rotate.ts';
import { aTerminal, aWorld, reasonIn, type World } from './support.ts';

const DAY_MS = 24 * 3600 * 1000;
const YEAR_MS = 365 * DAY_MS;

afterEach(() => void vi.useRealTimers());

const stateDisk = async (): Promise<SimulatedDisk> => {
  const disk = new SimulatedDisk();
  await disk.disk.makeFolder('/state');
  await disk.disk.syncFolder('/');
  return disk;
};

/** Cuts before every operation of `run`; tells each disk that may be left, and what was counted. */
const cutEverywhere = async (
  from: SimulatedDisk,
  run: (disk: SimulatedDisk) => Promise<unknown>,
  most: number,
  left: (disk: SimulatedDisk) => Promise<void>,
): Promise<{ cuts: number; outcomes: number }> => {
  const random = chance(20261129);
  let outcomes = 0;
  for (let cutAt = 1; ; cutAt++) {
    const disk = from.copy();
    disk.cutAt = cutAt;
    try {
      await run(disk);
      return { cuts: cutAt - 1, outcomes };
    } catch (error) {
      if (error !== POWER_CUT) throw error;
    }
    for (const found of disk.outcomes(most, random)) {
      outcomes += 1;
      await left(found);
    }
  }
};

describe('a power cut at any operation', () => {
  const seenAt = (version: number): Seen => ({
    given: 'a',
    root: 1,
    timestamp: { version, keys: 'k' },
    snapshot: { version, keys: 'k' },
  });
  const save = (disk: SimulatedDisk, version: number) =>
    saveTrusted(disk.disk, '/state/trust', { root: 'r', timestamp: `${version}` }, seenAt(version));

  test('leaves what was trusted or what shall be, and no metadata above the versions', async () => {
    const disk = await stateDisk();
    expect(await save(disk, 1)).toBeUndefined();
    const figures = await cutEverywhere(
      disk,
      (cut) => save(cut, 2),
      64,
      async (found) => {
        const trusted = await loadTrusted(found.disk, '/state/trust');
        if ('fault' in trusted) throw new Error(trusted.detail);
        expect(trusted.damage).toBeUndefined();
        const version = Number(trusted.files['timestamp']);
        expect([1, 2]).toContain(version);
        expect(trusted.seen?.timestamp?.version).toBeGreaterThanOrEqual(version);
      },
    );
    expect(figures.cuts).toBe(17);
    expect(figures.outcomes).toBeGreaterThan(30);
  });

  test('of a look leaves a terminal that looks again', async () => {
    const world = await aWorld();
    const old = world.mirror();
    const terminal = aTerminal(world);
    const on = (disk: SimulatedDisk, source = world.maker.folder) =>
      terminal.update(source, { disk: disk.disk, state: '/state', work: aWork });
    const aWork = join(terminal.state, 'trust');
    const disk = await stateDisk();
    expect(await on(disk)).toEqual({ version: '1.0.0' });
    await world.release('1.1.0');
    const figures = await cutEverywhere(disk, on, 2, async (found) => {
      expect(await on(found)).toEqual({ version: '1.1.0' });
      expect(reasonIn(await on(found, old))).toBe('rollback');
    });
    expect(figures.cuts).toBe(17);
  });
});

describe('what is trusted', () => {
  const seenTwo = async () => {
    const world = await aWorld();
    const old = world.mirror();
    await world.release('1.1.0');
    const terminal = aTerminal(world);
    const { folder } = world.maker;
    expect(await terminal.update(folder)).toEqual({ version: '1.1.0' });
    const damage = (...names: string[]): void => {
      for (const name of names) appendFileSync(join(terminal.state, 'trust', name), '!');
    };
    return { old, terminal, folder, damage };
  };

  test.each([
    ['the metadata', ['metadata'], 'begun anew above the versions seen'],
    ['a copy of the versions', ['seen'], 'one is whole'],
    ['the other copy', ['seen.copy'], 'one is whole'],
    ['the metadata and a copy', ['metadata', 'seen'], 'begun anew above the versions seen'],
  ])('refuses what is old, with %s damaged', async (_, names, words) => {
    const { old, terminal, folder, damage } = await seenTwo();
    damage(...names);
    const told: string[] = [];
    const tell = (note: string) => void told.push(note);
    expect(reasonIn(await terminal.update(old, { tell }))).toBe('rollback');
    expect(told).toEqual([expect.stringContaining(words)]);
    expect(await terminal.update(folder)).toEqual({ version: '1.1.0' });
    // It was written anew.
    expect(await terminal.update(folder, { tell })).toEqual({ version: '1.1.0' });
    expect(told).toHaveLength(1);
  });

  test('refuses what is old by its metadata, with the versions seen damaged', async () => {
    const { old, terminal, folder, damage } = await seenTwo();
    damage('seen', 'seen.copy');
    expect(reasonIn(await terminal.update(old))).toBe('rollback');
    expect(await terminal.update(folder)).toEqual({ version: '1.1.0' });
  });

  test('with everything damaged is begun anew, and a technician is told', async () => {
    const { terminal, folder, damage } = await seenTwo();
    damage('metadata', 'seen', 'seen.copy');
    const told: string[] = [];
    const tell = (note: string) => void told.push(note);
    expect(await terminal.update(folder, { tell })).toEqual({ version: '1.1.0' });
    expect(told).toEqual([expect.stringContaining('begun anew from root.json')]);
  });

  test('can be kept on no full disk, and then nothing is offered', async () => {
    const world = await aWorld();
    const terminal = aTerminal(world);
    const disk = await stateDisk();
    disk.free = 300;
    const more = { disk: disk.disk, state: '/state', work: join(terminal.state, 'trust') };
    const full = await terminal.update(world.maker.folder, more);
    expect(full).toEqual({ untrusted: 'disk', detail: expect.stringContaining('ENOSPC') });
    disk.free = 1e9;
    expect(await terminal.update(world.maker.folder, more)).toEqual({ version: '1.0.0' });
  });

  test('is begun anew from another root.json, and from none that is damaged', async () => {
    const { terminal, folder } = await seenTwo();
    const other = await aWorld();
    const root = join(terminal.state, 'root.json');
    copyFileSync(join(other.maker.folder, 'metadata/1.root.json'), root);
    expect(await terminal.update(other.maker.folder)).toEqual({ version: '1.0.0' });
    expect(reasonIn(await terminal.update(folder))).toBe('signature');
    writeFileSync(root, 'root');
    expect(await terminal.update(other.maker.folder)).toEqual({
      untrusted: 'unreadable',
      detail: expect.stringContaining(root),
    });
  });
});

describe('a clock', () => {
  const at = (ms: number): void => void vi.useFakeTimers({ toFake: ['Date'], now: ms });

  test('years ahead sees all of it expired, and is told as what may be wrong', async () => {
    const world = await aWorld();
    const terminal = aTerminal(world);
    at(Date.now() + 5 * YEAR_MS);
    const outcome = await terminal.update(world.maker.folder);
    expect(outcome).toEqual({
      untrusted: 'expired',
      detail: expect.stringMatching(/^root\.json .* ended on .*set the clock if it is wrong/),
    });
    vi.useRealTimers();
    expect(await terminal.update(world.maker.folder)).toEqual({ version: '1.0.0' });
  });

  test('years behind is refused, on the first look and before any later one', async () => {
    const world = await aWorld();
    const terminal = aTerminal(world);
    const behind = { untrusted: 'expired', detail: expect.stringContaining('set the clock') };
    at(Date.now() - 9 * YEAR_MS);
    expect(await terminal.update(world.maker.folder)).toEqual(behind);
    vi.useRealTimers();
    expect(await terminal.update(world.maker.folder)).toEqual({ version: '1.0.0' });
    at(Date.now() - 2 * DAY_MS);
    expect(await terminal.update('/nowhere')).toEqual(behind);
    at(Date.now() + DAY_MS);
    expect(await terminal.update(world.maker.folder)).toEqual({ version: '1.0.0' });
  });
});

describe('keys that were rotated', () => {
  const replace = (world: World, role: string, from: string, to: string): void => {
    const [out] = world.keysOf(from);
    if (!out) throw new Error(from);
    rotate(world.maker, { role, out, into: makeKey(world.keys, to) });
    world.publish();
  };

  test('are followed root by root by a terminal that was in a drawer', async () => {
    const world = await aWorld();
    const terminal = aTerminal(world);
    expect(await terminal.update(world.maker.folder)).toEqual({ version: '1.0.0' });
    // Every key of root and targets is another one in the end, twice over.
    for (const turn of [1, 2]) {
      for (const at of [1, 2, 3]) {
        const before = turn === 1 ? '' : '-1';
        replace(world, 'root', `root-${at}${before}`, `root-${at}-${turn}`);
        replace(world, 'targets', `targets-${at}${before}`, `targets-${at}-${turn}`);
      }
    }
    await world.release('1.1.0');
    expect(await terminal.update(world.maker.folder)).toEqual({ version: '1.1.0' });
    const newest = readFileSync(join(world.maker.folder, 'metadata/13.root.json'), 'utf8');
    expect(JSON.parse(newest).signed.version).toBe(13);
  });

  test('count no more, also when the look that learnt it failed', async () => {
    const world = await aWorld();
    const terminal = aTerminal(world);
    const old = world.mirror();
    replace(world, 'timestamp', 'timestamp-1', 'timestamp-2');
    const broken = world.mirror();
    writeFileSync(join(broken, 'metadata/timestamp.json'), '{}');
    expect(reasonIn(await terminal.update(broken))).toBe('unreadable');
    // It has no newer root, and the timestamp of the old key.
    expect(reasonIn(await terminal.update(old))).toBe('signature');
    expect(await terminal.update(world.maker.folder)).toEqual({ version: '1.0.0' });
  });

  test('leave a new root that the old keys have not signed outside', async () => {
    const world = await aWorld();
    const terminal = aTerminal(world);
    const forged = join(world.maker.folder, 'metadata/2.root.json');
    copyFileSync(join(world.maker.folder, 'metadata/1.root.json'), forged);
    expect(reasonIn(await terminal.update(world.maker.folder))).toBe('rollback');
    world.forge('2.root.json', world.keysOf('root-1'), (signed) => {
      signed.version = 2;
    });
    expect(reasonIn(await terminal.update(world.maker.folder))).toBe('signature');
  });
});
