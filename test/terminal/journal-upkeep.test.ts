import { asyncScheduler, type Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Fault, fault } from '#ports/fault.ts';
import type { ChainState, Journal } from '#ports/journal.ts';
import { journalUpkeep$ } from '#terminal/journal-upkeep.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';

const HOUR_MS = 3_600_000;
const clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => Date.now(),
  scheduler: asyncScheduler,
};
const lines: string[] = [];
const line = (_: unknown, message: string) => void lines.push(message);
const log = { debug: line, info: line, warn: line, error: line };

let idle: boolean;
let looked: number[];
let limits: object[];
let length: number;
let broken: ChainState | undefined;
let trouble: Fault | undefined;
let working: Subscription;

// A journal of `length` entries that is asked where to look, and what to remove.
const journal: Journal = {
  ...memoryJournal(clock.wallMs),
  inspect: async (from, count) => {
    looked.push(from);
    if (trouble !== undefined) return trouble;
    const next = from + count <= length ? from + count : undefined;
    return { state: broken ?? { chain: 'whole', entries: length, head: '' }, next };
  },
  retain: async (asked) => {
    limits.push(asked);
    return 3;
  },
};

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  Object.assign(lines, { length: 0 });
  [idle, looked, limits, length, broken, trouble] = [true, [], [], 1_200, undefined, undefined];
  const keep = { keepMs: 24 * HOUR_MS, keepBytes: 1_000 };
  working = journalUpkeep$({ journal, clock, log, idle: () => idle, ...keep }).subscribe();
});
afterEach(() => {
  working.unsubscribe();
  vi.useRealTimers();
});

test('the whole chain is looked at after a start, then what comes to it', async () => {
  await vi.advanceTimersByTimeAsync(800);
  expect(looked).toEqual([1, 501, 1001]);
  await vi.advanceTimersByTimeAsync(3_300);
  expect(looked.slice(3)).toEqual([1001]);
  length = 1_600;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(looked.slice(4)).toEqual([1001, 1501]);
});

test('nothing of it happens while somebody pays', async () => {
  idle = false;
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect([looked, limits]).toEqual([[], []]);
  idle = true;
  await vi.advanceTimersByTimeAsync(3_300);
  expect(looked[0]).toBe(1);
});

test('a chain that is broken is told once, and not looked at any further', async () => {
  broken = { chain: 'broken', sequence: 7, problem: 'the entry was changed' };
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looked).toEqual([1]);
  expect(lines.filter((one) => one.includes('tampered'))).toHaveLength(1);
});

test('a journal that can’t be read just now is looked at again', async () => {
  trouble = fault('journal', 'the disk is away');
  await vi.advanceTimersByTimeAsync(300);
  trouble = undefined;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(looked.slice(0, 3)).toEqual([1, 1, 501]);
});

test('old payments are removed a minute after the start, and each hour', async () => {
  await vi.advanceTimersByTimeAsync(61_000);
  expect(limits).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(limits).toHaveLength(2);
  expect(limits[0]).toMatchObject({ olderThanMs: 24 * HOUR_MS, largerThanBytes: 1_000 });
  expect(lines).toContain('old payments were removed from the journal');
});
