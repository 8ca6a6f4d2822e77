import { existsSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAtJournal } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import { got, START_MS } from '#test/ports/journal-suite.ts';
import { fill, type Place, place, tamper } from './support.ts';

let at: Place;
beforeEach(async () => {
  at = await place();
});
afterEach(() => at.remove());

const entry = (n: number) => ({
  payment: null,
  event: 'decision',
  atMs: START_MS,
  data: { n },
});
const numbers = async () => {
  const entries = await lookAtJournal(at.path).ownEntries('decision');
  return isFault(entries) ? entries.detail : entries.map(({ data }) => data['n']);
};

describe('a journal that is looked at', () => {
  it('has no entries when there never was one, and none is made', async () => {
    expect(await numbers()).toEqual([]);
    expect(existsSync(at.path)).toBe(false);
  });

  it('shows what the terminal writes beside it, and takes nothing itself', async () => {
    const journal = await at.open();
    await fill(journal, 3);
    await journal.append({ entries: [entry(1), entry(2)] });
    const look = lookAtJournal(at.path);
    expect(got(await look.ownEntries('decision')).map(({ data }) => data)).toEqual([
      { n: 1 },
      { n: 2 },
    ]);
    await journal.append({ entries: [entry(3)] });
    expect(await numbers()).toEqual([1, 2, 3]);
    expect(await look.append({ entries: [entry(4)] })).toMatchObject({ fault: 'journal' });
    expect(got(await look.latestOwnEntries(['decision'], 1))).toMatchObject([{ data: { n: 3 } }]);
    await journal.close();
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it.each([
    ['changed', "UPDATE entries SET data = '{}' WHERE sequence = 2", /entry 2: it was changed/],
    ['renamed', "UPDATE entries SET event = 'x' WHERE sequence = 2", /damaged: .*entry 2/],
    ['gone', 'DELETE FROM entries WHERE sequence = 2', /damaged: .*entry 2: it is gone/],
    ['cut off', 'DELETE FROM entries WHERE sequence = 3', /last 1 entries, up to 3, are missing/],
  ])('says which entry was %s', async (_, sql, why) => {
    const journal = await at.open();
    for (const n of [1, 2, 3]) await journal.append({ entries: [entry(n)] });
    await journal.close();
    tamper(at.path, sql);
    expect(await numbers()).toMatch(why);
  });

  it('is a fault when it is gone, and not an empty one', async () => {
    const journal = await at.open();
    await journal.append({ entries: [entry(1)] });
    await journal.close();
    for (const end of ['', '-wal', '-shm']) rmSync(at.path + end, { force: true });
    expect(await numbers()).toMatch(/is gone/);
  });
});
