import { describe, expect, test } from 'vitest';
import { startedOn } from '#test/support/power-cuts.ts';
import {
  bundleOf,
  inPieces,
  must,
  ROOT,
  settledDisk,
  siteOn,
  stateOn,
  wholeVersion,
} from '#test/support/release.ts';
import type { SimulatedDisk } from '#test/support/simulated-disk.ts';
import { install, isRefusal, switchOver, tellHealthy, whileLocked } from '#upkeep/index.ts';
import { countStart, MOST_STARTS } from '#upkeep/launcher.ts';

// Slot a holds 1.0.0, which is overwritten, and b 2.0.0, which runs.
const settled = await settledDisk();

// As `inPieces` cuts it.
const PIECES = Math.ceil(bundleOf('3.0.0').length / 100);

const inSlot = (disk: SimulatedDisk): Promise<unknown> => disk.disk.list(`${ROOT}/slots/a`);

/** A source that gives so many pieces, tells it, and then says nothing any more. */
const silentAfter = (count: number, onSilence: () => void) =>
  async function* () {
    let given = 0;
    for await (const piece of inPieces(bundleOf('3.0.0'))) {
      if (given++ === count) {
        onSilence();
        await new Promise(() => {});
      }
      yield piece;
    }
  };

describe('an install that is called off', () => {
  test('before the slot is touched leaves everything as it was', async () => {
    const disk = settled.copy();
    const before = await stateOn(disk);
    const calling = new AbortController();
    const source = silentAfter(1, () => calling.abort('by staff'));
    const refused = await install(siteOn(disk), source(), calling.signal);
    expect(refused).toEqual({ refused: 'aborted', detail: 'by staff' });
    expect(await stateOn(disk)).toEqual(before);
    expect(await wholeVersion(disk, 'a', ['1.0.0'])).toBe('1.0.0');
  });

  test('while its source says nothing empties the slot and says why', async () => {
    const disk = settled.copy();
    const calling = new AbortController();
    const source = silentAfter(PIECES - 1, () => calling.abort('a payment is more important'));
    const refused = await install(siteOn(disk), source(), calling.signal);
    expect(refused).toMatchObject({ refused: 'aborted' });
    const { phase, reason, slots } = await stateOn(disk);
    expect({ phase, reason, a: slots.a }).toEqual({
      ...{ phase: 'rolledBack', reason: 'aborted: a payment is more important', a: null },
    });
    expect(await inSlot(disk)).toBe('absent');
    expect(await startedOn(disk, ['2.0.0'])).toBe('2.0.0');
  });

  test('while the release tries itself ends that', async () => {
    const disk = settled.copy();
    const calling = new AbortController();
    const run = (_: string, signal?: AbortSignal): Promise<string> =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve('the self-test was broken off'));
        calling.abort();
      });
    const refused = await install(
      siteOn(disk, { run }),
      inPieces(bundleOf('3.0.0')),
      calling.signal,
    );
    expect(refused).toEqual({ refused: 'aborted', detail: 'it was called off' });
    expect(await inSlot(disk)).toBe('absent');
  });

  test('at any piece is either off or through, and the next one goes well', async () => {
    for (let at = 0; at <= PIECES; at++) {
      const disk = settled.copy();
      const calling = new AbortController();
      let given = 0;
      const source = async function* () {
        for await (const piece of inPieces(bundleOf('3.0.0'))) {
          if (given++ === at) calling.abort();
          yield piece;
        }
        if (given === at) calling.abort();
      };
      const outcome = await install(siteOn(disk), source(), calling.signal);
      expect(outcome).toMatchObject({ refused: 'aborted' });
      expect(await switchOver(siteOn(disk))).toMatchObject({ refused: 'state' });
      must(await install(siteOn(disk), inPieces(bundleOf('3.0.0'))));
      must(await switchOver(siteOn(disk)));
      expect(await startedOn(disk, ['3.0.0'])).toBe('3.0.0');
    }
  });

  test('before it begins does nothing at all', async () => {
    const disk = settled.copy();
    const source = inPieces(bundleOf('3.0.0'));
    const refused = await install(siteOn(disk), source, AbortSignal.abort('too late'));
    expect(refused).toEqual({ refused: 'aborted', detail: 'too late' });
    expect(await stateOn(disk)).toEqual(await stateOn(settled));
  });
});

describe('one install at a time', () => {
  test('a second one is told so, and leaves the first alone', async () => {
    const disk = settled.copy();
    let second: unknown;
    const run = async (): Promise<undefined> => {
      second = await install(siteOn(disk), inPieces(bundleOf('4.0.0')));
    };
    must(await install(siteOn(disk, { run }), inPieces(bundleOf('3.0.0'))));
    expect(second).toMatchObject({ refused: 'busy', detail: /another process installs/ });
    expect((await stateOn(disk)).phase).toBe('tried');
  });

  test('after a refusal the next may', async () => {
    const disk = settled.copy();
    expect(isRefusal(await install(siteOn(disk), inPieces(Buffer.from('none'))))).toBe(true);
    must(await install(siteOn(disk), inPieces(bundleOf('3.0.0'))));
  });

  test('a lock is waited for as long as its patience lasts', async () => {
    const { disk } = settled.copy();
    const lock = await disk.lock(`${ROOT}/some.lock`);
    const late = await whileLocked(disk, `${ROOT}/some.lock`, 'busy', async () => 'done', 50);
    expect(late).toMatchObject({ refused: 'busy' });
    const waiting = whileLocked(disk, `${ROOT}/some.lock`, 'busy', async () => 'done', 60_000);
    if (typeof lock === 'object' && 'release' in lock) await lock.release();
    expect(await waiting).toBe('done');
  });
});

describe('what others write while a release is installed', () => {
  test('stays: the running one came up healthy', async () => {
    const disk = settled.copy();
    countStart(disk.files, ROOT);
    const run = async (): Promise<undefined> => {
      must(await tellHealthy(siteOn(disk)));
    };
    const { slots } = must(await install(siteOn(disk, { run }), inPieces(bundleOf('3.0.0'))));
    expect(slots.b).toMatchObject({ version: '2.0.0', healthy: true, starts: 0 });
  });

  test('voids it, where the launcher went to the slot that was being tried', async () => {
    const disk = settled.copy();
    const run = async (): Promise<undefined> => {
      for (let start = 0; start <= MOST_STARTS; start++) countStart(disk.files, ROOT);
    };
    const outcome = await install(siteOn(disk, { run }), inPieces(bundleOf('3.0.0')));
    expect(outcome).toMatchObject({ refused: 'state' });
    const { current, phase } = await stateOn(disk);
    expect({ current, phase }).toEqual({ current: 'a', phase: 'rolledBack' });
    expect(await wholeVersion(disk, 'a', ['3.0.0'])).toBe('3.0.0');
  });
});
