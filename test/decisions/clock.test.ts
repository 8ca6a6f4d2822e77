import { beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from '#ports/journal.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';
import {
  ann,
  type Bench,
  DAY_MS,
  HOUR_MS,
  idsOf,
  lane3,
  MINUTE_MS,
  made,
  off,
  on,
  openBench,
  type ShopClock,
  START_MS,
  shopClock,
} from './support.ts';

let clock: ShopClock;
let bench: Bench;
let reads: number;

beforeEach(async () => {
  clock = shopClock();
  reads = 0;
  bench = await openBench(counted(memoryJournal(clock.wallMs)), clock);
  reads = 0;
});

const counted = (journal: Journal): Journal => ({
  ...journal,
  ownEntries: (event) => {
    if (event === 'decision') reads++;
    return journal.ownEntries(event);
  },
});

const accepted = () => bench.book.judge(lane3).accepted;
const said = () => bench.said.map(idsOf);
const decide = async (request: object) => made(await bench.book.decide(request, ann));

describe('by the clock', () => {
  it('a decision ends in the very millisecond that it names', async () => {
    await decide(off({ untilMs: START_MS + HOUR_MS }));
    expect(bench.said.at(-1)?.changesAtMs).toBe(START_MS + HOUR_MS);
    await clock.pass(HOUR_MS - 1);
    expect(said()).toEqual([[], ['D1']]);
    await clock.pass(1);
    expect(said()).toEqual([[], ['D1'], []]);
    expect(bench.said.at(-1)?.changesAtMs).toBeUndefined();
  });

  it('one that is planned begins, ends another for good, and ends itself', async () => {
    await decide(on());
    const [fromMs, untilMs] = [START_MS + HOUR_MS, START_MS + 2 * HOUR_MS];
    await decide(off({ fromMs, untilMs, supersedes: ['D1'] }));
    await clock.pass(3 * HOUR_MS);
    expect(said()).toEqual([[], ['D1'], ['D1'], ['D2'], []]);
  });

  it('hours of the week come and go by the shop’s own clock', async () => {
    const hours = [{ days: ['mon'], from: '10:30', to: '12:00' }];
    await decide(off({ hours }));
    const changes: number[] = [];
    bench.book.standing$.subscribe(() => void changes.push(clock.wallMs() - START_MS));
    await clock.pass(3 * HOUR_MS);
    // It was 10:00 in Berlin.
    expect(changes).toEqual([0, 30 * MINUTE_MS, 2 * HOUR_MS]);
    expect(said()).toEqual([[], [], ['D1'], []]);
    clock.set(7 * DAY_MS - 2 * HOUR_MS);
    await clock.pass(1000);
    expect(said()).toEqual([[], [], ['D1'], [], ['D1']]);
  });

  it('an end is noticed within a second where somebody set the clock forward', async () => {
    await decide(off({ untilMs: START_MS + HOUR_MS }));
    clock.set(2 * HOUR_MS);
    // Who asks is told at once; who listens, at the next look.
    expect(accepted()).toBe('yes');
    await clock.pass(1000);
    expect(said()).toEqual([[], ['D1'], []]);
  });

  it('what was over counts again where somebody set the clock back, for an "off" too', async () => {
    await decide(off({ untilMs: START_MS + HOUR_MS }));
    await clock.pass(2 * HOUR_MS);
    expect(accepted()).toBe('yes');
    clock.set(-2 * HOUR_MS);
    await clock.pass(1000);
    expect(said()).toEqual([[], ['D1'], [], ['D1']]);
    expect(accepted()).toBe('no');
    await clock.pass(HOUR_MS);
    expect(accepted()).toBe('yes');
  });

  it('a decision "at once" asks no clock: one that is set back does not undo it', async () => {
    await decide(off());
    clock.set(-365 * DAY_MS);
    await clock.pass(MINUTE_MS);
    expect(accepted()).toBe('no');
    expect(said()).toEqual([[], ['D1']]);
  });

  it('what was superseded does not come back, however the clock is set', async () => {
    await decide(on({ untilMs: START_MS + DAY_MS }));
    await decide(off({ supersedes: ['D1'], untilMs: START_MS + HOUR_MS }));
    for (const by of [-2 * DAY_MS, 2 * DAY_MS + 30 * MINUTE_MS, -DAY_MS]) {
      clock.set(by);
      await clock.pass(1000);
      expect(idsOf(bench.book.standing())).not.toContain('D1');
    }
  });

  it('a decision that becomes timed is watched from then on', async () => {
    await clock.pass(20 * MINUTE_MS);
    await decide(off({ untilMs: clock.wallMs() + 1500 }));
    await clock.pass(1500);
    expect(said()).toEqual([[], ['D1'], []]);
  });
});

describe('the register is read again', () => {
  it('every half minute while somebody listens, and not while nobody does', async () => {
    await clock.pass(5 * MINUTE_MS);
    expect(reads).toBe(10);
    bench.leave();
    await clock.pass(5 * MINUTE_MS);
    expect(reads).toBe(10);
    const again = bench.book.standing$.subscribe();
    await clock.pass(MINUTE_MS);
    expect(reads).toBe(12);
    again.unsubscribe();
  });

  it('once for all who listen', async () => {
    const others = [1, 2, 3].map(() => bench.book.standing$.subscribe());
    await clock.pass(MINUTE_MS);
    expect(reads).toBe(2);
    for (const one of others) one.unsubscribe();
  });

  it('nobody who listens leaves a timer behind', async () => {
    await decide(off({ untilMs: START_MS + HOUR_MS }));
    bench.leave();
    const looks = bench.said.length;
    await clock.pass(2 * HOUR_MS);
    expect(bench.said).toHaveLength(looks);
    // And yet whoever asks is told what counts now.
    expect(accepted()).toBe('yes');
  });
});
