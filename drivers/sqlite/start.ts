import { existsSync, statSync } from 'node:fs';
import { fault } from '#ports/fault.ts';
import { checkFrom, checkHeadFile, checkRows, readHead } from './check.ts';
import { type Connection, codeOf, openForReading, openForWriting } from './connection.ts';
import {
  makeFile,
  narrowRights,
  notFolder,
  prepareFolder,
  readHead as readHeadFile,
} from './files.ts';
import { type Gaps, readGaps } from './gaps.ts';
import { attachedOf } from './line.ts';
import { checkSchema, createSchema, migrate, versionOf } from './migrate.ts';
import { checkOwn } from './own.ts';
import { lastLine } from './read.ts';
import { type Trouble, troubleOf } from './reasons.ts';
import { type Step, steps as shipped, versionAfter } from './schema.ts';
import type { Head } from './write.ts';

/** A journal that was looked at and may be written. */
export interface Opened {
  readonly connection: Connection;
  readonly head: Head;
  readonly gaps: Gaps;
  /** The file itself: another at the same path isn't it. */
  readonly inode: number;
  readonly notes: readonly string[];
}

/**
 * Opens the file, new only where there never was one. It is looked at through a connection that
 * can't write, so a damaged file stays as it is: version, tables and triggers, the end of the
 * chain, what is open. The rest is looked at when there is time (`Journal.inspect`).
 */
export const openFile = (
  path: string,
  atMs: number,
  steps: readonly Step[] = shipped,
): Opened | Trouble => {
  try {
    prepareFolder(path);
    notFolder(path);
    const noted = readHeadFile(path);
    if (isNew(path, noted?.sequence ?? 0)) return create(path, steps);
    narrowRights(path);
    const looked = look(path, steps);
    if ('fault' in looked) return looked;
    const notes =
      noted === undefined && looked.head.sequence > 0
        ? ['there is no head file: whether the journal was cut short before can not be told']
        : [];
    return resume(path, looked.head, atMs, notes, steps);
  } catch (error) {
    return troubleOf(error, path);
  }
};

/** The fault of a journal that a later program wrote. */
export const tooNew = (path: string, version: number, known: number): Trouble => ({
  kind: 'lasting',
  fault: fault(
    'journal',
    `the journal ${path} is of version ${version}, and this program knows up to ${known}: ` +
      'install the newer program again',
  ),
});

const TAIL = 1000;
const UNSETTLED_ROWS = 5000;

const isNew = (path: string, noted: number): boolean => {
  const size = existsSync(path) ? statSync(path).size : undefined;
  if (size !== undefined && size > 0) return false;
  // A start that was cut off before the first table leaves an empty file.
  if (noted === 0 && (size === undefined || !walHolds(path))) return true;
  // ENOENT says the rest; an empty file is no database.
  if (size === undefined) statSync(path);
  return false;
};

const walHolds = (path: string): boolean =>
  existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;

const create = (path: string, steps: readonly Step[]): Opened => {
  if (!existsSync(path)) makeFile(path);
  const connection = openForWriting(path);
  try {
    createSchema(connection, steps);
    return {
      connection,
      head: readHead(connection, undefined),
      gaps: readGaps(connection),
      inode: statSync(path).ino,
      notes: ['a new journal was made'],
    };
  } catch (error) {
    connection.close();
    throw error;
  }
};

const look = (path: string, steps: readonly Step[]): { readonly head: Head } | Trouble => {
  const connection = openForReading(path);
  try {
    const version = versionOf(connection);
    if (version > versionAfter(steps)) return tooNew(path, version, versionAfter(steps));
    checkSchema(connection, steps);
    const last = lastLine(connection);
    const head = readHead(connection, last);
    checkHeadFile(connection, head, readHeadFile(path));
    const gaps = readGaps(connection);
    checkFrom(connection, gaps, Math.max(1, head.sequence - TAIL + 1), TAIL);
    checkOwn(connection, gaps, head, last && attachedOf(last).own);
    checkRows(connection, UNSETTLED_ROWS);
    return { head };
  } finally {
    connection.close();
  }
};

const resume = (
  path: string,
  head: Head,
  atMs: number,
  notes: readonly string[],
  steps: readonly Step[],
): Opened | Trouble => {
  const connection = openForWriting(path);
  const version = versionOf(connection);
  const known = versionAfter(steps);
  try {
    const old = version < known;
    const migrated = old ? migrate(connection, path, head, atMs, steps) : head;
    return {
      connection,
      head: migrated,
      gaps: readGaps(connection),
      inode: statSync(path).ino,
      notes: old ? [...notes, `brought from version ${version} to ${known}`] : notes,
    };
  } catch (error) {
    connection.close();
    if (codeOf(error) === 1 && version < known) return unmigrated(path, version, known, error);
    throw error;
  }
};

// The step was taken back; what is wrong is the step.
const unmigrated = (path: string, from: number, to: number, error: unknown): Trouble => ({
  kind: 'lasting',
  fault: fault(
    'journal',
    `the journal ${path} can't be brought from version ${from} to ${to} ` +
      `(${error instanceof Error ? error.message : error}): install the earlier program again`,
  ),
});
