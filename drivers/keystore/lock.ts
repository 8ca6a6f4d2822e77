import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Fault, fault } from '#ports/fault.ts';
import { reasonOf } from './files.ts';

/**
 * One process at a time may write the store. The lock is SQLite's, on a file without any data: the
 * system gives it back however its process ends, and no number of a process can be taken for
 * another's.
 */
export const takeLock = (folder: string): { release(): void } | Fault => {
  const path = join(folder, 'lock');
  try {
    const lock = new DatabaseSync(path, { timeout: 0 });
    try {
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      forUsAlone(path);
      return { release: () => lock.close() };
    } catch (error) {
      lock.close();
      throw error;
    }
  } catch (error) {
    const code = (error as { errcode?: unknown }).errcode;
    return code === SQLITE_BUSY
      ? fault('keys', 'another process has the key store open')
      : fault('keys', `the key store can't be locked: ${path}: ${reasonOf(error)}`);
  }
};

const SQLITE_BUSY = 5;

// Not by opening it: closing a file gives back every lock that its process has on it. fcntl(2)
const forUsAlone = (path: string): void => {
  try {
    chmodSync(path, 0o600);
  } catch {
    // On a read-only disk it stays as it is; it holds nothing.
  }
};
