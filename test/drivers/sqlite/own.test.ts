import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { recoverFile, verifyFile } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Journal, JournalWrite } from '#ports/journal.ts';
import { asked, entry, got, row, START_MS, settled } from '#test/ports/journal-suite.ts';
import { buildJournal } from './large-journal.ts';
import { fill, type Place, place, tamper } from './support.ts';

let at: Place;
let journal: Journal;
beforeEach(async () => {
  at = await place();
  journal = await at.open();
});
afterEach(async () => {
  await journal.close();
  await at.remove();
});

const write = async (payment: string | null, event: string): Promise<void> => {
  expect(await journal.append({ entries: [entry(payment, event)] })).toBeUndefined();
};
const problem = async (event = 'decision'): Promise<string> => {
  const found = await journal.ownEntries(event);
  return isFault(found) ? found.detail : `${found.length} well`;
};

describe("the terminal's own entries of an event, while the journal is open", () => {
  // 1 decision, 2 and 3 a payment, 4 decision, 5 audit, 6 decision.
  beforeEach(async () => {
    await write(null, 'decision');
    await journal.append(asked('p1'));
    await write(null, 'decision');
    await write(null, 'audit');
    await write(null, 'decision');
  });

  it('are well when nobody touched them', async () => {
    expect(await problem()).toBe('3 well');
    expect(journal.refusal()).toBeUndefined();
  });

  const hands: readonly (readonly [string, string, string])[] = [
    [
      'changed',
      "UPDATE entries SET data = '{}' || ' ' WHERE sequence = 4",
      'entry 4: it was changed',
    ],
    [
      'given a new hash',
      "UPDATE entries SET hash = 'f' WHERE sequence = 4",
      'entry 4: it was changed',
    ],
    ['taken out', 'DELETE FROM entries WHERE sequence = 4', 'entry 4: it is gone'],
    ['taken out at the end', 'DELETE FROM entries WHERE sequence = 6', 'entry 6: it is gone'],
    ['taken out at the beginning', 'DELETE FROM entries WHERE sequence = 1', 'entry 1: it is gone'],
    [
      'made another event',
      "UPDATE entries SET event = 'audit' WHERE sequence = 6",
      'entry 6: it was changed',
    ],
    [
      'given to a payment',
      "UPDATE entries SET payment = 'p1' WHERE sequence = 1",
      'entry 1: it was changed',
    ],
    [
      'made of another entry',
      "UPDATE entries SET event = 'decision' WHERE sequence = 5",
      'entry 5: it was changed',
    ],
  ];
  test.each(hands)(
    'are named when one was %s, and the journal refuses from then on',
    async (_, sql, words) => {
      tamper(at.path, sql);
      expect(await problem()).toContain(`${words}; stop the terminal`);
      expect(journal.refusal()?.detail).toContain(words);
      expect(await journal.append(asked('p2'))).toMatchObject({ fault: 'journal' });
    },
  );

  it('are asked to be well before what comes after them, too', async () => {
    tamper(at.path, 'DELETE FROM entries WHERE sequence = 5');
    expect(await problem()).toContain('entry 4: it was changed: entry 6');
  });

  it('are not found to be fewer where a write failed', async () => {
    expect(await journal.append(asked('p3', { tillId: 'till-p1' }))).toMatchObject({
      detail: "the till's id belongs to another payment",
    });
    const both = { entries: [entry(null, 'decision')], rows: [row('p4', { tillId: 'till-p1' })] };
    expect(await journal.append(both)).toMatchObject({ fault: 'journal' });
    expect(await problem()).toBe('3 well');
    await write(null, 'decision');
    expect(await problem()).toBe('4 well');
  });
});

describe('entries of a payment that were removed by age', () => {
  it('leave gaps that are accounted for, at once and after the next start', async () => {
    await write(null, 'decision');
    await journal.append(settled('old', { startedMs: START_MS - 90 * 86_400_000 }));
    await write(null, 'decision');
    const limits = { olderThanMs: 86_400_000, largerThanBytes: 1e12, nowMs: START_MS };
    expect(await journal.retain(limits)).toBe(1);
    expect(await problem()).toBe('2 well');
    await journal.close();
    journal = await at.open();
    expect(await problem()).toBe('2 well');
    expect(await problem('removed')).toBe('1 well');
    expect(got(verifyFile(at.path)).chain).toBe('whole');
  });
});

describe('found at the start, and by the command that verifies, however far back it lies:', () => {
  const hands: readonly (readonly [string, string])[] = [
    [
      'an own entry that became a payment’s',
      "UPDATE entries SET payment = 'p0' WHERE sequence = 1",
    ],
    ['an own entry with another event', "UPDATE entries SET event = 'audit' WHERE sequence = 1"],
    ['an own entry that is gone', 'DELETE FROM entries WHERE sequence = 1'],
  ];
  test.each(hands)('%s', async (_, sql) => {
    await write(null, 'decision');
    await fill(journal, 700);
    await journal.close();
    tamper(at.path, sql);
    // One that is gone shows at the next.
    const sequence = sql.startsWith('DELETE') ? 2 : 1;
    expect(got(verifyFile(at.path))).toMatchObject({ chain: 'broken', sequence });
    journal = await at.open();
    expect(journal.refusal()?.detail).toContain('entry 1: it');
  });
});

describe('a recovery', () => {
  const recovered = () => {
    const result = got(recoverFile(at.path, () => START_MS));
    if ('chain' in result) throw new Error(`nothing was recovered: ${result.chain}`);
    return result;
  };
  const prepared = async (sql: string): Promise<void> => {
    await write(null, 'decision');
    await fill(journal, 3);
    await write(null, 'decision');
    await journal.append(asked('last'));
    await journal.close();
    tamper(at.path, sql);
  };
  // 1 decision, 2 to 9 payments, 10 decision, 11 and 12 the last payment.
  test.each<[string, number, boolean]>([
    ['of a payment that others follow: none of ours is missing', 2, false],
    ['of one of ours: it may have said anything', 1, true],
    ['of the last of ours', 10, true],
    ['of the end: one of ours may have been among it', 12, true],
  ])('says whether own entries may be lost: %s', async (_, sequence, uncertain) => {
    await prepared(`UPDATE entries SET event = 'x' WHERE sequence = ${sequence}`);
    expect(recovered().ownUncertain ?? false).toBe(uncertain);
    journal = await at.open();
    const [entry] = got(await journal.ownEntries('recovered'));
    expect(entry?.data['ownUncertain'] ?? false).toBe(uncertain);
    expect(await problem()).toBe(`${sequence === 1 || sequence === 10 ? 1 : 2} well`);
  });
});

describe('how long it takes', () => {
  const built = async (payments: number): Promise<{ folder: Place; journal: Journal }> => {
    const folder = await place();
    mkdirSync(dirname(folder.path));
    buildJournal(folder.path, written(payments));
    return { folder, journal: await folder.open() };
  };
  function* written(payments: number): Generator<JournalWrite> {
    for (let i = 0; i < 100; i++) {
      yield { entries: [entry(null, 'decision', { number: i + 1 })] };
      const each = payments / 100;
      for (let j = 0; j < each; j++) yield settled(`p${i}-${j}`);
    }
  }
  const bestMs = async (one: Journal): Promise<number> => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 15; round++) {
      const start = performance.now();
      expect(got(await one.ownEntries('decision'))).toHaveLength(100);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };

  it('depends on how many they are, not on how long the journal is', async () => {
    const [short, long] = [await built(100), await built(10_000)];
    const ratio = (await bestMs(long.journal)) / (await bestMs(short.journal));
    // Fifty times as long; looking at all of it would take about as many times as long.
    expect(ratio).toBeLessThan(4);
    for (const { folder, journal: one } of [short, long]) {
      await one.close();
      await folder.remove();
    }
  }, 60_000);
});
