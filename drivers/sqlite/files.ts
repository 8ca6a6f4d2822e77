import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Fault, fault } from '#ports/fault.ts';
import { codeOf } from './connection.ts';
import type { Point } from './line.ts';

/** The journal's folder is its owner's alone. */
export const prepareFolder = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite would say less clearly that it can't be written.
  accessSync(dirname(path), constants.W_OK);
};

/** Makes an empty file that nobody else may read; it must not be there yet. */
export const makeFile = (path: string): void => {
  closeSync(openSync(path, 'wx', 0o600));
  syncFolder(path);
};

/** Names made, changed or gone in a folder are on the disk only when the folder is. */
export const syncFolder = (path: string): void => {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

/** SQLite says of a folder only that it can't be opened; and its rights are not ours to narrow. */
export const notFolder = (path: string): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
  }
};

/** A copy that was put here by hand may have come with wider rights. */
export const narrowRights = (path: string): void => {
  try {
    chmodSync(path, 0o600);
  } catch {
    // Read-only, or another's: what follows says so.
  }
};

/**
 * One writer at a time: SQLite's own lock on a file of its own, so that readers are free. The
 * system takes it back from a process that dies.
 */
export const lockFor = (path: string): (() => void) | Fault => {
  const file = `${path}.lock`;
  // Before SQLite opens it: what it makes beside it gets the same rights. Not opened a second time:
  // the system takes a lock back when its process closes the file anywhere.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  for (const end of ['', '-journal']) narrowRights(file + end);
  const lock = new DatabaseSync(file);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const busy = codeOf(error) === 5;
    if (!busy) throw error;
    return fault('journal', `another process has the journal ${path} open: end it first`);
  }
  return () => lock.close();
};

/**
 * The last entry known to be on the disk, in a small file beside the journal: a journal that ends
 * before it was cut short, or is an older copy. Written after the commit and without waiting for
 * the disk, so it may lag behind but never run ahead.
 */
export interface HeadFile {
  write(point: Point): void;
  close(): void;
}

export const headFileOf = (path: string): HeadFile => {
  const file = openSync(`${path}.head`, HEAD_FLAGS, 0o600);
  return {
    write: (point) => {
      try {
        writeSync(
          file,
          JSON.stringify(point)
            .padEnd(HEAD_BYTES - 1)
            .concat('\n'),
          0,
        );
      } catch {
        // A full or failing disk: the head lags behind, and the next write says what is wrong.
      }
    },
    close: () => closeSync(file),
  };
};

/** Undefined where there is none, or none that can be read. */
export const readHead = (path: string): Point | undefined => {
  try {
    const read = JSON.parse(readFileSync(`${path}.head`, 'utf8')) as Partial<Point>;
    const { sequence, hash } = read;
    return isSequence(sequence) && typeof hash === 'string' ? { sequence, hash } : undefined;
  } catch {
    return undefined;
  }
};

// Room for as many entries again: what comes after it needs a number too.
const isSequence = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 52;

const HEAD_BYTES = 128;
// To be written in place: no letter stands for that.
const HEAD_FLAGS = constants.O_RDWR | constants.O_CREAT;
