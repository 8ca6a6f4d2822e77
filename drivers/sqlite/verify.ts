import { statSync } from 'node:fs';
import { type Fault, fault } from '#ports/fault.ts';
import type { ChainState } from '#ports/journal.ts';
import { tooNew } from './back.ts';
import { checkFrom, checkHeadFile, readHead } from './check.ts';
import { type Connection, openForReading, text } from './connection.ts';
import { Damage } from './damage.ts';
import { notFolder, readHead as readHeadFile } from './files.ts';
import { readGaps } from './gaps.ts';
import { attachedOf, type ContentName, ORIGIN } from './line.ts';
import { checkSchema, versionOf } from './migrate.ts';
import { checkOwn } from './own.ts';
import { content, lastLine, rowsWhere } from './read.ts';
import { troubleOf } from './reasons.ts';
import { steps, versionAfter } from './schema.ts';

/**
 * Looks at the whole file, and changes nothing: SQLite's pages, tables and triggers, every entry,
 * every row, sealed account data and transcripts, the head file. Works beside a running terminal.
 * `sequence` of a broken chain is 0 when it is the file as a whole. A fault when the file can't be
 * opened or read at all.
 */
export const verifyFile = (path: string): ChainState | Fault => {
  try {
    // Before the snapshot: the journal may grow meanwhile, the head file must not be ahead.
    const noted = readHeadFile(path);
    return withFile(path, (connection) => {
      checkPages(connection);
      checkSchema(connection);
      const last = lastLine(connection);
      checkHeadFile(connection, last ?? ORIGIN, noted);
      const head = readHead(connection, last);
      const gaps = readGaps(connection);
      const chain = checkFrom(connection, gaps, 1, head.sequence);
      checkOwn(connection, gaps, head, last && attachedOf(last).own);
      checkRest(connection);
      return { chain: 'whole', entries: chain?.checked ?? 0, head: head.hash };
    });
  } catch (error) {
    return brokenBy(error, path);
  }
};

/**
 * Calls `work` with a view of one moment of a journal of a version that we know.
 * @throws what `work`, SQLite or the system throws
 */
export const withFile = <T>(path: string, work: (connection: Connection) => T): T | Fault => {
  notFolder(path);
  // Throws where it is not allowed to look: that doesn't mean that there is none.
  if (!statSync(path, { throwIfNoEntry: false }) && readHeadFile(path) === undefined) {
    return fault('journal', `there is no journal ${path} yet`);
  }
  const connection = openForReading(path);
  try {
    return connection.snapshot(() => {
      const isNewer = versionOf(connection) > versionAfter(steps);
      return isNewer ? tooNew(connection, path, steps).fault : work(connection);
    });
  } finally {
    connection.close();
  }
};

export const brokenBy = (error: unknown, path: string): ChainState | Fault => {
  if (error instanceof Damage) {
    return { chain: 'broken', sequence: error.sequence, problem: error.problem };
  }
  const { fault: why, kind } = troubleOf(error, path);
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (kind !== 'lasting' || missing) return why;
  return { chain: 'broken', sequence: 0, problem: `its pages can't be read (${messageOf(error)})` };
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** SQLite's own look at its pages, and at indexes against tables. */
const checkPages = (connection: Connection): void => {
  const [first] = connection.all('PRAGMA integrity_check(1)');
  const found = first ? text(first, 'integrity_check') : 'no answer';
  if (found !== 'ok')
    throw new Damage(0, `its pages don't fit each other: ${found.split('\n')[0]}`);
};

/** Rows and contents that no entry leads to. */
const checkRest = (connection: Connection): void => {
  for (const row of connection.each('SELECT id FROM payments')) {
    rowsWhere(connection, 'WHERE p.id = ?', text(row, 'id'));
  }
  for (const row of connection.each('SELECT payment, name FROM attachments')) {
    content(connection, text(row, 'payment'), text(row, 'name') as ContentName);
  }
};
