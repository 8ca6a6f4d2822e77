import { expect, it } from 'vitest';
import { decisionToJson, type Scope } from '#acceptance/index.ts';
import { decision } from '#test/acceptance/decisions.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';
import {
  ann,
  DAY_MS,
  HOUR_MS,
  made,
  off,
  openBench,
  phone,
  START_MS,
  shopClock,
} from './support.ts';

const SCOPES: readonly Scope[] = [
  { devices: 'phones' },
  { lanes: ['3'] },
  { scheme: 'Visa', above: { minor: 100, currency: 'EUR' } },
  { range: { from: '489900', to: '489999' } },
];

/** Years of decisions: most are over or superseded, some come and go by the week. */
const history = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const hours = [{ days: ['mon' as const, 'fri' as const], from: '22:00', to: '06:00' }];
    return decisionToJson(
      decision(number, {
        action: index % 3 === 0 ? 'on' : 'off',
        scope: SCOPES[index % 4] ?? {},
        ...(index % 5 === 0 ? { hours } : {}),
        ...(index % 7 === 0 ? { untilMs: START_MS - index * HOUR_MS } : {}),
        ...(index % 7 === 1 ? { untilMs: START_MS + (index + 1) * HOUR_MS } : {}),
        supersedes: index % 2 === 1 ? [`D${index}`] : [],
      }),
    );
  });

const opened = async (count: number) => {
  const clock = shopClock();
  const journal = memoryJournal(clock.wallMs);
  const entries = history(count).map((data) => ({
    ...{ payment: null, event: 'decision', atMs: START_MS, data },
  }));
  await journal.append({ entries });
  return { clock, ...(await openBench(journal, clock)) };
};

/** The best of some rounds: what the code takes, not what the machine does meanwhile. */
const bestMs = async (rounds: number, work: () => unknown): Promise<number> => {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
};

it('of a thousand decisions a tap waits less than a millisecond', async () => {
  const { book, leave } = await opened(1000);
  expect(book.standing().unreadable).toBeUndefined();
  expect(book.standing().inForce.length).toBeGreaterThan(100);
  const judged = await bestMs(20, () => {
    for (let i = 0; i < 10; i++) book.judge(phone);
  });
  expect(judged / 10).toBeLessThan(1);
  leave();
});

it('to a thousand decisions one more is made, and counts, in less than 200 ms', async () => {
  const { book, clock, leave } = await opened(1000);
  let lane = 0;
  const scopes = [['1'], ['2'], ['3'], ['1', '2'], ['1', '3'], ['2', '3']];
  const decided = await bestMs(6, async () => {
    const untilMs = clock.wallMs() + 400 * DAY_MS;
    const scope = { lanes: scopes[lane++], scheme: 'Mastercard' };
    made(await book.decide(off({ scope, untilMs }), ann));
  });
  expect(decided).toBeLessThan(200);
  // The clock is looked at anew: the longest that a tap may wait for.
  const counted = await bestMs(6, () => {
    clock.set(HOUR_MS);
    book.judge(phone);
  });
  expect(counted).toBeLessThan(100);
  leave();
});
