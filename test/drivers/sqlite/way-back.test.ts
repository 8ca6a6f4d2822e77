import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookAtJournal, openJournal, recoverFile, verifyFile } from '#drivers/sqlite/index.ts';
import { type Step, steps, versionAfter } from '#drivers/sqlite/schema.ts';
import { openBooks } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import { asked, got, START_MS, settled } from '#test/ports/journal-suite.ts';
import { clock } from '../../../src/cli/world.ts';
import { next, withBoth, withNext } from './later-steps.ts';
import {
  fill,
  inspected,
  leavesOf,
  type Place,
  place,
  quiet,
  ruinPage,
  tamper,
} from './support.ts';

const present = versionAfter(steps);

let at: Place;
beforeEach(async () => {
  at = await place();
});
afterEach(() => at.remove());

const opened = async (known: readonly Step[] = steps): Promise<Journal> =>
  got(await openJournal({ path: at.path, log: quiet, wallMs: () => START_MS, steps: known }));
const closed = async (known?: readonly Step[]): Promise<string | undefined> => {
  const journal = await opened(known);
  const refusal = journal.refusal()?.detail;
  await journal.close();
  return refusal;
};
const version = (): number => {
  const db = new DatabaseSync(at.path, { readOnly: true });
  const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  db.close();
  return found;
};
const migrations = async (journal: Journal) =>
  got(await journal.ownEntries('migrated')).map(({ data: { from, to } }) => [from, to]);

/** A terminal of this release sells, then one of the release to come. */
const sold = async (known: readonly Step[] = withNext): Promise<void> => {
  const before = await opened();
  await fill(before, 40);
  await before.close();
  const after = await opened(known);
  expect(after.refusal()).toBeUndefined();
  if (known === withNext) expect(await after.append(asked('later'))).toBeUndefined();
  await after.close();
};

test('every version after the first has a way back, which leads to the one before', () => {
  for (const [at, { version: number, back }] of [...withBoth.entries()].slice(1)) {
    const db = new DatabaseSync(':memory:');
    const look = () => db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
    for (const { sql } of withBoth.slice(0, at)) db.exec(sql);
    const before = look();
    db.exec(withBoth[at]?.sql ?? '');
    expect(back, `version ${number}`).toBeDefined();
    db.exec(back ?? '');
    expect(look()).toEqual(before);
    db.close();
  }
});

describe('a journal that a later release has migrated', () => {
  test('is brought back by the release before, with all that both have written', async () => {
    await sold();
    expect(version()).toBe(present + 1);
    const journal = await opened();
    expect(journal.refusal()).toBeUndefined();
    expect(version()).toBe(present);
    expect(await migrations(journal)).toEqual([
      [present, present + 1],
      [present + 1, present],
    ]);
    expect(await journal.payment('later')).toMatchObject({ state: 'asking', open: true });
    expect(await journal.sealed('p3', 'account')).toEqual(new Uint8Array(64).fill(3));
    expect(await journal.transcript('p3')).toMatch(/^transcript of p3\n/);
    expect((await inspected(journal)).chain).toBe('whole');
    await journal.close();
    expect(got(verifyFile(at.path)).chain).toBe('whole');
    expect(readdirSync(dirname(at.path)).filter((name) => /-v\d/.test(name))).toEqual([]);
  });

  test('goes on with the payments that are open at that moment', async () => {
    await sold();
    const journal = await opened();
    const open = ['p0', 'p10', 'p20', 'p30', 'later'];
    expect(
      got(await journal.openPayments())
        .map(({ id }) => id)
        .sort(),
    ).toEqual(open.sort());
    expect(await journal.append(settled('later'))).toBeUndefined();
    expect(await journal.append(settled('p0', { startedMs: START_MS }))).toBeUndefined();
    expect(got(await journal.openPayments()).map(({ id }) => id)).not.toContain('later');
    await journal.close();
    expect(got(verifyFile(at.path)).chain).toBe('whole');
  });

  test('is the same to the books: what was being asked is taken back by the next', async () => {
    const books = async (known: readonly Step[]) => {
      const journal = await opened(known);
      return { journal, books: await openBooks({ journal, clock, log: quiet }) };
    };
    await closed();
    const later = await books(withNext);
    const taken = {
      kind: 'purchase',
      startedMs: START_MS,
      amountMinor: 1250,
      currency: 840,
    } as const;
    got(await later.books.note({ ...taken, id: 'A1', state: 'new' }, 'asked'));
    const held = got(await later.books.note({ ...taken, id: 'A2', state: 'new' }, 'asked'));
    got(await later.books.note(held, 'preAuthorised'));
    await later.journal.close();
    const now = await books(steps);
    expect(await now.books.ready()).toBeUndefined();
    expect(got(await now.books.find('A1'))?.state).toBe('reversing');
    expect(got(await now.books.find('A2'))?.state).toBe('preAuthorised');
    await now.journal.close();
    expect(got(verifyFile(at.path)).chain).toBe('whole');
  });

  test('goes forth and back again and again, and the chain goes on', async () => {
    await sold();
    for (let turn = 0; turn < 4; turn++) {
      const known = turn % 2 === 0 ? steps : withNext;
      const journal = await opened(known);
      expect(await journal.append(asked(`turn-${turn}`))).toBeUndefined();
      await journal.close();
    }
    const journal = await opened();
    expect(await migrations(journal)).toHaveLength(6);
    expect((await inspected(journal)).chain).toBe('whole');
    await journal.close();
  });

  test('goes over two versions at once, where one release brought both', async () => {
    await sold(withBoth);
    expect(version()).toBe(present + 2);
    expect(await closed()).toBeUndefined();
    expect(version()).toBe(present);
    expect(got(verifyFile(at.path)).chain).toBe('whole');
  });

  test('is refused two releases back, untouched, with what to do', async () => {
    await sold();
    expect(await closed(withBoth)).toBeUndefined();
    const before = readFileSync(at.path);
    expect(await closed()).toMatch(
      new RegExp(
        `version ${present + 2}.*knows up to ${present}: install the newer program again,` +
          ` or the one before it, which knows up to ${present + 1}$`,
      ),
    );
    expect(readFileSync(at.path)).toEqual(before);
    expect(await closed(withNext)).toBeUndefined();
    expect(version()).toBe(present + 1);
  });

  test('is refused where it has no way back, untouched', async () => {
    const { back: _, ...without } = next;
    await sold([...steps, without]);
    const before = readFileSync(at.path);
    expect(await closed()).toMatch(/version \d+.*: install the newer program again$/);
    expect(readFileSync(at.path)).toEqual(before);
  });

  test('is refused by what only looks at it, which says who brings it back', async () => {
    await sold();
    const told = verifyFile(at.path);
    expect(isFault(told) && told.detail).toMatch(/start the terminal, which brings it back$/);
    const look = await lookAtJournal(at.path).ownEntries('migrated');
    expect(isFault(look) && look.detail).toMatch(/start the terminal/);
    expect(version()).toBe(present + 1);
  });
});

describe('a way back that is wrong', () => {
  test.each([
    ['leads elsewhere', 'DROP TRIGGER payments_seen; DROP TABLE seen;'],
    ['is no SQL', 'DROP TABLES'],
    ['loses payments', `${next.back} DELETE FROM payments;`],
    ['takes a guard away', `${next.back} DROP TRIGGER entries_stay;`],
  ])('and %s changes nothing', async (_, back) => {
    await sold([...steps, { ...next, back }]);
    expect(await closed()).toMatch(/can't be brought back .*: install the newer program again$/);
    expect(version()).toBe(present + 1);
    expect(await closed(withNext)).toBeUndefined();
  });

  test('because somebody changed it is not taken', async () => {
    await sold();
    tamper(
      at.path,
      "UPDATE entries SET data = replace(data, 'DROP', 'drop') WHERE event = 'migrated'",
    );
    expect(await closed()).toMatch(/: install the newer program again$/);
    expect(version()).toBe(present + 1);
  });

  test('because the chain is damaged elsewhere changes nothing', async () => {
    await sold();
    tamper(at.path, `UPDATE entries SET data = '{"a":1}' WHERE sequence = 70`);
    expect(await closed()).toMatch(/can't be brought back \(entry 70: it was changed\)/);
    expect(version()).toBe(present + 1);
  });
});

test('a damaged journal of a later release is left to that release', async () => {
  await sold();
  ruinPage(at.path, leavesOf(at.path, 'payments')[0] ?? 0);
  const before = readFileSync(at.path);
  expect(recoverFile(at.path, () => START_MS)).toMatchObject({ fault: 'journal' });
  expect(await closed()).toMatch(/install the newer program again$/);
  expect(await closed(withNext)).toMatch(/damaged.*countertap journal recover/);
  expect(readFileSync(at.path)).toEqual(before);
});
