import { existsSync, statSync } from 'node:fs';
import { fault } from '#ports/fault.ts';
import { goBack, tooNew, type WayBack, wayBack } from './back.ts';
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
import { checkSchema, createSchema, migrate, removeCopies, versionOf } from './migrate.ts';
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
    if ('steps' in looked) return back(path, looked, atMs, steps);
    const notes =
      noted === undefined && looked.head.sequence > 0
        ? ['there is no head file: whether the journal was cut short before can not be told']
        : [];
    return resume(path, looked.head, atMs, notes, steps);
  } catch (error) {
    return troubleOf(error, path);
  }
};

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

const look = (
  path: string,
  steps: readonly Step[],
): { readonly head: Head } | WayBack | Trouble => {
  const connection = openForReading(path);
  try {
    if (versionOf(connection) <= versionAfter(steps)) {
      return { head: examine(connection, path, steps) };
    }
    const way = wayBack(connection, steps);
    return 'steps' in way ? way : tooNew(connection, path, steps);
  } finally {
    connection.close();
  }
};

// Throws `Damage` unless what is looked at here is as it was written.
const examine = (connection: Connection, path: string, steps: readonly Step[]): Head => {
  checkSchema(connection, steps);
  const last = lastLine(connection);
  const head = readHead(connection, last);
  checkHeadFile(connection, head, readHeadFile(path));
  const gaps = readGaps(connection);
  checkFrom(connection, gaps, Math.max(1, head.sequence - TAIL + 1), TAIL);
  checkOwn(connection, gaps, head, last && attachedOf(last).own);
  checkRows(connection, UNSETTLED_ROWS);
  return head;
};

const back = (
  path: string,
  way: WayBack,
  atMs: number,
  steps: readonly Step[],
): Opened | Trouble => {
  const there = goBack(path, way, atMs, (connection) => examine(connection, path, steps));
  if ('fault' in there) return there;
  const { connection, head } = there;
  const notes = [`brought back from version ${way.from} to ${way.to}`];
  return { connection, head, gaps: readGaps(connection), inode: statSync(path).ino, notes };
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
    removeCopies(path);
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
