import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { damage, gone } from './troubles.ts';

export interface OpenedFile {
  readonly db: DatabaseSync;
  /** The file itself: another one at the same path isn't it. */
  readonly inode: number;
}

/**
 * Opens the database, new only where there never was one. Whoever takes it away must not make the
 * next stranger the first manager, so a mark beside it tells that it was there.
 * @throws what SQLite, the system or a look at the content says
 */
export const openFile = (path: string): OpenedFile => {
  prepareFolder(path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
  if (found === undefined) {
    if (existsSync(markOf(path))) throw gone();
    create(path);
  }
  mark(path);
  narrow(path, 0o600);
  const inode = statSync(path).ino;
  const db = connect(path);
  try {
    look(db);
    db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF');
    return { db, inode };
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Whether it is still the file that stands there. */
export const isStill = (path: string, { inode }: OpenedFile): boolean =>
  statSync(path, { throwIfNoEntry: false })?.ino === inode;

/** What lies at the path with all that belongs to it. */
export const filesOf = (path: string): readonly string[] => [path, `${path}-wal`, `${path}-shm`];

export const markOf = (path: string): string => `${path}.made`;

/** Names made or gone in a folder are on the disk only when the folder is. */
export const syncFolder = (path: string): void => {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

/** Makes it complete under another name first: a file that is there but empty is a damaged one. */
const create = (path: string): void => {
  const temporary = `${path}.new-${process.pid}`;
  for (const file of filesOf(temporary)) rmSync(file, { force: true });
  closeSync(openSync(temporary, 'wx', 0o600));
  const db = connect(temporary);
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN; ${SCHEMA.join(';')};
      PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${VERSION}; COMMIT`);
  } finally {
    db.close();
  }
  try {
    // Unlike a rename it takes nobody else's file away.
    linkSync(temporary, path);
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
    syncFolder(path);
  }
};

// Never waits: a process that holds the lock must not hold up the payments of this one.
const connect = (path: string): DatabaseSync =>
  new DatabaseSync(new URL(`${pathToFileURL(path).href}?mode=rw`), { timeout: 0 });

const look = (db: DatabaseSync): void => {
  const pragma = (name: string): unknown => {
    const row = db.prepare(`PRAGMA ${name}`).get();
    return row === undefined ? undefined : Object.values(row)[0];
  };
  if (pragma('application_id') !== APPLICATION) throw damage('it is empty, or another program’s');
  const version = Number(pragma('user_version'));
  if (version > VERSION) throw damage(`it is of version ${version}, of a later program`);
  const found = pragma('quick_check(1)');
  if (found !== 'ok') throw damage(String(found));
  const sql = 'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name';
  const tables = db
    .prepare(sql)
    .all()
    .map(({ sql }) => sql);
  if (tables.join(';') !== SCHEMA.join(';'))
    throw damage('its tables are not those they should be');
};

const prepareFolder = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  narrow(dirname(path), 0o700);
  // SQLite would say less clearly that nothing can be written here.
  accessSync(dirname(path), constants.W_OK);
};

/** A copy that was put here by hand may have come with wider rights. */
const narrow = (path: string, mode: number): void => {
  try {
    if ((statSync(path).mode & 0o777) !== mode) chmodSync(path, mode);
  } catch {
    // Read-only, or another's: what follows says so.
  }
};

const mark = (path: string): void => {
  if (existsSync(markOf(path))) return;
  const file = openSync(markOf(path), 'a', 0o600);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(path);
};

const APPLICATION = 0x43545050;
const VERSION = 1;

// By name. Tries are counted for names that nobody has, too: no foreign key.
const SCHEMA: readonly string[] = [
  `CREATE TABLE people (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, since_ms INTEGER NOT NULL,
    pin_since_ms INTEGER NOT NULL, pin TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE tries (
    key TEXT PRIMARY KEY, wrong INTEGER NOT NULL, wait_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL, monotonic_ms INTEGER NOT NULL, boot TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
];
