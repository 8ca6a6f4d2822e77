import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fault } from '#ports/fault.ts';
import type { Terminal } from '#terminal/types.ts';
import { openWatchdog, type Watchdog } from '../../src/cli/service/watchdog.ts';

const FULL = fault('journal', 'the disk is full');

const watchdogs: Watchdog[] = [];

const world = (microseconds?: string) => {
  const told: string[][] = [];
  const problems: unknown[] = [];
  const state: { refusal: typeof FULL | undefined; status: object } = {
    refusal: undefined,
    status: {
      ...{ state: 'idle', readerPresent: true, reader: 'ACR1252', linkUp: true, link: 'up' },
      acceptance: { plasticOnly: false },
    },
  };
  const start = () => {
    const watchdog = openWatchdog({
      manager: {
        tell: (...assignments) => void told.push([...assignments]),
        close: async () => {},
      },
      terminal: { status: () => state.status as ReturnType<Terminal['status']> },
      journal: { refusal: () => state.refusal },
      log: { debug() {}, info() {}, warn() {}, error: (fields) => void problems.push(fields) },
      microseconds,
    });
    watchdogs.push(watchdog);
    return watchdog;
  };
  return { told, problems, state, start };
};

const pings = (told: readonly (readonly string[])[]) =>
  told.filter(([first]) => first === 'WATCHDOG=1').length;

// How busy the event loop was is the machine's affair, not these tests'.
const load = (utilization: number) =>
  vi.spyOn(performance, 'eventLoopUtilization').mockReturnValue({
    ...{ idle: 1 - utilization, active: utilization, utilization },
  });

beforeEach(() => {
  load(0.1);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(async () => {
  for (const one of watchdogs.splice(0)) await one.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a terminal that is ready', () => {
  test('says so, and three times in each wait of systemd that it is alive', () => {
    const { told, start } = world('60000000');
    start();
    expect(told).toEqual([['READY=1', 'STATUS=ready for a tap']]);
    vi.advanceTimersByTime(60_000);
    expect(pings(told)).toBe(3);
  });

  test('says nothing more where systemd waits for nothing', () => {
    const { told, start } = world();
    start();
    vi.advanceTimersByTime(600_000);
    expect(told).toHaveLength(1);
  });

  test('says in one line what is missing', () => {
    const { told, state, start } = world();
    state.refusal = FULL;
    state.status = {
      ...{ state: 'idle', readerPresent: false, reader: 'no reader\nattached' },
      ...{ linkUp: false, link: 'the cable is out', acceptance: { plasticOnly: false } },
    };
    start();
    expect(told[0]?.[1]).toBe(
      'STATUS=ready for a tap; no payments: the disk is full; ' +
        'no reader: no reader attached; no host: the cable is out',
    );
  });

  test('says nothing at its end when no signal asked for it: the launcher goes on', async () => {
    const { told, start } = world();
    await start().close();
    expect(told).toHaveLength(1);
  });
});

describe('a journal that takes no payments', () => {
  test('and did before is not told as alive: a new start may mend it', () => {
    const { told, problems, state, start } = world('60000000');
    start();
    vi.advanceTimersByTime(20_000);
    state.refusal = FULL;
    vi.advanceTimersByTime(60_000);
    expect(pings(told)).toBe(1);
    expect(problems).toContainEqual({ why: 'the disk is full' });
    state.refusal = undefined;
    vi.advanceTimersByTime(20_000);
    expect(pings(told)).toBe(2);
  });

  test('and did not from the start wants a person, and no start after the other', () => {
    const { told, state, start } = world('60000000');
    state.refusal = FULL;
    start();
    vi.advanceTimersByTime(120_000);
    expect(pings(told)).toBe(6);
  });
});

test('an event loop without turns of its own is not told as alive', () => {
  const { told, problems, start } = world('60000000');
  start();
  load(1);
  vi.advanceTimersByTime(20_000);
  expect(pings(told)).toBe(0);
  expect(problems).toContainEqual({ why: 'the event loop is busy: 100 %' });
});
