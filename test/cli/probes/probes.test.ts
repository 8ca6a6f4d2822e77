import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyJournal, openJournal, verifyFile } from '#drivers/sqlite/index.ts';
import type { Finding } from '#ports/finding.ts';
import {
  fill,
  leavesOf,
  type Place,
  place,
  quiet,
  ruinPage,
} from '#test/drivers/sqlite/support.ts';
import { asked, got, settled } from '#test/ports/journal-suite.ts';
import { everythingIn } from '#test/support/release-slot.ts';
import { bounded } from '../../../src/cli/probes/bounded.ts';
import { journalProbe } from '../../../src/cli/probes/index.ts';

const never = new AbortController().signal;
const hangs = (): Promise<never> => new Promise(() => {});

describe('a probe', () => {
  const probe = bounded('reader', 20, 'pull the plug', hangs);

  test('is over at its deadline, and says what to do', async () => {
    expect(await probe(never)).toEqual<Finding>({
      ...{ check: 'reader', verdict: 'wrong', found: "it wasn't done within 1 s" },
      remedy: 'pull the plug',
    });
  });

  test('is over when nobody waits for it any more', async () => {
    const calling = new AbortController();
    const looking = bounded('reader', 60_000, 'none', hangs)(calling.signal);
    calling.abort();
    expect(await looking).toMatchObject({ found: 'it was broken off' });
    expect(await probe(AbortSignal.abort())).toMatchObject({ found: 'it was broken off' });
  });

  test('tells its look that the time is over', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const look = (signal: AbortSignal): Promise<never> => {
      signal.addEventListener('abort', () => resolve('told'));
      return hangs();
    };
    await bounded('reader', 20, 'none', look)(never);
    expect(await promise).toBe('told');
  });

  test('never rejects', async () => {
    const broken = bounded('reader', 60_000, 'none', () => Promise.reject(new Error('a bug')));
    expect(await broken(never)).toMatchObject({
      verdict: 'wrong',
      found: expect.stringMatching(/a bug/),
    });
  });

  test('has no remedy for what is well', async () => {
    const well = bounded('reader', 60_000, 'none', async () => ({ well: 'it is' }));
    expect(await well(never)).toEqual({ check: 'reader', verdict: 'well', found: 'it is' });
  });
});

describe('the probe of the journal', () => {
  let at: Place;
  beforeEach(async () => {
    at = await place();
  });
  afterEach(() => at.remove());
  const look = (): Promise<Finding> => journalProbe({ journal: at.path })(never);

  test('finds none before the first start', async () => {
    expect(await look()).toMatchObject({
      verdict: 'well',
      found: expect.stringMatching(/no journal yet/),
    });
  });

  test('checks a journal that is open, and leaves every byte of it as it is', async () => {
    const journal = await at.open();
    await fill(journal, 40);
    const before = everythingIn(at.folder);
    expect(await look()).toMatchObject({
      verdict: 'well',
      found: expect.stringMatching(/its 116 entries are whole/),
    });
    expect(everythingIn(at.folder)).toEqual(before);
    await journal.close();
  });

  test('brings one of the first version to the present one, on its copy alone', async () => {
    mkdirSync(dirname(at.path));
    const db = new DatabaseSync(at.path);
    db.exec('PRAGMA journal_mode = WAL');
    db.exec(readFileSync('test/drivers/sqlite/versions/v1.sql', 'utf8'));
    db.close();
    const before = everythingIn(at.folder);
    expect(await look()).toMatchObject({ verdict: 'well' });
    expect(everythingIn(at.folder)).toEqual(before);
  });

  test('says that it is an older copy', async () => {
    const journal = await at.open();
    await fill(journal, 4);
    const copy = join(at.folder, 'earlier.db');
    expect(await copyJournal(at.path, copy, never)).toBeUndefined();
    await journal.append(asked('later'));
    await journal.close();
    for (const part of ['', '-wal']) cpSync(copy + part, at.path + part);
    expect(await look()).toMatchObject({
      ...{ verdict: 'wrong', found: expect.stringContaining(at.path) },
      remedy: expect.stringMatching(/countertap journal recover/),
    });
  });

  test('says that it is damaged', async () => {
    const journal = await at.open();
    await fill(journal, 40);
    await journal.close();
    ruinPage(at.path, leavesOf(at.path, 'entries')[1] ?? 0);
    expect(await look()).toMatchObject({
      verdict: 'wrong',
      found: expect.stringMatching(/is damaged/),
    });
  });

  test('copies one moment, also while somebody writes without a pause', async () => {
    const journal = await at.open();
    await fill(journal, 40);
    let over = false;
    let written = 0;
    const writing = (async () => {
      for (; !over; written++) {
        await journal.append(asked(`w${written}`));
        await journal.append(settled(`w${written}`));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const copy = join(at.folder, 'copy', 'journal.db');
    expect(await copyJournal(at.path, copy, never)).toBeUndefined();
    over = true;
    await writing;
    await journal.close();
    const opened = got(await openJournal({ path: copy, log: quiet, wallMs: Date.now }));
    expect(opened.refusal()).toBeUndefined();
    await opened.close();
    expect(got(verifyFile(copy)).chain).toBe('whole');
    expect(written).toBeGreaterThan(3);
  });
});
