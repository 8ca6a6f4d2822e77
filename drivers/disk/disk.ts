import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import type { Disk, FolderEntry, Lock, WritableFile } from '#ports/disk.ts';
import { type Fault, fault } from '#ports/fault.ts';

/** Fills ports/disk.ts with the file system of this machine. */
export const machineDisk: Disk = {
  read: async (path, take) => {
    const { O_RDONLY, O_NOFOLLOW } = constants;
    const opened = await tried(() => fs.open(path, O_RDONLY | O_NOFOLLOW), ABSENT);
    if (opened === undefined) return 'absent';
    if ('fault' in opened) return opened;
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const problem = await done(async () => {
      for (;;) {
        const { bytesRead } = await opened.read(piece, 0, piece.length);
        if (bytesRead === 0) return;
        take(piece.subarray(0, bytesRead));
      }
    });
    return (await done(() => opened.close())) ?? problem;
  },
  create: async (path, mode) => {
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
    const opened = await tried(() =>
      fs.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode),
    );
    if (opened === undefined || 'fault' in opened) return opened ?? fault('disk', path);
    // The mask of this process takes no permission from a release.
    const problem = await done(() => opened.chmod(mode));
    if (problem) await done(() => opened.close());
    return problem ?? writable(opened);
  },
  syncFile: (path) => synced(path, constants.O_NOFOLLOW),
  syncFolder: (path) => synced(path, constants.O_DIRECTORY),
  rename: (from, to) => done(() => fs.rename(from, to)),
  remove: (path) =>
    done(async () => {
      const found = await fs.lstat(path);
      await (found.isDirectory() ? fs.rmdir(path) : fs.unlink(path));
    }, ABSENT),
  makeFolder: (path) => done(() => fs.mkdir(path, 0o755), ['EEXIST']),
  list: async (path) => {
    const found = await tried(async () => entriesOf(path), ABSENT);
    return found ?? 'absent';
  },
  freeBytes: async (path) => {
    const found = await tried(() => fs.statfs(path));
    if (found === undefined || 'fault' in found) return found ?? fault('disk', path);
    return found.bavail * found.bsize;
  },
  lock: async (path) => (await tried(() => lockAt(path))) ?? 'taken',
};

// SQLite's lock on a file of its own: the system takes it back from a process that dies, and two
// of one process don't pass each other by.
const lockAt = async (path: string): Promise<Lock | undefined> => {
  const { DatabaseSync } = await import('node:sqlite');
  const made = await fs.open(path, 'a', 0o600);
  await made.close();
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return;
    throw error;
  }
  return { release: async () => database.close() };
};

const SQLITE_BUSY = 5;
const PIECE_BYTES = 256 * 1024;
// ELOOP: a link at the end of the path, and none is followed.
const ABSENT = ['ENOENT', 'ELOOP'];

const synced = (path: string, flags: number): Promise<Fault | undefined> =>
  done(async () => {
    const opened = await fs.open(path, constants.O_RDONLY | flags);
    await opened.sync().finally(() => opened.close());
  });

const writable = (file: fs.FileHandle): WritableFile => ({
  write: (piece) =>
    done(async () => {
      for (let at = 0; at < piece.length; ) {
        const { bytesWritten } = await file.write(piece, at);
        at += bytesWritten;
      }
    }),
  sync: () => done(() => file.sync()),
  close: () => done(() => file.close()),
});

// Undefined where a link stands: none is followed.
const entriesOf = async (path: string): Promise<FolderEntry[] | undefined> => {
  if ((await fs.lstat(path)).isSymbolicLink()) return undefined;
  const entries = (await fs.readdir(path, { withFileTypes: true })).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  return Promise.all(
    entries.map(async (entry) => {
      const { size, mode } = await fs.lstat(`${path}/${entry.name}`);
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
      return { name: entry.name, kind, size: kind === 'file' ? size : 0, mode: mode & 0o777 };
    }),
  );
};

// Undefined when the system says one of the `expected` codes; any other error of its is a fault.
const tried = async <T>(
  work: () => Promise<T>,
  expected: readonly string[] = [],
): Promise<T | Fault | undefined> => {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return expected.includes(code) ? undefined : fault('disk', message);
  }
};

const done = async (
  work: () => Promise<unknown>,
  expected: readonly string[] = [],
): Promise<Fault | undefined> =>
  tried(async () => {
    await work();
    return undefined;
  }, expected);
