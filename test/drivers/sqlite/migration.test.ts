import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal, verifyFile } from '#drivers/sqlite/index.ts';
import { type Step, steps, versionAfter } from '#drivers/sqlite/schema.ts';
import type { Journal } from '#ports/journal.ts';
import { asked, got, START_MS } from '#test/ports/journal-suite.ts';
import { inspected, type Place, place, quiet } from './support.ts';

// What each version that was shipped left on a disk, frozen: with payments in each state.
const VERSIONS = fileURLToPath(new URL('./versions', import.meta.url));
const fixtures = readdirSync(VERSIONS).sort();

let at: Place;
beforeEach(async () => {
  at = await place();
});
afterEach(() => at.remove());

const lay = (fixture: string): void => {
  mkdirSync(dirname(at.path));
  const db = new DatabaseSync(at.path);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(readFileSync(`${VERSIONS}/${fixture}`, 'utf8'));
  db.close();
};

const opened = async (known?: readonly Step[]): Promise<Journal> =>
  got(
    await openJournal({
      path: at.path,
      log: quiet,
      wallMs: () => START_MS,
      ...(known === undefined ? {} : { steps: known }),
    }),
  );

/** What every fixture holds, whatever the version. */
const expectContents = async (journal: Journal): Promise<void> => {
  expect(journal.refusal()).toBeUndefined();
  expect(got(await journal.openPayments()).map(({ id }) => id)).toEqual(['p0', 'p10']);
  expect(await journal.byTillId('till-p3')).toMatchObject({
    id: 'p3',
    state: 'approved',
    settled: true,
    record: { amountMinor: 1250 },
  });
  expect(got(await journal.entriesOf('p3')).map(({ event }) => event)).toEqual([
    'started',
    'asked',
    'approved',
  ]);
  expect(await journal.sealed('p3', 'account')).toEqual(new Uint8Array(64).fill(3));
  expect(await journal.transcript('p3')).toMatch(/^transcript of p3\n/);
  expect(got(await journal.latestOwn('removed'))?.data['payments']).toBe(4);
  expect(await journal.append(asked('new'))).toBeUndefined();
};

test('there is a fixture of every version', () => {
  expect(fixtures).toEqual(steps.map(({ version }) => `v${version}.sql`));
});

describe.each(fixtures)('a journal as %s', (fixture) => {
  test('is brought to the version of today with all that is in it', async () => {
    lay(fixture);
    const journal = await opened();
    await expectContents(journal);
    await journal.close();
    expect(got(verifyFile(at.path)).chain).toBe('whole');
    expect(readdirSync(dirname(at.path)).filter((name) => /-v\d/.test(name))).toEqual([]);
  });

  const next = versionAfter(steps) + 1;
  const later: readonly Step[] = [
    ...steps,
    {
      version: next,
      brings: 'a column and an index for the test',
      sql: `ALTER TABLE payments ADD COLUMN extra TEXT NOT NULL DEFAULT 'none';
            CREATE INDEX payments_extra ON payments (extra);`,
    },
  ];

  test('will be brought to a version to come, whose chain goes on', async () => {
    lay(fixture);
    const before = verifyFile(at.path);
    const journal = await opened(later);
    const migrated = got(await journal.latestOwn('migrated'));
    expect(migrated).toMatchObject({
      data: { from: Number(fixture.slice(1, -4)), to: next },
      previous: 'head' in before ? before.head : '',
    });
    expect(journal.refusal()).toBeUndefined();
    expect((await inspected(journal)).chain).toBe('whole');
    await journal.close();
    // And this program knows that it is not for it.
    const old = await opened();
    expect(old.refusal()?.detail).toContain(`version ${next}`);
    await old.close();
  });

  test('stays as it is when a step fails, with the copy beside it', async () => {
    lay(fixture);
    const bad = [...steps, { version: next, brings: 'nothing', sql: 'CREATE TABLE entries (a)' }];
    const journal = await opened(bad);
    expect(journal.refusal()?.detail).toMatch(/can't be brought from version .* earlier program/);
    expect(readdirSync(dirname(at.path))).toContain(`journal-${fixture.slice(0, -4)}.db`);
    await journal.close();
    const again = await opened();
    await expectContents(again);
    await again.close();
  });
});
