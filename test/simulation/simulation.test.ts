import { describe, expect, test } from 'vitest';
import { type Report, simulate } from './run.ts';

const RUNS = 200;

/** Every run of this slice, once. */
const slice = async (seed: string): Promise<readonly Report[]> => {
  const reports: Report[] = [];
  for (let run = 1; run <= RUNS; run++) reports.push(await simulate(`${seed}/${run}`));
  return reports;
};

describe('a shop in which everything goes wrong', () => {
  test('never loses a payment, never doubles one, and closes its day in balance', {
    timeout: 120_000,
  }, async () => {
    const reports = await slice('slice');
    const broken = reports.flatMap((report, index) =>
      report.broken.map((what) => `seed slice run ${index + 1}: ${what}`),
    );
    expect(broken).toEqual([]);
    // What was not there was not tried.
    const counts = new Map<string, number>();
    for (const report of reports) {
      for (const [what, count] of report.counts) counts.set(what, (counts.get(what) ?? 0) + count);
    }
    for (const what of TRIED) expect([what, counts.get(what) ?? 0]).not.toEqual([what, 0]);
  });

  test('lives the same life again from the same seed', async () => {
    const first = await simulate('again/1', true);
    const second = await simulate('again/1', true);
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
