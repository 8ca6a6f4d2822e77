import { monitorEventLoopDelay } from 'node:perf_hooks';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import type { CardReader, ReaderState } from '#ports/card-reader.ts';
import type { FaultKind } from '#ports/fault.ts';
import {
  COMMAND,
  goodCard,
  kindOf,
  mutedCard,
  never,
  RECOVERY_MS,
  type ReaderBench,
  succeeded,
  tapWorks,
  tornCard,
} from '#test/ports/card-reader-suite.ts';
import { type Pcscd, preparePcscd } from '#test/support/pcscd.ts';
import { insertVpcdCard } from '#test/support/vpcd-card.ts';
import { openBench } from './bench.ts';

let pcscd: Pcscd;
let bench: ReaderBench;

beforeEach(async () => {
  pcscd = await preparePcscd();
  bench = openBench(pcscd);
});
afterEach(async () => {
  await bench.close();
  await pcscd.close();
});

const absentFor = (reader: CardReader, kind: FaultKind): Promise<ReaderState> =>
  firstValueFrom(
    reader.state$.pipe(filter((state) => state.reader === 'absent' && state.why.fault === kind)),
  );
const present = (reader: CardReader): Promise<ReaderState> =>
  firstValueFrom(reader.state$.pipe(filter((state) => state.reader === 'present')));

const LONGEST_BLOCK_MS = 20;

/**
 * The longest time for which our event loop could do nothing else, in milliseconds. Up to seven
 * times, for a calm one: what we block ourselves is there each time, a busy machine is not.
 */
const longestBlock = async (work: () => Promise<void>): Promise<number> => {
  let calmest = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 7 && calmest >= LONGEST_BLOCK_MS; times++) {
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    await work();
    delays.disable();
    calmest = Math.min(calmest, delays.max / 1e6);
  }
  return calmest;
};

const inTime = async (work: () => Promise<unknown>): Promise<void> => {
  const startedMs = performance.now();
  await work();
  expect(performance.now() - startedMs).toBeLessThan(RECOVERY_MS);
};

describe('the smart card service', () => {
  test('is not there when the terminal starts: the reader follows it soon', async () => {
    await absentFor(bench.reader, 'serviceDown');
    const activation = bench.reader.activate(never);
    await pcscd.start();
    await inTime(() => present(bench.reader));
    await bench.insert(goodCard());
    expect(succeeded(await activation).atr.length).toBeGreaterThan(0);
  });

  test('is killed while a card is waited for: the wait goes on when it is back', async () => {
    await pcscd.start();
    await present(bench.reader);
    const activation = bench.reader.activate(never);
    await pcscd.stop('SIGKILL');
    await absentFor(bench.reader, 'serviceDown');
    await pcscd.start();
    await inTime(() => present(bench.reader));
    await bench.insert(goodCard());
    expect(succeeded(await activation).atr.length).toBeGreaterThan(0);
  });

  test('is killed in the middle of a command: service down, and the next tap works', async () => {
    await pcscd.start();
    await bench.insert(mutedCard);
    succeeded(await bench.reader.activate(never));
    const exchange = bench.reader.exchange(COMMAND, 3000);
    await pcscd.stop('SIGKILL');
    expect(await exchange).toMatchObject({ fault: 'serviceDown' });
    await bench.remove();
    await pcscd.start();
    await inTime(() => tapWorks(bench));
  });

  test('is terminated and restarted at once: nobody needs to notice', async () => {
    await pcscd.start();
    await bench.insert(goodCard());
    succeeded(await bench.reader.activate(never));
    await bench.remove();
    await pcscd.stop('SIGTERM');
    await pcscd.start();
    await inTime(() => tapWorks(bench));
    expect(kindOf(await bench.reader.exchange(COMMAND, 1000))).toBe('no fault at all');
  });

  test('hangs while idle: noticed, and over when it goes on', async () => {
    await pcscd.start();
    await present(bench.reader);
    pcscd.freeze();
    await absentFor(bench.reader, 'serviceDown');
    pcscd.thaw();
    await inTime(() => tapWorks(bench));
  });

  test('hangs in the middle of a command: timeout, and over when it goes on', async () => {
    await pcscd.start();
    await bench.insert(goodCard());
    succeeded(await bench.reader.activate(never));
    pcscd.freeze();
    const startedMs = performance.now();
    expect(kindOf(await bench.reader.exchange(COMMAND, 300))).toBe('timeout');
    expect(performance.now() - startedMs).toBeLessThan(600);
    await bench.remove();
    pcscd.thaw();
    await inTime(() => tapWorks(bench));
  });
});

describe('the reader', () => {
  test('is not attached at first: waiting goes on until it is', async () => {
    await pcscd.start({ readers: false });
    await absentFor(bench.reader, 'readerLost');
    const activation = bench.reader.activate(never);
    await pcscd.stop();
    await pcscd.start();
    await inTime(() => present(bench.reader));
    await bench.insert(goodCard());
    expect(succeeded(await activation).atr.length).toBeGreaterThan(0);
  });

  test('is gone after the service was restarted, then back: the next tap works', async () => {
    await pcscd.start();
    await bench.insert(goodCard());
    succeeded(await bench.reader.activate(never));
    await pcscd.stop();
    await pcscd.start({ readers: false });
    await absentFor(bench.reader, 'readerLost');
    expect(kindOf(await bench.reader.exchange(COMMAND, 1000))).toBe('serviceDown');
    await bench.remove();
    await pcscd.stop();
    await pcscd.start();
    await inTime(() => tapWorks(bench));
  });
});

describe('the card', () => {
  beforeEach(() => pcscd.start());

  test('goes and another comes within milliseconds: the second is powered up anew', async () => {
    await bench.insert(goodCard());
    succeeded(await bench.reader.activate(never));
    await bench.remove();
    const second = goodCard(hex('6A829000'));
    const inserted = await insertVpcdCard(second, pcscd.vpcdPort);
    expect(kindOf(await bench.reader.exchange(COMMAND, 1000))).toMatch(/cardLost|transmission/);
    expect(second.received).toEqual([]);
    await inTime(async () => {
      succeeded(await bench.reader.activate(never));
      const { response } = succeeded(await bench.reader.exchange(COMMAND, 1000));
      expect(toHex(response)).toBe('6A829000');
    });
    expect(inserted.powerUps()).toBeGreaterThan(0);
    await inserted.remove();
  });

  test('is torn away and is back within milliseconds: it is powered up anew', async () => {
    await bench.insert(tornCard);
    succeeded(await bench.reader.activate(never));
    expect(kindOf(await bench.reader.exchange(COMMAND, 1000))).toBe('cardLost');
    const back = await insertVpcdCard(goodCard(), pcscd.vpcdPort);
    await inTime(async () => {
      succeeded(await bench.reader.activate(never));
      succeeded(await bench.reader.exchange(COMMAND, 1000));
    });
    expect(back.powerUps()).toBeGreaterThan(0);
    await back.remove();
  });

  test('stays mute on the reader: one fault, then silence until it is taken away', async () => {
    await bench.insert(mutedCard);
    succeeded(await bench.reader.activate(never));
    expect(kindOf(await bench.reader.exchange(COMMAND, 200))).toBe('timeout');
    const next = bench.reader.activate(never);
    expect(await firstOf(next, 1500)).toBe('still waiting');
    await bench.remove();
    await inTime(async () => {
      await bench.insert(goodCard());
      succeeded(await next);
      succeeded(await bench.reader.exchange(COMMAND, 1000));
    });
  });
});

describe('our event loop', () => {
  test('runs on while the service is away', async () => {
    await absentFor(bench.reader, 'serviceDown');
    expect(await longestBlock(() => pause(1000))).toBeLessThan(LONGEST_BLOCK_MS);
  });

  test('runs on while a card is mute and the reader is reset', async () => {
    await pcscd.start();
    const block = await longestBlock(async () => {
      await bench.insert(mutedCard);
      succeeded(await bench.reader.activate(never));
      expect(kindOf(await bench.reader.exchange(COMMAND, 300))).toBe('timeout');
      await bench.remove();
      await present(bench.reader);
    });
    expect(block).toBeLessThan(LONGEST_BLOCK_MS);
  });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const firstOf = (work: Promise<object>, ms: number): Promise<string> =>
  Promise.race([work.then(kindOf), pause(ms).then(() => 'still waiting')]);
