import { existsSync, statSync } from 'node:fs';
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Damage } from './damage.ts';
import type { Line } from './line.ts';

export type SqlRow = Readonly<Record<string, SQLOutputValue>>;

/** A database with its statements kept by their text. Every call can throw SQLite's errors. */
export interface Connection {
  run(sql: string, ...values: readonly SQLInputValue[]): void;
  get(sql: string, ...values: readonly SQLInputValue[]): SqlRow | undefined;
  all(sql: string, ...values: readonly SQLInputValue[]): readonly SqlRow[];
  each(sql: string, ...values: readonly SQLInputValue[]): IterableIterator<SqlRow>;
  exec(sql: string): void;
  /** All or nothing; what `work` or SQLite throws goes on to the caller, after the way back. */
  transaction<T>(work: () => T): T;
  /** A view of one moment, whatever the writer does meanwhile. */
  snapshot<T>(work: () => T): T;
  close(): void;
}

/** For the one writer. FULL: a commit returns when the write-ahead log is on the disk. */
export const openForWriting = (path: string): Connection => {
  const connection = connectionOf(new DatabaseSync(path, { timeout: BUSY_MS }));
  try {
    // Before the first table: a file can only shrink when it keeps track of its free pages.
    connection.exec('PRAGMA auto_vacuum = INCREMENTAL');
    connection.exec('PRAGMA journal_mode = WAL');
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec('PRAGMA foreign_keys = ON');
    // What is deleted is overwritten with zeros: erased account data must be gone.
    connection.exec('PRAGMA secure_delete = ON');
    connection.exec(`PRAGMA journal_size_limit = ${8 << 20}`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};

/**
 * Beside a writer, or where nothing may be changed. On a read-only medium SQLite can't make the
 * file that readers share; without a write-ahead log it needs none.
 */
export const openForReading = (path: string): Connection => {
  // SQLite would take a missing file for one that can't be opened.
  statSync(path);
  const open = (place: string | URL) => {
    const connection = connectionOf(new DatabaseSync(place, { readOnly: true, timeout: BUSY_MS }));
    try {
      connection.get('SELECT count(*) FROM sqlite_schema');
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  };
  try {
    return open(path);
  } catch (error) {
    if (codeOf(error) !== CANTOPEN && codeOf(error) !== READONLY) throw error;
    const log = `${path}-wal`;
    if (existsSync(log) && statSync(log).size > 0) throw error;
    return open(new URL(`${pathToFileURL(path).href}?immutable=1`));
  }
};

/** An empty database in memory. */
export const inMemory = (): Connection => connectionOf(new DatabaseSync(':memory:'));

/** SQLite's primary result code of an error that node:sqlite threw. */
export const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;

export const LINE = 'sequence, payment, event, at_ms, data, attached, previous, hash';

export const lineOf = (row: SqlRow): Line => {
  const sequence = number(row, 'sequence');
  return {
    sequence,
    payment: row['payment'] === null ? null : text(row, 'payment'),
    event: text(row, 'event'),
    atMs: number(row, 'at_ms'),
    data: text(row, 'data'),
    attached: text(row, 'attached'),
    previous: text(row, 'previous'),
    hash: text(row, 'hash'),
  };
};

export const number = (row: SqlRow, name: string): number => {
  const value = row[name];
  if (typeof value === 'number') return value;
  throw new Damage(0, `"${name}" is no number`);
};

export const text = (row: SqlRow, name: string): string => {
  const value = row[name];
  if (typeof value === 'string') return value;
  throw new Damage(0, `"${name}" is no text`);
};

export const bytes = (row: SqlRow, name: string): Uint8Array => {
  const value = row[name];
  if (value instanceof Uint8Array) return value;
  throw new Damage(0, `"${name}" is no bytes`);
};

const BUSY_MS = 2000;
const CANTOPEN = 14;
const READONLY = 8;

const connectionOf = (db: DatabaseSync): Connection => {
  const kept = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = kept.get(sql);
    if (known) return known;
    const made = db.prepare(sql);
    kept.set(sql, made);
    return made;
  };
  const within = <T>(begin: string, work: () => T): T => {
    db.exec(begin);
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    run: (sql, ...values) => void statement(sql).run(...values),
    get: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
    // A statement that is being iterated can't be used twice at once.
    each: (sql, ...values) => db.prepare(sql).iterate(...values),
    exec: (sql) => db.exec(sql),
    transaction: (work) => within('BEGIN IMMEDIATE', work),
    snapshot: (work) => within('BEGIN', work),
    close: () => db.close(),
  };
};
