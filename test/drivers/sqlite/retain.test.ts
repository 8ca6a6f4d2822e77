import { statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyFile } from '#drivers/sqlite/index.ts';
import type { Log } from '#ports/log.ts';
import { asked, entry, got, START_MS, settled } from '#test/ports/journal-suite.ts';
import { fill, inspected, type Place, place, quiet, tamper } from './support.ts';

let at: Place;
beforeEach(async () => {
  at = await place();
});
afterEach(() => at.remove());

const DAY_MS = 86_400_000;

/** Removes what started before this many milliseconds after the first. */
const before = (ms: number) => ({
  olderThanMs: 0,
  largerThanBytes: Number.MAX_SAFE_INTEGER,
  nowMs: START_MS + ms,
});

test('the chain verifies across what retention removed, again and again', async () => {
  const journal = await at.open();
  await fill(journal, 300);
  expect(await journal.retain(before(100))).toBe(90);
  expect(got(verifyFile(at.path)).chain).toBe('whole');
  expect(await journal.retain(before(170))).toBe(63);
  expect(await journal.append(asked('new'))).toBeUndefined();
  expect(await journal.retain(before(171))).toBe(0);
  const state = got(verifyFile(at.path));
  // Those that stay, those of the new one, and one for each turn that retention took.
  const stays = 870 - 3 * 153 + 2;
  expect(state).toMatchObject({ chain: 'whole', entries: expect.toSatisfy((n) => n > stays) });
  expect(state).toMatchObject({ entries: expect.toSatisfy((n) => n < stays + 20) });
  await journal.close();
  const again = await at.open();
  expect(again.refusal()).toBeUndefined();
  expect((await inspected(again)).chain).toBe('whole');
  await again.close();
});

test('a removal that nobody wrote down is found', async () => {
  const journal = await at.open();
  await fill(journal, 20);
  await journal.retain(before(5));
  await journal.close();
  tamper(at.path, "DELETE FROM payments WHERE id = 'p7'; DELETE FROM entries WHERE payment = 'p7'");
  expect(got(verifyFile(at.path))).toMatchObject({ chain: 'broken', sequence: 17 });
});

test('a payment that only looks settled stays', async () => {
  const journal = await at.open();
  await fill(journal, 20);
  tamper(at.path, "UPDATE payments SET settled = 1 WHERE id = 'p0'");
  expect(await journal.retain(before(15))).toMatchObject({ fault: 'journal' });
  await journal.close();
});

test('the file gives its room back to the disk', async () => {
  const journal = await at.open();
  const record = { text: 'x'.repeat(4000) };
  const payments = Array.from({ length: 500 }, (_, i) => settled(`p${i}`, { record }));
  await journal.append({
    entries: payments.flatMap(({ entries }) => entries),
    rows: payments.flatMap(({ rows = [] }) => rows),
  });
  await journal.inspect(1, 1);
  const size = (): number => statSync(at.path).size + statSync(`${at.path}-wal`).size;
  const full = size();
  await journal.append({ entries: [{ ...entry(null, 'later'), atMs: START_MS + 8 * DAY_MS }] });
  const limits = { olderThanMs: 1e12, largerThanBytes: 500_000, nowMs: START_MS + 8 * DAY_MS };
  expect(got(await journal.retain(limits))).toBeGreaterThan(300);
  expect(full).toBeGreaterThan(2_000_000);
  expect(size()).toBeLessThan(520_000);
  expect(got(verifyFile(at.path)).chain).toBe('whole');
  await journal.close();
});

test('a file that stays too large is told, and keeps what a till may still ask for', async () => {
  const told: [object, string][] = [];
  const log: Log = { ...quiet, warn: (what, text) => void told.push([what, text]) };
  const journal = await at.open(log);
  await fill(journal, 20);
  told.length = 0;
  const limits = { olderThanMs: 1e12, largerThanBytes: 1000, nowMs: START_MS + DAY_MS };
  expect(await journal.retain(limits)).toBe(0);
  expect(got(await journal.byTillId('till-p1'))?.state).toBe('approved');
  expect(told).toMatchObject([
    [{ journal: at.path, wanted: 1000 }, expect.stringContaining('larger than it should be')],
  ]);
  await journal.close();
});

test('payments are written while retention goes on', async () => {
  const journal = await at.open();
  await fill(journal, 400);
  const retained = journal.retain(before(400));
  for (let i = 0; i < 5; i++) {
    const more = { startedMs: START_MS + 1000 };
    expect(await journal.append(asked(`new${i}`, more))).toBeUndefined();
    await new Promise(setImmediate);
  }
  expect(await retained).toBe(360);
  expect(got(verifyFile(at.path)).chain).toBe('whole');
  await journal.close();
});

test('erased account data are nowhere in the files after a quiet moment', async () => {
  const { readFileSync, existsSync } = await import('node:fs');
  const mark = Buffer.from('sealed-account-data-of-a-shopper');
  const found = (): boolean =>
    [at.path, `${at.path}-wal`].some(
      (file) => existsSync(file) && readFileSync(file).includes(mark),
    );
  const journal = await at.open();
  await journal.append({
    ...asked('p1'),
    sealed: [{ payment: 'p1', name: 'account', value: mark }],
  });
  expect(found()).toBe(true);
  const sealed = [{ payment: 'p1', name: 'account' as const, value: null }];
  await journal.append({ ...settled('p1'), sealed });
  await journal.inspect(1, 1);
  expect(found()).toBe(false);
  await journal.close();
});
