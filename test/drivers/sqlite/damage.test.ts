import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recoverFile, verifyFile } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import type { ChainState } from '#ports/journal.ts';
import { asked, got, START_MS, settled } from '#test/ports/journal-suite.ts';
import { fill, inspected, leavesOf, type Place, place, ruinPage, tamper } from './support.ts';

let at: Place;
beforeEach(async () => {
  at = await place();
});
afterEach(() => at.remove());

const wallMs = (): number => START_MS;
const filled = async (count = 40): Promise<void> => {
  const journal = await at.open();
  await fill(journal, count);
  await journal.close();
};
const verified = (): ChainState => got(verifyFile(at.path));
const recovered = () => {
  const result = got(recoverFile(at.path, wallMs));
  if ('chain' in result) throw new Error(`nothing was recovered: ${result.chain}`);
  return result;
};
/** Opens it, sees that it refuses and takes nothing, and that not one byte of it changed. */
const refused = async (): Promise<string> => {
  const before = readFileSync(at.path);
  const journal = await at.open();
  const why = journal.refusal();
  expect(await journal.append(asked('new'))).toEqual(why);
  expect(await journal.openPayments()).toEqual(why);
  await journal.close();
  expect(readFileSync(at.path).equals(before)).toBe(true);
  expect(why?.fault).toBe('journal');
  expect(why?.detail).toContain(at.path);
  return why?.detail ?? '';
};
const works = async (): Promise<void> => {
  // Nothing stays of the file that a recovery makes.
  expect((await readdir(dirname(at.path))).join()).not.toContain('recovering');
  expect(verified().chain).toBe('whole');
  const journal = await at.open();
  expect(journal.refusal()).toBeUndefined();
  expect(await journal.append(asked('new'))).toBeUndefined();
  await journal.close();
  expect(verified().chain).toBe('whole');
};

describe('a journal that nobody touched', () => {
  test('is whole, and there is nothing to recover', async () => {
    await filled();
    expect(verified()).toMatchObject({ chain: 'whole', entries: 116 });
    expect(got(recoverFile(at.path, wallMs))).toMatchObject({ chain: 'whole' });
    const files = await readdir(dirname(at.path));
    expect(files.filter((name) => name.includes('damaged'))).toEqual([]);
  });
});

describe('found when the terminal starts, refused with what to do, left as it is:', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'an open payment that was made to look done',
      "UPDATE payments SET open = 0 WHERE id = 'p10'",
      /open payments/,
    ],
    [
      'an open payment with another state',
      "UPDATE payments SET state = 'approved' WHERE id = 'p10'",
      /row of payment p10/,
    ],
    [
      'an open payment that was taken out',
      "DELETE FROM payments WHERE id = 'p10'",
      /open payments/,
    ],
    [
      'a debt that was made to look settled',
      "UPDATE payments SET settled = 1 WHERE id = 'p10'",
      /unsettled/,
    ],
    [
      'one open payment in the place of another',
      "UPDATE payments SET open = id = 'p11' WHERE id IN ('p10', 'p11')",
      /row of payment p1[01]/,
    ],
    [
      'an entry with other data',
      'UPDATE entries SET data = \'{"amountMinor":1}\' WHERE sequence = 9',
      /entry 9: it was changed/,
    ],
    [
      'an entry with another time',
      'UPDATE entries SET at_ms = at_ms + 1 WHERE sequence = 9',
      /entry 9: it was changed/,
    ],
    [
      'an entry that was given to another payment',
      "UPDATE entries SET payment = 'p9' WHERE sequence = 9",
      /entry 9: it was changed/,
    ],
    [
      "another amount in a row's copy in the chain",
      "UPDATE entries SET attached = replace(attached, '1250', '1') WHERE sequence = 10",
      /entry 10: it was changed/,
    ],
    ['an entry that was taken out', 'DELETE FROM entries WHERE sequence = 9', /entry/],
    [
      'sealed account data that were exchanged',
      "UPDATE attachments SET content = x'00' WHERE payment = 'p3' AND name = 'account'",
      /account of payment p3/,
    ],
    [
      'sealed account data that were taken out',
      "DELETE FROM attachments WHERE payment = 'p3' AND name = 'account'",
      /account of payment p3/,
    ],
    [
      'a transcript that was exchanged',
      "UPDATE attachments SET content = x'00' WHERE payment = 'p3' AND name = 'transcript'",
      /transcript of payment p3/,
    ],
    ['a table that was added', 'CREATE TABLE extra (a)', /extra" was added/],
    ['a guard that was taken away', '', /trigger entries_at_the_end" is gone/],
  ];
  test.each(cases)('%s', async (_, sql, says) => {
    await filled();
    tamper(at.path, sql, sql === '');
    const why = await refused();
    expect(why).toMatch(says);
    expect(why).toContain('countertap journal recover');
    expect(verified()).toMatchObject({ chain: 'broken' });
    recovered();
    await works();
  });

  test('a file that was cut short', async () => {
    await filled();
    truncateSync(at.path, 3 * 4096);
    expect(await refused()).toContain('countertap journal recover');
    expect(verified()).toMatchObject({ chain: 'broken' });
    recovered();
    await works();
  });

  test('an empty file where there was a journal', async () => {
    await filled();
    truncateSync(at.path, 0);
    expect(await refused()).toContain('countertap journal recover');
    recovered();
    await works();
  });

  test('a file that is no database', async () => {
    await filled();
    writeFileSync(at.path, 'not a database at all, but long enough to be taken for one'.repeat(99));
    expect(await refused()).toContain('damaged');
    expect(verified()).toMatchObject({ chain: 'broken', sequence: 0 });
    const { kept, gaps } = recovered();
    expect([kept, gaps.length]).toEqual([0, 1]);
    await works();
  });

  test('an older copy in the place of the journal', async () => {
    await filled(10);
    copyFileSync(at.path, `${at.path}.copy`);
    const journal = await at.open();
    await journal.append(asked('later'));
    await journal.close();
    copyFileSync(`${at.path}.copy`, at.path);
    expect(await refused()).toMatch(/its last 2 entries, up to 31, are missing/);
    expect(recovered().gaps).toMatchObject([{ from: 30, to: 31 }]);
    await works();
    // A number that was given once is never given again.
    const again = await at.open();
    expect(got(await again.entriesOf('new'))[0]?.sequence).toBe(33);
    await again.close();
  });

  test('a file that is gone: no new one takes its place unseen', async () => {
    await filled(10);
    rmSync(at.path);
    const journal = await at.open();
    expect(journal.refusal()?.detail).toMatch(/is gone.*countertap journal recover/);
    await journal.close();
    expect(await readdir(dirname(at.path))).not.toContain('journal.db');
    expect(recovered().aside).toBeUndefined();
    await works();
  });

  test('a version that only a later program knows', async () => {
    await filled(3);
    tamper(at.path, 'PRAGMA user_version = 99');
    expect(await refused()).toMatch(/version 99.*install the newer program/);
    expect(isFault(recoverFile(at.path, wallMs))).toBe(true);
  });
});

describe('found later, by the look that the terminal takes when it is idle:', () => {
  test('an old entry that was changed, among more than a start looks at', async () => {
    await filled(1200);
    tamper(at.path, "UPDATE entries SET event = 'declined' WHERE sequence = 9");
    const journal = await at.open();
    expect(journal.refusal()).toBeUndefined();
    const state = await inspected(journal);
    expect(state).toEqual({ chain: 'broken', sequence: 9, problem: 'it was changed' });
    expect(journal.refusal()?.detail).toMatch(/entry 9: it was changed.*journal recover/);
    await journal.close();
    expect(verified()).toEqual(state);
  });

  test('an old payment with another state: also when somebody asks for it', async () => {
    await filled(1200);
    tamper(at.path, "UPDATE payments SET state = 'declined' WHERE id = 'p3'");
    expect(verified()).toMatchObject({ chain: 'broken', problem: /row of payment p3/ });
    const journal = await at.open();
    expect(await journal.payment('p4')).toMatchObject({ state: 'approved' });
    expect(await journal.payment('p3')).toMatchObject({ fault: 'journal' });
    expect(journal.refusal()?.detail).toContain('p3');
    await journal.close();
  });

  test('another file in the place of the one that is open', async () => {
    await filled(3);
    const journal = await at.open();
    copyFileSync(at.path, `${at.path}.copy`);
    rmSync(at.path);
    copyFileSync(`${at.path}.copy`, at.path);
    expect(journal.refusal()?.detail).toContain('another file');
    await journal.close();
  });
});

const stateOf = async (id: string): Promise<string | undefined> => {
  const journal = await at.open();
  const row = got(await journal.payment(id));
  await journal.close();
  return row?.state;
};

describe('recovery', () => {
  test('of a page keeps all before and after, and names what is missing', async () => {
    await filled(200);
    const leaves = leavesOf(at.path, 'entries');
    ruinPage(at.path, leaves[Math.floor(leaves.length * 0.9)] ?? 0);
    expect(verified()).toMatchObject({ chain: 'broken' });
    const { kept, gaps, doubtful, gone, aside } = recovered();
    const lost = 580 - kept;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(40);
    expect(gaps).toHaveLength(1);
    expect((gaps[0]?.to ?? 0) - (gaps[0]?.from ?? 0) + 1).toBe(lost);
    // Each of these was approved, and nothing but that is lost of it. The 20 that are open might
    // have been.
    expect([doubtful.length, gone.length]).toEqual([lost + 20, 0]);
    expect(await stateOf(doubtful[0] ?? '')).toBe('asking');
    expect(aside).toMatch(/journal-20260101T120000Z\.damaged$/);
    expect(readFileSync(aside ?? '').length).toBeGreaterThan(100_000);
    const journal = await at.open();
    expect(await journal.payment('p5')).toMatchObject({ state: 'approved', settled: true });
    expect(await journal.payment('p199')).toMatchObject({ state: 'approved', settled: true });
    expect(await journal.sealed('p199', 'account')).toEqual(new Uint8Array(64).fill(199));
    expect(got(await journal.latestOwn('recovered'))?.data['gaps']).toEqual(gaps);
    await journal.close();
    await works();
  });

  test('of a journal whose end is lost doubts what was open when it was lost', async () => {
    await filled(20);
    copyFileSync(at.path, `${at.path}.copy`);
    const journal = await at.open();
    await journal.append(settled('p10'));
    await journal.close();
    copyFileSync(`${at.path}.copy`, at.path);
    const { doubtful, gone, uncertainAfter } = recovered();
    // The copy's own index knows nothing of what came later.
    expect(await stateOf('p10')).toBe('asking');
    expect([doubtful, gone, uncertainAfter]).toEqual([['p0', 'p10'], [], 58]);
  });

  test('without a head file can not tell where the end was, and doubts as well', async () => {
    await filled(20);
    rmSync(`${at.path}.head`);
    ruinPage(at.path, 1);
    const { gaps, doubtful, uncertainAfter } = recovered();
    expect([gaps, doubtful, uncertainAfter]).toEqual([[], ['p0', 'p10'], 58]);
  });

  test('that lost nothing before an open payment leaves no doubt about it', async () => {
    await filled(20);
    const journal = await at.open();
    await journal.append(asked('new'));
    await journal.close();
    tamper(at.path, "UPDATE entries SET event = 'x' WHERE sequence = 59");
    const { doubtful, uncertainAfter } = recovered();
    expect([doubtful, uncertainAfter]).toEqual([['p0', 'p10'], 58]);
  });

  test('again keeps the doubts of the first, until something is written of them', async () => {
    await filled(30);
    tamper(at.path, "UPDATE entries SET event = 'x' WHERE sequence = 87");
    expect(recovered().doubtful).toEqual(['p29', 'p0', 'p10', 'p20']);
    const journal = await at.open();
    await journal.append(settled('p10'));
    await journal.append(asked('new'));
    await journal.close();
    // Breaks a rule, and loses no entry.
    tamper(at.path, "UPDATE payments SET state = 'approved' WHERE id = 'new'");
    expect(recovered()).toMatchObject({ gaps: [], doubtful: ['p29', 'p0', 'p20'] });
    await works();
  });

  test('of every single page leaves a whole journal, whatever is left in it', async () => {
    await filled(30);
    const whole = readFileSync(at.path);
    const kept: number[] = [];
    for (let page = 1; page <= whole.length / 4096; page++) {
      writeFileSync(at.path, whole);
      ruinPage(at.path, page);
      const result = got(recoverFile(at.path, wallMs));
      // A free page, or one that only counts free ones.
      if ('chain' in result) continue;
      kept.push(result.kept);
      expect(verified().chain).toBe('whole');
    }
    // The first page and the roots hold no entry; a leaf holds less than a third of these.
    expect(kept.filter((count) => count === 87).length).toBeGreaterThan(10);
    expect(Math.min(...kept)).toBeGreaterThan(58);
  });

  test('twice, with retention in between, still gives one chain', async () => {
    await filled(60);
    tamper(at.path, "UPDATE entries SET event = 'x' WHERE sequence IN (4, 5, 30)");
    expect(recovered().gaps).toMatchObject([
      { from: 4, to: 5 },
      { from: 30, to: 30 },
    ]);
    const journal = await at.open();
    const limits = { olderThanMs: 0, largerThanBytes: 1e9, nowMs: START_MS + 40 };
    expect(got(await journal.retain(limits))).toBeGreaterThan(20);
    await journal.close();
    await works();
    tamper(at.path, "UPDATE entries SET event = 'x' WHERE payment = 'p45'");
    expect(recovered().gone).toEqual(['p45']);
    await works();
  });

  test('finds what is only in the write-ahead log, where SQLite finds nothing', async () => {
    const journal = await at.open();
    await fill(journal, 20);
    const copy = join(at.folder, 'copy', 'journal.db');
    mkdirSync(dirname(copy));
    for (const end of ['', '-wal', '.head']) copyFileSync(at.path + end, copy + end);
    await journal.close();
    const log = readFileSync(`${copy}-wal`);
    log.writeUInt8(log.readUInt8(2000) ^ 1, 2000);
    writeFileSync(`${copy}-wal`, log);
    expect(got(verifyFile(copy)).chain).toBe('broken');
    const result = got(recoverFile(copy, wallMs));
    expect(result).toMatchObject({ kept: 58, gaps: [], doubtful: [], contentsLost: 0 });
    expect(got(verifyFile(copy)).chain).toBe('whole');
  });

  test('that was cut off just before its end is ended by the next', async () => {
    await filled(3);
    tamper(at.path, "UPDATE entries SET event = 'x' WHERE sequence = 1");
    recovered();
    renameSync(at.path, `${at.path}.recovering`);
    expect(got(recoverFile(at.path, wallMs))).toMatchObject({ chain: 'whole' });
    await works();
  });

  test.each(['1e999', '70.5', '9007199254740991', '-1', 'null', '"7"'])(
    'with a head file that says %s is as without one',
    async (sequence) => {
      await filled(3);
      writeFileSync(`${at.path}.head`, `{"sequence":${sequence},"hash":"${'0'.repeat(64)}"}`);
      tamper(at.path, "UPDATE entries SET event = 'x' WHERE sequence = 1");
      expect(recovered()).toMatchObject({ kept: 7, gaps: [{ from: 1, to: 1 }], uncertainAfter: 0 });
      await works();
    },
  );

  test('needs the terminal to be stopped', async () => {
    const journal = await at.open();
    expect(recoverFile(at.path, wallMs)).toMatchObject({ detail: /another process/ });
    await journal.close();
  });
});
