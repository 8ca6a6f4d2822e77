import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** The pages of a file as SQLite lays them out (sqlite.org/fileformat2.html), without SQLite. */
export interface Pages {
  readonly count: number;
  /** By number, from 1: the newest version that was committed; undefined beyond the file. */
  page(number: number): Buffer | undefined;
  close(): void;
}

/** Ours always have this size: SQLite's default since 3.12. */
export const PAGE_BYTES = 4096;

export const openPages = (path: string): Pages => {
  const file = openSync(path, 'r');
  const log = existsSync(`${path}-wal`) ? openSync(`${path}-wal`, 'r') : undefined;
  const inLog = log === undefined ? new Map<number, number>() : committed(log);
  const inFile = Math.ceil(fstatSync(file).size / PAGE_BYTES);
  return {
    count: Math.max(inFile, 0, ...inLog.keys()),
    page: (number) => {
      const at = inLog.get(number);
      if (log !== undefined && at !== undefined) return read(log, at, PAGE_BYTES);
      return read(file, (number - 1) * PAGE_BYTES, PAGE_BYTES);
    },
    close: () => {
      closeSync(file);
      if (log !== undefined) closeSync(log);
    },
  };
};

const LOG_HEADER = 32;
const FRAME_HEADER = 24;

/** Where in the write-ahead log the newest version of each page lies, up to the last commit. */
const committed = (log: number): Map<number, number> => {
  const found = new Map<number, number>();
  const salts = read(log, 0, LOG_HEADER)?.subarray(16, 24);
  let open = new Map<number, number>();
  for (let at = LOG_HEADER; salts; at += FRAME_HEADER + PAGE_BYTES) {
    const header = read(log, at, FRAME_HEADER);
    // Frames of an earlier round have other salts: the log ends here.
    if (header === undefined || !header.subarray(8, 16).equals(salts)) break;
    open.set(header.readUInt32BE(0), at + FRAME_HEADER);
    // The size of the database after this frame: only a commit has one.
    if (header.readUInt32BE(4) === 0) continue;
    for (const [page, place] of open) found.set(page, place);
    open = new Map();
  }
  return found;
};

const read = (file: number, at: number, length: number): Buffer | undefined => {
  const bytes = Buffer.alloc(length);
  try {
    return readSync(file, bytes, 0, length, at) === length ? bytes : undefined;
  } catch {
    // A sector that the disk can't read any more.
    return undefined;
  }
};
