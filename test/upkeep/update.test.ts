import { beforeEach, describe, expect, test } from 'vitest';
import { type OfferingSource, offeringSource } from '#test/support/offering-source.ts';
import { startedOn } from '#test/support/power-cuts.ts';
import { bundleOf, must, ROOT, settledDisk, siteOn, stateOn } from '#test/support/release.ts';
import type { SimulatedDisk } from '#test/support/simulated-disk.ts';
import {
  type Job,
  type Progress,
  problemOf,
  readKnown,
  rollBack,
  switchOver,
  tellUnhealthy,
  update,
} from '#upkeep/index.ts';

const KNOWN = `${ROOT}/upkeep/known.json`;
const VERSIONS = ['1.0.0', '2.0.0', '3.0.0', '4.0.0'];
const settled = await settledDisk();
await settled.disk.makeFolder(`${ROOT}/upkeep`);

let disk: SimulatedDisk;
let source: OfferingSource;
let told: Progress[];

beforeEach(() => {
  disk = settled.copy();
  source = offeringSource();
  told = [];
});

const doJob = (
  job: Partial<Job> = {},
  selfTest = async (): Promise<string | undefined> => undefined,
) =>
  update(
    {
      source,
      site: siteOn(disk, { run: selfTest }),
      known: KNOWN,
      open: source.open,
      wallMs: () => 1_000,
    },
    { do: 'install', evenIfFailed: false, ...job },
    (progress) => told.push(progress),
    new AbortController().signal,
  );

describe('an update', () => {
  test('puts what is offered beside what runs, ready to take over', async () => {
    source.offer('3.0.0');
    expect(await doJob()).toEqual({ outcome: 'ready', version: '3.0.0' });
    expect(await stateOn(disk)).toMatchObject({
      phase: 'tried',
      slots: { a: { version: '3.0.0' } },
    });
    expect(told.map(({ event }) => event)).toContain('installing');
  });

  test('says how far the fetching is in some fifty steps, however small the pieces are', async () => {
    source.offer('3.0.0');
    await doJob();
    const steps = told.filter(({ event }) => event === 'fetching').length;
    expect(steps).toBeGreaterThan(5);
    expect(steps).toBeLessThan(60);
  });

  test('only looks when it is only to look', async () => {
    source.offer('3.0.0');
    expect(await doJob({ do: 'look' })).toEqual({ outcome: 'offered', version: '3.0.0' });
    expect(source.fetched).toEqual([]);
    expect((await stateOn(disk)).phase).toBe('settled');
  });

  test('fetches nothing twice: what is ready stays ready', async () => {
    source.offer('3.0.0');
    await doJob();
    expect(await doJob()).toEqual({ outcome: 'ready', version: '3.0.0' });
    expect(source.fetched).toHaveLength(1);
  });

  test('replaces what is ready by a newer one', async () => {
    source.offer('3.0.0');
    await doJob();
    source.offer('4.0.0');
    expect(await doJob()).toEqual({ outcome: 'ready', version: '4.0.0' });
    must(await switchOver(siteOn(disk)));
    expect(await startedOn(disk, VERSIONS)).toBe('4.0.0');
  });

  test('fetches what runs once at most, where it came by another way', async () => {
    source.offer('2.0.0');
    expect(await doJob()).toEqual({ outcome: 'upToDate' });
    expect(await doJob()).toEqual({ outcome: 'upToDate' });
    expect(source.fetched).toHaveLength(1);
  });

  test('finds nothing where nothing is chosen for this terminal', async () => {
    expect(await doJob()).toEqual({ outcome: 'nothingOffered' });
  });

  test('does nothing with what nobody vouches for, and remembers why', async () => {
    source.offer({ untrusted: 'expired', detail: 'the last word is of May' });
    expect(await doJob()).toMatchObject({ outcome: 'untrusted', reason: 'expired' });
    expect((await readKnown(disk.disk, KNOWN)).lastLook).toEqual({
      atMs: 1_000,
      problem: 'expired: the last word is of May',
    });
  });

  test('waits while another process makes one', async () => {
    source.offer('3.0.0');
    const lock = await disk.disk.lock(`${KNOWN}.lock`);
    expect(await doJob()).toMatchObject({ outcome: 'refused', reason: 'busy' });
    if (typeof lock !== 'string' && 'release' in lock) await lock.release();
    expect(await doJob()).toMatchObject({ outcome: 'ready' });
  });

  test('fetches nothing while the release that runs is in its probation', async () => {
    source.offer('3.0.0');
    await doJob();
    must(await switchOver(siteOn(disk)));
    await startedOn(disk, VERSIONS);
    source.offer('4.0.0');
    expect(await doJob()).toMatchObject({ outcome: 'refused', reason: 'busy' });
    expect(source.fetched).toHaveLength(1);
  });
});

describe('a release that failed here', () => {
  const SILENT = async () => 'no reader is found';
  const failed = { outcome: 'failedBefore', version: '3.0.0', why: 'selfTest: no reader is found' };

  test('is not fetched again and again', async () => {
    source.offer('3.0.0');
    const refused = { outcome: 'refused', reason: 'selfTest', version: '3.0.0' };
    expect(await doJob({}, SILENT)).toMatchObject(refused);
    expect(await doJob({}, SILENT)).toEqual(failed);
    expect(source.fetched).toHaveLength(1);
  });

  test('is tried again when staff order it', async () => {
    source.offer('3.0.0');
    await doJob({}, SILENT);
    expect(await doJob({ evenIfFailed: true })).toEqual({ outcome: 'ready', version: '3.0.0' });
  });

  test('gives way to another that is offered', async () => {
    source.offer('3.0.0');
    await doJob({}, SILENT);
    source.offer('4.0.0');
    expect(await doJob()).toEqual({ outcome: 'ready', version: '4.0.0' });
  });

  test('is known as one when the launcher left it, also after others failed', async () => {
    source.offer('3.0.0');
    await doJob();
    must(await switchOver(siteOn(disk)));
    for (let n = 0; n < 3; n++) await startedOn(disk, VERSIONS);
    must(await tellUnhealthy(siteOn(disk), 'the host answers nothing'));
    expect(await startedOn(disk, VERSIONS)).toBe('2.0.0');
    const why = expect.stringContaining('the host answers nothing');
    expect(await doJob()).toEqual({ outcome: 'failedBefore', version: '3.0.0', why });
    source.offer('4.0.0');
    await doJob({}, SILENT);
    expect(await doJob({}, SILENT)).toMatchObject({ outcome: 'failedBefore', version: '4.0.0' });
    expect(source.fetched).toHaveLength(2);
  });

  test('is known as one when staff went back', async () => {
    source.offer('3.0.0');
    await doJob();
    must(await switchOver(siteOn(disk)));
    await startedOn(disk, VERSIONS);
    must(await rollBack(siteOn(disk), 'the tips are wrong'));
    expect(await doJob()).toMatchObject({ outcome: 'failedBefore', why: 'the tips are wrong' });
  });

  test('is tried again by itself when the disk was at fault', async () => {
    source.offer('3.0.0');
    disk.free = 10;
    expect(await doJob()).toMatchObject({ outcome: 'refused', reason: 'diskFull' });
    disk.free = settled.free;
    expect(await doJob()).toEqual({ outcome: 'ready', version: '3.0.0' });
  });

  test('is one when it was signed and is no bundle', async () => {
    source.offerBytes('3.0.0', bundleOf('3.0.0').subarray(0, 600));
    expect(await doJob()).toMatchObject({ outcome: 'refused', reason: 'truncated' });
    const again = await doJob();
    expect(problemOf(again)).toMatch(/3\.0\.0 is offered and failed here: truncated/);
  });
});

test('a memory that is damaged costs a fetch, and no update', async () => {
  source.offer('3.0.0');
  await doJob();
  disk.put(KNOWN, Buffer.from('{"installed": 5'));
  expect(await doJob()).toEqual({ outcome: 'ready', version: '3.0.0' });
  expect(source.fetched).toHaveLength(2);
});
