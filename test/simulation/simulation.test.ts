import { describe, expect, test } from 'vitest';
import { type Report, simulate } from './run.ts';

const RUNS = 200;
const NEXO_RUNS = 100;

/** Every run of this slice, once. */
const slice = async (seed: string, runs: number, nexo: boolean): Promise<readonly Report[]> => {
  const reports: Report[] = [];
  for (let run = 1; run <= runs; run++) reports.push(await simulate(`${seed}/${run}`, { nexo }));
  return reports;
};

const brokenIn = (reports: readonly Report[]): readonly string[] =>
  reports.flatMap(({ broken }, index) => broken.map((what) => `run ${index + 1}: ${what}`));

// What was not there was not tried.
const expectTried = (reports: readonly Report[], wanted: readonly string[]): void => {
  const tried = new Set(reports.flatMap(({ counts }) => [...counts.keys()]));
  expect(wanted.filter((what) => !tried.has(what))).toEqual([]);
};

describe('a shop in which everything goes wrong', () => {
  test('never loses a payment, never doubles one, and closes its day in balance', {
    timeout: 120_000,
  }, async () => {
    const reports = await slice('slice', RUNS, false);
    expect(brokenIn(reports)).toEqual([]);
    expectTried(reports, TRIED);
  });

  test('tells a till that hangs up, asks again and asks for more one outcome of each payment', {
    timeout: 120_000,
  }, async () => {
    const reports = await slice('nexo', NEXO_RUNS, true);
    expect(brokenIn(reports)).toEqual([]);
    expectTried(reports, TRIED_BY_NEXO);
  });

  test('lives the same life again from the same seed', async () => {
    const first = await simulate('again/1', { traced: true });
    const second = await simulate('again/1', { traced: true });
    expect(first.trace.length).toBeGreaterThan(20);
    expect(second.trace).toEqual(first.trace);
  });
});

const TRIED = [
  'crash before a write was durable',
  'crash after a write was durable',
  'crash before a message was sent',
  'crash after a message was sent',
  'crash before the till was told',
  'crash after a screen was shown',
  'crash at any moment',
  'failed writes',
  'connections cut',
  'messages damaged',
  'messages late',
  'messages lost',
  'messages twice',
  'host restarts',
  'absences of the host',
  'host fault late',
  'host fault drop-after-record',
  'host fault drop-before-record',
  'torn taps',
  'second taps wanted',
  'message 0221',
  'message 0401',
  'message 0501',
  'void done',
  'reconciled',
];

const TRIED_BY_NEXO = [
  'crash before a write was durable',
  'crash after a message was sent',
  'crash before the till was told',
  'crash at any moment',
  'nexo: abort',
  "nexo: abort of another till's",
  'nexo: another amount',
  'nexo: asked again',
  'nexo: status InProgress',
  'nexo: status NotFound',
  'nexo: status Success',
  'void done',
];
