// table: courses in which the power is cut at every operation, and what may be started after it.
import { describe, expect, test } from 'vitest';
import { type Course, cutEverywhere, inWords } from '#test/support/power-cuts.ts';
import {
  bundleOf,
  damage,
  emptyDisk,
  inPieces,
  must,
  ROOT,
  settledDisk,
  siteOn,
  stateOn,
  update,
  wholeVersion,
} from '#test/support/release.ts';
import type { SimulatedDisk } from '#test/support/simulated-disk.ts';
import { install, rollBack, switchOver, tellHealthy } from '#upkeep/index.ts';
import { countStart, MOST_STARTS } from '#upkeep/launcher.ts';

// Slot a holds 1.0.0, which is overwritten, and b 2.0.0, which runs.
const settled = await settledDisk();
const first = await emptyDisk();
await update(first, '2.0.0');

const switched = settled.copy();
must(await install(siteOn(switched), inPieces(bundleOf('3.0.0'))));
must(await switchOver(siteOn(switched)));
const crashing = switched.copy();
for (let start = 0; start < MOST_STARTS; start++) countStart(crashing.files, ROOT);

const damaged = (from: SimulatedDisk, ...names: string[]): SimulatedDisk => {
  const disk = from.copy();
  damage(disk, ...names);
  return disk;
};

const start = async (disk: SimulatedDisk) => countStart(disk.files, ROOT);

const updatesStill = async (disk: SimulatedDisk): Promise<string | undefined> => {
  const { phase } = await stateOn(disk);
  if (phase === 'probation') return undefined;
  await update(disk, '4.0.0');
  const { current } = await stateOn(disk);
  const version = await wholeVersion(disk, current, ['4.0.0']);
  return version === '4.0.0' ? undefined : 'the update after it failed';
};

// Its last file isn't what the manifest says.
const lying = bundleOf('3.0.0').fill('!', bundleOf('3.0.0').length - 5);

const OLD_OR_NEW = ['2.0.0', '3.0.0'];
// biome-ignore format: a row stays on its line
const courses: Readonly<Record<string, Omit<Course, 'most' | 'seed'>>> = {
  'an update from the bundle to the settled release': { from: settled, run: (disk) => update(disk, '3.0.0'), allowed: OLD_OR_NEW, also: updatesStill },
  'an update of a terminal with one release': { from: first.copy(), run: (disk) => update(disk, '3.0.0'), allowed: OLD_OR_NEW, also: updatesStill },
  'the first release of all': { from: await emptyDisk(), run: (disk) => update(disk, '3.0.0'), allowed: ['nothing', '3.0.0'] },
  'a bundle that lies': { from: settled, run: (disk) => install(siteOn(disk), inPieces(lying)), allowed: ['2.0.0'], also: updatesStill },
  'the start of a settled release': { from: settled, run: start, allowed: ['2.0.0'] },
  'the first start of a new release': { from: switched, run: start, allowed: OLD_OR_NEW },
  'the start that goes back to the old release': { from: crashing, run: start, allowed: ['2.0.0'] },
  'four starts that crash': { from: switched, run: async (disk) => { for (let n = 0; n < 4; n++) countStart(disk.files, ROOT); }, allowed: OLD_OR_NEW },
  'a roll back that was asked for': { from: switched, run: (disk) => rollBack(siteOn(disk), 'by staff'), allowed: OLD_OR_NEW },
  'the word that all is well': { from: switched, run: (disk) => tellHealthy(siteOn(disk)), allowed: ['3.0.0'] },
  'a start with the state damaged': { from: damaged(settled, 'current'), run: start, allowed: ['2.0.0'] },
  'a start with its copy damaged': { from: damaged(settled, 'current.copy'), run: start, allowed: ['2.0.0'] },
  'a start with both copies damaged': { from: damaged(switched, 'current', 'current.copy'), run: start, allowed: OLD_OR_NEW },
};

describe('a power cut at every operation of', async () => {
  for (const [name, course] of Object.entries(courses)) {
    const seed = Number(process.env['SEED'] ?? 20261129);
    const most = 48;
    const figures = await cutEverywhere({ ...course, most, seed });
    test(`${name} (${inWords(figures)})`, () => {
      expect(figures.broken).toEqual([]);
      expect(figures.cuts).toBeGreaterThan(5);
    });
  }
});
