import { asyncScheduler, filter, firstValueFrom, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isFault } from '#ports/fault.ts';
import { keptLog } from '#test/support/kept-log.ts';
import { startedOn } from '#test/support/power-cuts.ts';
import { bundleOf, inPieces, must, settledDisk, siteOn, stateOn } from '#test/support/release.ts';
import type { SimulatedDisk } from '#test/support/simulated-disk.ts';
import {
  install,
  type Job,
  type Keeper,
  type KeeperParts,
  type Outcome,
  openKeeper,
  switchOver,
} from '#upkeep/index.ts';

const VERSIONS = ['1.0.0', '2.0.0', '3.0.0'];
const settled = await settledDisk();

let disk: SimulatedDisk;
let keeper: Keeper;
let jobs: Job[];
let left: string[];
let quiet: boolean;
let inWindow: boolean;
let complaint: string | undefined;
const counter = new Subject<void>();

beforeEach(() => {
  vi.useFakeTimers();
  disk = settled.copy();
  [jobs, left, quiet, inWindow, complaint] = [[], [], true, false, undefined];
});

afterEach(async () => {
  await keeper.close();
  vi.useRealTimers();
});

/** Installs the third release; it only looks when that is all it is to do. */
const worker: KeeperParts['worker'] = async (job, tell): Promise<Outcome> => {
  jobs.push(job);
  tell({ event: 'looking' });
  if (job.do === 'look') return { outcome: 'offered', version: '3.0.0' };
  tell({ event: 'installing', version: '3.0.0' });
  const state = await install(siteOn(disk), inPieces(bundleOf('3.0.0')));
  if ('refused' in state) return { outcome: 'refused', reason: state.refused, why: state.detail };
  return { outcome: 'ready', version: '3.0.0' };
};

const open = async (parts: Partial<KeeperParts> = {}): Promise<Keeper> => {
  const opened = await openKeeper({
    place: siteOn(disk),
    clock: { wallMs: Date.now, monotonicMs: () => performance.now(), scheduler: asyncScheduler },
    log: keptLog(),
    version: '2.0.0',
    healthyWithinMs: 60_000,
    worker,
    known: async () => ({}),
    counter: { quiet: () => quiet, changes$: counter },
    inWindow: () => inWindow,
    looks: undefined,
    leave: (why) => left.push(why),
    complaint: async () => complaint,
    floor: async () => '1.5.0',
    ...parts,
  });
  if (isFault(opened)) throw new Error(opened.detail);
  keeper = opened;
  return opened;
};

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const until = (work: string) =>
  firstValueFrom(keeper.standing$.pipe(filter((standing) => standing.work === work)));

const inProbation = async (): Promise<void> => {
  must(await install(siteOn(disk), inPieces(bundleOf('3.0.0'))));
  must(await switchOver(siteOn(disk)));
  await startedOn(disk, VERSIONS);
};

describe('an update of a running terminal', () => {
  test('is looked for some time after the start, and then every few hours', async () => {
    await open({ looks: { firstMs: 300_000, everyMs: 4 * 3_600_000 } });
    await pass(299_000);
    expect(jobs).toEqual([]);
    await pass(2_000);
    expect(jobs).toEqual([{ do: 'install', evenIfFailed: false }]);
    await pass(4 * 3_600_000);
    expect(jobs).toHaveLength(2);
  });

  test('is never looked for over the net where no repository is configured', async () => {
    await open();
    await pass(100 * 3_600_000);
    expect(jobs).toEqual([]);
  });

  test('waits for its window, and takes over in it', async () => {
    await open();
    await keeper.order({ order: 'install', atOnce: false });
    await until('ready');
    await pass(0);
    expect(keeper.standing()).toMatchObject({ waitsFor: 'window', offered: '3.0.0' });
    inWindow = true;
    await pass(60_000);
    expect(left).toEqual(['3.0.0 takes over']);
    expect(await startedOn(disk, VERSIONS)).toBe('3.0.0');
  });

  test('lets a payment end first, also when staff order it at once', async () => {
    quiet = false;
    await open();
    await keeper.order({ order: 'install', atOnce: true });
    await until('ready');
    await pass(600_000);
    expect(keeper.standing()).toMatchObject({ work: 'ready', waitsFor: 'payment' });
    expect(left).toEqual([]);
    expect((await stateOn(disk)).phase).toBe('tried');
    quiet = true;
    counter.next();
    await until('switching');
    await pass(0);
    expect(left).toEqual(['3.0.0 takes over']);
  });

  test('lets a payment end that begins while the state is being written', async () => {
    await open();
    keeper.standing$.subscribe(({ work }) => {
      quiet = work !== 'switching';
    });
    await keeper.order({ order: 'install', atOnce: true });
    await until('switching');
    await pass(1_000);
    expect((await stateOn(disk)).phase).toBe('switched');
    expect(left).toEqual([]);
    quiet = true;
    counter.next();
    await pass(0);
    expect(left).toEqual(['3.0.0 takes over']);
  });

  test('that was ready before the terminal started again takes over in the window', async () => {
    must(await install(siteOn(disk), inPieces(bundleOf('3.0.0'))));
    inWindow = true;
    await open();
    await pass(1_000);
    expect(left).toEqual(['3.0.0 takes over']);
  });

  test('is one at a time', async () => {
    await open();
    const first = keeper.order({ order: 'install', atOnce: false });
    expect(await keeper.order({ order: 'look' })).toMatchObject({ fault: 'aborted' });
    expect(await first).toBeUndefined();
    await until('ready');
    expect(jobs).toHaveLength(1);
  });

  test('that comes to nothing says why and leaves all as it was', async () => {
    await open({ worker: async () => ({ outcome: 'broken', why: 'no memory' }) });
    await keeper.done({ do: 'install', evenIfFailed: true, atOnce: true });
    expect(keeper.standing()).toMatchObject({ work: 'none', lastLook: { problem: 'no memory' } });
    await pass(3_600_000);
    expect(left).toEqual([]);
  });

  test('is ended with the terminal', async () => {
    const ends: unknown[] = [];
    await open({
      worker: (_, __, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            ends.push('ended');
            resolve({ outcome: 'broken', why: 'called off' });
          });
        }),
    });
    await keeper.order({ order: 'look' });
    await keeper.close();
    expect(ends).toEqual(['ended']);
  });
});

describe('a release in its probation', () => {
  test('settles after the time it has to last, healthy, and raises the floor', async () => {
    await inProbation();
    await open({ version: '3.0.0' });
    await pass(1_000);
    expect((await stateOn(disk)).slots.a).toMatchObject({ healthy: true, starts: 0 });
    expect(keeper.proved()).toBe(false);
    await pass(57_000);
    expect((await stateOn(disk)).phase).toBe('probation');
    await pass(4_000);
    expect(await stateOn(disk)).toMatchObject({ phase: 'settled', floor: '1.5.0' });
    expect(keeper.proved()).toBe(true);
    expect(keeper.standing()).toMatchObject({ phase: 'settled', spare: '2.0.0' });
  });

  test('says what is wrong, ends itself, and is left after three starts', async () => {
    await inProbation();
    complaint = 'no reader is found';
    for (let start = 1; start <= 3; start++) {
      await open({ version: '3.0.0' });
      await pass(61_000);
      expect(left).toEqual(Array(start).fill('no reader is found'));
      await keeper.close();
      expect(await startedOn(disk, VERSIONS)).toBe(start < 3 ? '3.0.0' : '2.0.0');
    }
    const { phase, reason } = await stateOn(disk);
    expect(phase).toBe('rolledBack');
    expect(reason).toMatch(/3\.0\.0 was left after 3 starts.*: no reader is found/);
  });

  test('is not blamed for what it takes to come up', async () => {
    await inProbation();
    complaint = 'the host has not answered yet';
    await open({ version: '3.0.0' });
    await pass(1_000);
    complaint = undefined;
    await pass(1_000);
    expect(await stateOn(disk)).toMatchObject({ reason: null, slots: { a: { healthy: true } } });
  });

  test('does not settle while something is missing at the end of it', async () => {
    await inProbation();
    await open({ version: '3.0.0' });
    await pass(30_000);
    complaint = 'no reader is found';
    await pass(60_000);
    expect((await stateOn(disk)).phase).toBe('probation');
    complaint = undefined;
    await pass(2_000);
    expect((await stateOn(disk)).phase).toBe('settled');
  });

  test('only has its repository looked at, and nothing else installed', async () => {
    await inProbation();
    await open({ version: '3.0.0', looks: { firstMs: 1_000, everyMs: 3_600_000 } });
    await pass(1_500);
    expect(jobs).toEqual([{ do: 'look', evenIfFailed: false }]);
    expect(keeper.standing()).toMatchObject({ work: 'none', offered: '3.0.0' });
  });

  test('is left when staff say so, and not during a payment', async () => {
    await inProbation();
    quiet = false;
    await open({ version: '3.0.0' });
    expect(await keeper.order({ order: 'rollBack', why: 'wrong tips' })).toBeUndefined();
    await pass(1_000);
    expect(left).toEqual([]);
    quiet = true;
    counter.next();
    await pass(0);
    expect(left).toEqual(['the release before takes over: wrong tips']);
    expect(await startedOn(disk, VERSIONS)).toBe('2.0.0');
    expect(await stateOn(disk)).toMatchObject({ phase: 'rolledBack', reason: 'wrong tips' });
  });
});

test('a release that has proved itself is healthy as soon as it stands', async () => {
  await startedOn(disk, VERSIONS);
  complaint = 'no reader is found';
  await open();
  await pass(0);
  expect((await stateOn(disk)).slots.b).toMatchObject({ healthy: true, starts: 0 });
  await pass(600_000);
  expect(left).toEqual([]);
});

test('without a release to go back to nothing is rolled back', async () => {
  disk = settled.copy();
  await open();
  await keeper.order({ order: 'install', atOnce: false });
  await until('ready');
  expect(await keeper.order({ order: 'rollBack', why: 'no' })).toMatchObject({ fault: 'aborted' });
});
