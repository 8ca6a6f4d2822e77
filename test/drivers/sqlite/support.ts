import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openJournal } from '#drivers/sqlite/index.ts';
import type { Fault } from '#ports/fault.ts';
import type { ChainState, Journal, JournalWrite } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import { asked, got, START_MS, settled } from '#test/ports/journal-suite.ts';

export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A folder of the test's own with a journal's place in it. */
export interface Place {
  readonly folder: string;
  readonly path: string;
  open(log?: Log): Promise<Journal>;
  remove(): Promise<void>;
}

export const place = async (): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-journal-'));
  const path = join(folder, 'journal', 'journal.db');
  return {
    folder,
    path,
    open: async (log = quiet) => got(await openJournal({ path, log, wallMs: () => START_MS })),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/**
 * Payments p0 to p(count - 1) in two writes: all are asked, entries 1 to 2 × count, then settled
 * but for every tenth, which stays open.
 */
export const fill = async (journal: Journal, count: number): Promise<void> => {
  const first: JournalWrite[] = [];
  const second: JournalWrite[] = [];
  for (let i = 0; i < count; i++) {
    const payment = `p${i}`;
    const times = { startedMs: START_MS + i };
    const value = new Uint8Array(64).fill(i);
    const text = `transcript of ${payment}\n`.repeat(20);
    first.push({
      ...asked(payment, times),
      sealed: [{ payment, name: 'account', value }],
      transcripts: [{ payment, text }],
    });
    if (i % 10 !== 0) second.push(settled(payment, times));
  }
  for (const writes of [first, second]) {
    const why = await journal.append({
      entries: writes.flatMap(({ entries }) => entries),
      rows: writes.flatMap(({ rows = [] }) => rows),
      sealed: writes.flatMap(({ sealed = [] }) => sealed),
      transcripts: writes.flatMap(({ transcripts = [] }) => transcripts),
    });
    if (why !== undefined) throw new Error(why.detail);
  }
};

/** Looks at the whole chain in the terminal's slices, which a busy machine makes short. */
export const inspected = async (journal: Journal): Promise<ChainState> => {
  let from: number | undefined = 1;
  let state: ChainState = { chain: 'whole', entries: 0, head: '' };
  while (from !== undefined && state.chain === 'whole') {
    const slice: Slice = got(await journal.inspect(from, 50));
    state = slice.state;
    from = slice.next;
  }
  return state;
};

type Slice = Exclude<Awaited<ReturnType<Journal['inspect']>>, Fault>;

/** Changes the file behind the terminal's back, the guards of the tables taken away first. */
export const tamper = (path: string, sql: string, guards = false): void => {
  const db = new DatabaseSync(path);
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  // Put back, so that nothing but the change itself can be found.
  if (!guards) for (const one of triggers) db.exec(String(one['sql']));
  db.close();
};

/** Overwrites the middle of a file's page, counted from 1. */
export const ruinPage = (path: string, page: number): void => {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(PAGE, 0xa5), 0, PAGE, (page - 1) * PAGE);
  closeSync(file);
};

/** The pages of a table that hold its entries. */
export const leavesOf = (path: string, table: string): number[] => {
  const db = new DatabaseSync(path, { readOnly: true });
  const sql = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path";
  const pages = db.prepare(sql).all(table);
  db.close();
  return pages.map(({ pageno }) => Number(pageno));
};

const PAGE = 4096;
