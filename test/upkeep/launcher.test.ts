import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startedOn } from '#test/support/power-cuts.ts';
import {
  bundleOf,
  damage,
  inPieces,
  must,
  ROOT,
  readableCopies,
  settledDisk,
  siteOn,
  stateOn,
} from '#test/support/release.ts';
import type { SimulatedDisk } from '#test/support/simulated-disk.ts';
import {
  install,
  rollBack,
  settle,
  switchOver,
  tellHealthy,
  tellUnhealthy,
} from '#upkeep/index.ts';
import { countStart, decode, encode, MOST_STARTS, MOST_TRIALS } from '#upkeep/launcher.ts';

const settled = await settledDisk();
const switched = settled.copy();
must(await install(siteOn(switched), inPieces(bundleOf('3.0.0'))));
must(await switchOver(siteOn(switched)));

const ALL = ['1.0.0', '2.0.0', '3.0.0'];
const starts = async (disk: SimulatedDisk, count: number): Promise<string[]> => {
  const found: string[] = [];
  for (let n = 0; n < count; n++) found.push(await startedOn(disk, ALL));
  return found;
};

describe('the launcher', () => {
  test('starts a new release three times, and then the old one for good', async () => {
    const disk = switched.copy();
    const found = await starts(disk, MOST_STARTS);
    must(await tellUnhealthy(siteOn(disk), 'no reader is there'));
    expect([...found, ...(await starts(disk, 1))]).toEqual(['3.0.0', '3.0.0', '3.0.0', '2.0.0']);
    must(await tellHealthy(siteOn(disk)));
    expect(await starts(disk, 2)).toEqual(['2.0.0', '2.0.0']);
  });

  test('says why it left the new one', async () => {
    const disk = switched.copy();
    await starts(disk, MOST_STARTS);
    must(await tellUnhealthy(siteOn(disk), 'no reader is there'));
    await starts(disk, 1);
    const { phase, reason } = await stateOn(disk);
    expect(phase).toBe('rolledBack');
    expect(reason).toBe(
      "countertap-3.0.0 was left after 3 starts that weren't healthy: no reader is there",
    );
  });

  test('keeps a release that comes up healthy', async () => {
    const disk = switched.copy();
    for (let n = 0; n < MOST_STARTS + 2; n++) {
      expect(await starts(disk, 1)).toEqual(['3.0.0']);
      must(await tellHealthy(siteOn(disk)));
    }
    must(await settle(siteOn(disk), '0.0.0'));
    expect((await stateOn(disk)).phase).toBe('settled');
  });

  test('leaves one that comes up healthy and crashes again and again', async () => {
    const disk = switched.copy();
    for (let n = 0; n < MOST_TRIALS; n++) {
      await starts(disk, 1);
      must(await tellHealthy(siteOn(disk)));
    }
    expect(await starts(disk, 1)).toEqual(['2.0.0']);
  });

  test('goes on with the new release when the old one is no longer whole', async () => {
    const disk = switched.copy();
    disk.put(`${ROOT}/slots/b/lib/same.js`, Buffer.from('rotten'));
    expect(await starts(disk, 8)).toEqual(Array(8).fill('3.0.0'));
  });

  test('goes to the release before when a settled one is gone', async () => {
    const disk = settled.copy();
    disk.put(`${ROOT}/slots/b/start`, Buffer.from('rotten'));
    const found = await starts(disk, MOST_STARTS + 1);
    expect(found.at(-1)).toBe('1.0.0');
  });

  test('counts on when the disk is full', async () => {
    const disk = switched.copy();
    disk.free = 0;
    let state = countStart(disk.files, ROOT);
    for (let n = 0; n < MOST_STARTS; n++) state = countStart(disk.files, ROOT, state);
    expect(state?.slots[state.current]?.version).toBe('2.0.0');
  });

  test('mends a copy of the state that is damaged', async () => {
    for (const name of ['current', 'current.copy']) {
      const disk = settled.copy();
      damage(disk, name);
      expect(await starts(disk, 1)).toEqual(['2.0.0']);
      expect(readableCopies(disk)).toHaveLength(2);
    }
  });

  test('makes the state anew from the slots, and still leaves a bad one', async () => {
    const disk = switched.copy();
    damage(disk, 'current', 'current.copy');
    expect(await starts(disk, 4)).toEqual(['3.0.0', '3.0.0', '3.0.0', '2.0.0']);
  });

  test('starts what is whole, when both copies are damaged and one slot, too', async () => {
    for (const [slot, version] of [
      ['a', '2.0.0'],
      ['b', '3.0.0'],
    ] as const) {
      const disk = switched.copy();
      damage(disk, 'current', 'current.copy', `slots/${slot}/lib/deep/own.js`);
      expect(await starts(disk, 5)).toEqual(Array(5).fill(version));
    }
  });

  test('says that nothing is there, when nothing is', async () => {
    const disk = switched.copy();
    damage(disk, 'current', 'current.copy', 'slots/a/start', 'slots/b/manifest.json');
    expect(await starts(disk, 1)).toEqual(['nothing']);
  });

  test('takes no damaged state for one', async () => {
    const text = encode(await stateOn(settled));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 2 }), (at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        if (changed !== text) expect(decode(changed)).toBeUndefined();
        expect(decode(text.slice(0, at))).toBeUndefined();
      }),
    );
  });

  test('is one short file that needs nothing but Node', () => {
    const text = readFileSync(new URL('../../src/upkeep/launcher.ts', import.meta.url), 'utf8');
    expect(text.split('\n').length - 1).toBeLessThan(150);
    const imported = [...text.matchAll(/^import (?!type ).* from '(.*)';$/gm)].map(
      ([, name]) => name,
    );
    expect(imported).toEqual(['node:child_process', 'node:crypto', 'node:fs']);
  });
});

describe('while a release is in its probation', () => {
  test('no other is unpacked over the one to go back to', async () => {
    const disk = switched.copy();
    await starts(disk, 1);
    const result = await install(siteOn(disk), inPieces(bundleOf('4.0.0')));
    expect(result).toMatchObject({ refused: 'busy' });
  });

  test('staff can go back at once, and not twice', async () => {
    const disk = switched.copy();
    await starts(disk, 1);
    must(await rollBack(siteOn(disk), 'by staff'));
    expect(await starts(disk, 1)).toEqual(['2.0.0']);
    expect(await rollBack(siteOn(disk), 'by staff')).toMatchObject({ refused: 'state' });
  });

  test('it settles only when it is healthy', async () => {
    const disk = switched.copy();
    await starts(disk, 1);
    expect(await settle(siteOn(disk), '0.0.0')).toMatchObject({ refused: 'state' });
  });
});

test('nothing is switched to that was not tried', async () => {
  const disk = settled.copy();
  expect(await switchOver(siteOn(disk))).toMatchObject({ refused: 'state' });
  const site = siteOn(disk, { run: async () => 'the host is silent' });
  await install(site, inPieces(bundleOf('3.0.0')));
  expect(await switchOver(site)).toMatchObject({ refused: 'state' });
});
