import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Journal, JournalWrite } from '#ports/journal.ts';
import type { Connection } from './connection.ts';
import { findPayments } from './find.ts';
import {
  advance,
  becomeWriter,
  condemn,
  failed,
  type Holder,
  holderOf,
  type JournalOptions,
  ready,
  shut,
} from './holder.ts';
import { inspect } from './inspect.ts';
import { versionOf } from './migrate.ts';
import { latestOwnEntries, ownEntries } from './own.ts';
import * as read from './read.ts';
import { retain } from './retain.ts';
import { erases, writeAll } from './write.ts';

/**
 * Opens the journal, or makes a new one where there never was any. A file that can't be used gives
 * a journal whose `refusal` says why, and stays as it is. A fault only where another process writes
 * to it already.
 */
export const openJournal = async (options: JournalOptions): Promise<Journal | Fault> => {
  const holder = holderOf(options);
  try {
    const taken = becomeWriter(holder);
    if (taken) return taken;
  } catch (error) {
    failed(holder, error);
  }
  ready(holder);
  return journalOf(holder);
};

const DEFAULT_FREE_BYTES = 16 << 20;
// What is to be free after a write that failed: a small try might pass where a payment would not.
const ONE_WRITE_BYTES = 256 << 10;

const journalOf = (holder: Holder): Journal => {
  const reading = async <T>(work: (connection: Connection) => T): Promise<T | Fault> => {
    const opened = ready(holder);
    if (isFault(opened)) return opened;
    try {
      return work(opened.connection);
    } catch (error) {
      return failed(holder, error);
    }
  };
  return {
    refusal: () => refusal(holder),
    append: async (write) => append(holder, write),
    payment: (id) => reading((connection) => read.payment(connection, id)),
    byTillId: (tillId) =>
      reading((connection) => read.rowsWhere(connection, 'WHERE p.till_id = ?', tillId)[0]),
    openPayments: () =>
      reading((connection) => read.rowsWhere(connection, `WHERE p.open = 1 ${OLDEST_FIRST}`)),
    unsettledPayments: () =>
      reading((connection) => read.rowsWhere(connection, `WHERE p.settled = 0 ${OLDEST_FIRST}`)),
    countUnsettled: (state) => reading((connection) => read.countUnsettled(connection, state)),
    latestPayments: (count) =>
      reading((connection) => read.rowsWhere(connection, NEWEST_FIRST, count)),
    entriesOf: (id) => reading((connection) => read.entriesOf(connection, id)),
    latestOf: (events) => reading((connection) => read.latestOf(connection, events)),
    latestOwn: (event) => reading((connection) => read.latestOwn(connection, event)),
    ownEntries: async (event) => {
      const opened = ready(holder);
      const head = holder.head;
      if (isFault(opened)) return opened;
      return reading((connection) =>
        ownEntries(connection, opened.gaps, head ?? opened.head, event),
      );
    },
    latestOwnEntries: (events, count) =>
      reading((connection) => latestOwnEntries(connection, events, count)),
    findPayments: (query) => findPayments(reading, query),
    sealed: (id, name) => reading((connection) => read.content(connection, id, name)),
    transcript: (id) => reading((connection) => read.transcript(connection, id)),
    inspect: async (from, count) => inspect(holder, from, count),
    retain: (limits) => retain(holder, limits),
    close: async () => shut(holder),
  };
};

const OLDEST_FIRST = 'ORDER BY p.started_ms, p.rowid';
const NEWEST_FIRST = 'ORDER BY p.started_ms DESC, p.rowid DESC LIMIT ?';

const append = (holder: Holder, write: JournalWrite): Fault | undefined => {
  const opened = ready(holder);
  if (isFault(opened)) return opened;
  const { connection, head } = opened;
  try {
    const atMs = holder.options.wallMs();
    const next = connection.transaction(() =>
      writeAll(connection, holder.head ?? head, write, atMs),
    );
    holder.erased ||= erases(write);
    advance(holder, next);
    return undefined;
  } catch (error) {
    if (isSameTillId(error)) return fault('journal', "the till's id belongs to another payment");
    return failed(holder, error);
  }
};

// SQLITE_CONSTRAINT_UNIQUE; no other column of ours can be the same twice by a caller's doing.
const isSameTillId = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === 2067;

const refusal = (holder: Holder): Fault | undefined => {
  const opened = ready(holder);
  if (isFault(opened)) return opened;
  const { path, minimumFreeBytes = DEFAULT_FREE_BYTES } = holder.options;
  try {
    if (statSync(path).ino !== opened.inode) {
      return condemn(holder, { kind: 'lasting', fault: replaced(path) });
    }
    accessSync(path, constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
    const { bavail, bsize } = statfsSync(dirname(path));
    const least = holder.doubtful ? Math.max(minimumFreeBytes, ONE_WRITE_BYTES) : minimumFreeBytes;
    if (bavail * bsize < least) return tooFull(path, bavail * bsize, least);
    if (holder.doubtful) tryToWrite(opened.connection);
    holder.doubtful = false;
    return undefined;
  } catch (error) {
    return failed(holder, error);
  }
};

// The smallest write that reaches the disk: the version that the file has, once more.
const tryToWrite = (connection: Connection): void =>
  connection.transaction(() => connection.exec(`PRAGMA user_version = ${versionOf(connection)}`));

const replaced = (path: string): Fault =>
  fault('journal', `another file was put in the place of the journal ${path}: start again with it`);

const tooFull = (path: string, free: number, wanted: number): Fault => {
  const megabytes = (count: number): string => (count / (1 << 20)).toFixed(1);
  return fault(
    'journal',
    `the disk of the journal ${path} is nearly full: ${megabytes(free)} MB free, ` +
      `${megabytes(wanted)} MB are needed; make room on it`,
  );
};
