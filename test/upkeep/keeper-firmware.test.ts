import { asyncScheduler, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fault, isFault } from '#ports/fault.ts';
import { keptLog } from '#test/support/kept-log.ts';
import { settledDisk, siteOn } from '#test/support/release.ts';
import type { SimulatedDisk } from '#test/support/simulated-disk.ts';
import {
  type FirmwareWork,
  type Job,
  type Keeper,
  type KeeperParts,
  openKeeper,
} from '#upkeep/index.ts';

const settled = await settledDisk();

let disk: SimulatedDisk;
let keeper: Keeper;
let jobs: Job[];
let quiet: boolean;
const counter = new Subject<void>();

beforeEach(() => {
  vi.useFakeTimers();
  disk = settled.copy();
  [jobs, quiet] = [[], true];
});

afterEach(async () => {
  await keeper.close();
  vi.useRealTimers();
});

/** As it is most of the time. */
const upToDate: KeeperParts['worker'] = async (job) => {
  jobs.push(job);
  return { outcome: 'upToDate' };
};

const open = async (parts: Partial<KeeperParts> = {}): Promise<void> => {
  const opened = await openKeeper({
    place: siteOn(disk),
    clock: { wallMs: Date.now, monotonicMs: () => performance.now(), scheduler: asyncScheduler },
    ...{ log: keptLog(), version: '2.0.0', healthyWithinMs: 60_000, worker: upToDate },
    known: async () => ({}),
    counter: { quiet: () => quiet, changes$: counter },
    inWindow: () => false,
    looks: undefined,
    leave: () => {},
    complaint: async () => undefined,
    floor: async () => '1.5.0',
    ...parts,
  });
  if (isFault(opened)) throw new Error(opened.detail);
  keeper = opened;
};

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('firmware of peripherals', () => {
  const LOADED = [{ peripheral: 'scanner', outcome: 'loaded', bytes: 9, durationMs: 9 }] as const;
  const WAITS = [{ ...LOADED[0], outcome: 'waits' }] as const;
  const looks = { firstMs: 60_000, everyMs: 3_600_000 };
  let froms: (string | undefined)[];
  let isUnfinished: boolean;
  let loads: Awaited<ReturnType<FirmwareWork['run']>>[];
  beforeEach(() => {
    [froms, isUnfinished, loads] = [[], false, []];
  });
  const firmware: FirmwareWork = {
    run: async (_, source) => {
      froms.push(source);
      return loads.shift() ?? LOADED;
    },
    isUnfinished: async () => isUnfinished,
  };

  test('gets its turn after a look that found no release to install', async () => {
    await open({ looks, firmware });
    await pass(59_000);
    expect(froms).toEqual([]);
    await pass(2_000);
    expect(froms).toEqual([undefined]);
    expect(keeper.standing()).toMatchObject({ work: 'none' });
    await pass(3_600_000);
    expect(froms).toHaveLength(2);
  });

  test('comes from the stick that staff had the release looked for on', async () => {
    await open({ firmware });
    await keeper.done({ do: 'install', from: '/media/stick', evenIfFailed: true, atOnce: true });
    await pass(0);
    expect(froms).toEqual(['/media/stick']);
  });

  test('is left alone when a release is ready, can not be had, or is only looked for', async () => {
    const worker: KeeperParts['worker'] = async (job) =>
      job.do === 'look' ? { outcome: 'upToDate' } : { outcome: 'ready', version: '3.0.0' };
    await open({ firmware, worker });
    await keeper.done({ do: 'look', evenIfFailed: false, atOnce: false });
    await keeper.done({ do: 'install', evenIfFailed: false, atOnce: false });
    await pass(60_000);
    await keeper.close();
    await open({ firmware, worker: async () => ({ outcome: 'broken', why: 'no network' }) });
    await keeper.done({ do: 'install', evenIfFailed: false, atOnce: false });
    await pass(60_000);
    expect(froms).toEqual([]);
  });

  test('waits for the payment to end', async () => {
    quiet = false;
    await open({ firmware });
    await keeper.done({ do: 'install', evenIfFailed: false, atOnce: false });
    await pass(3_600_000);
    expect(froms).toEqual([]);
    quiet = true;
    counter.next();
    await pass(0);
    expect(froms).toHaveLength(1);
  });

  test('that a payment came in the way of gets another turn some minutes later', async () => {
    loads = [WAITS];
    await open({ firmware });
    await keeper.done({ do: 'install', from: '/stick', evenIfFailed: false, atOnce: false });
    await pass(240_000);
    expect(froms).toHaveLength(1);
    await pass(120_000);
    expect(froms).toEqual(['/stick', '/stick']);
    await pass(3_600_000);
    expect(froms).toHaveLength(2);
  });

  test('whose transfer the power cut off is taken up at the start', async () => {
    isUnfinished = true;
    await open({ looks, firmware });
    await pass(0);
    expect(froms).toHaveLength(1);
    expect(jobs).toEqual([]);
  });

  test('is tried again where the network comes up after the terminal', async () => {
    [isUnfinished, loads] = [true, [fault('device', 'network: no route')]];
    await open({ looks: { ...looks, firstMs: 3_600_000 }, firmware });
    await pass(0);
    await pass(360_000);
    expect(froms).toHaveLength(2);
  });

  test('asks nobody at the start where no repository is configured', async () => {
    isUnfinished = true;
    await open({ firmware });
    await pass(3_600_000);
    expect(froms).toEqual([]);
  });

  test('and an update are never under way together, and neither is lost', async () => {
    isUnfinished = true;
    const transfer = Promise.withResolvers<typeof LOADED>();
    const run = () => transfer.promise;
    await open({ looks, firmware: { ...firmware, run } });
    await pass(90_000);
    expect(keeper.standing()).toMatchObject({ work: 'firmware' });
    expect(await keeper.order({ order: 'look' })).toMatchObject({ fault: 'aborted' });
    expect(jobs).toEqual([]);
    transfer.resolve(LOADED);
    await pass(0);
    expect(jobs).toHaveLength(1);
  });

  test('is ended between two blocks with the terminal', async () => {
    isUnfinished = true;
    const ends: string[] = [];
    const run: FirmwareWork['run'] = (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          ends.push('ended');
          resolve(LOADED);
        });
      });
    await open({ looks, firmware: { ...firmware, run } });
    await pass(0);
    await keeper.close();
    expect(ends).toEqual(['ended']);
  });
});
