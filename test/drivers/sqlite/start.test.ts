import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JournalWrite } from '#ports/journal.ts';
import { asked, entry, got, row, START_MS, settled } from '#test/ports/journal-suite.ts';
import { buildJournal } from './large-journal.ts';
import { type Place, place } from './support.ts';

let at: Place;
beforeEach(async () => {
  at = await place();
});
afterEach(() => at.remove());

const PAYMENTS = 100_000;
/** Not yet settled: a busy day's, approved and waiting for reconciliation. */
const UNSETTLED = 2000;
const OPEN = 20;

const FIELDS = [3, 4, 7, 11, 12, 22, 23, 25, 32, 41, 42, 49, 55];
const record = {
  amountMinor: 1250,
  currency: 978,
  card: { scheme: 'visa', maskedPan: '476173******0010', token: 'a'.repeat(32) },
  request: { mti: '0100', fields: Object.fromEntries(FIELDS.map((n) => [n, `value of ${n}`])) },
};

function* payments(): Generator<JournalWrite> {
  for (let i = 0; i < PAYMENTS; i++) {
    const id = `p${i}`;
    const more = { startedMs: START_MS + i, record };
    yield asked(id, more);
    if (i < PAYMENTS - UNSETTLED) yield settled(id, more);
    else if (i < PAYMENTS - OPEN) {
      yield { entries: [entry(id, 'approved')], rows: [row(id, { ...more, open: false })] };
    }
  }
}

test('with 100,000 payments the journal is open in less than 2 seconds', async () => {
  await (await at.open()).close();
  rmSync(at.path);
  buildJournal(at.path, payments());
  const startedMs = performance.now();
  const journal = await at.open();
  const ms = performance.now() - startedMs;
  expect(journal.refusal()).toBeUndefined();
  expect(got(await journal.openPayments())).toHaveLength(OPEN);
  expect(ms).toBeLessThan(2000);

  // The idle terminal's look, in slices that no tap would notice.
  const slicesMs: number[] = [];
  let from: number | undefined = 1;
  for (let slice = 0; from !== undefined && slice < 50; slice++) {
    const before = performance.now();
    const { state, next }: { state: { chain: string }; next: number | undefined } = got(
      await journal.inspect(from, 100_000),
    );
    slicesMs.push(performance.now() - before);
    expect(state.chain).toBe('whole');
    from = next;
  }
  expect(slicesMs.sort((a, b) => a - b)[25]).toBeLessThan(20);
  expect(from).toBeGreaterThan(5000);
  await journal.close();
}, 60_000);
