import { closeSync, openSync, writeSync } from 'node:fs';

/** Most bytes that wait for room on the disk. */
export const MOST_WAITING = 262_144;

export interface LogFile {
  write(line: string): void;
  /** Bytes that wait for room. */
  waiting(): number;
}

/**
 * A file that lines are appended to, mode 0600. It never throws once it is open: what the disk
 * doesn't take waits, is tried again with the next line, and is dropped from `MOST_WAITING` bytes
 * on, oldest first, with a line that says how many. A full disk doesn't keep it from being opened,
 * any other reason does: then it throws.
 */
export const openLogFile = (path: string): LogFile => {
  let file = openIfRoom(path);
  const waiting: Buffer[] = [];
  let bytes = 0;
  let dropped = 0;
  // The file's last line isn't whole, and its rest the first that waits.
  let torn = false;
  const putBack = (rest: Buffer): void => {
    waiting.unshift(rest);
    bytes += rest.length;
    torn = true;
  };
  const keep = (line: Buffer): void => {
    waiting.push(line);
    bytes += line.length;
    while (bytes > MOST_WAITING) {
      bytes -= waiting.shift()?.length ?? bytes;
      dropped++;
    }
  };
  const flush = (): void => {
    file ??= openIfRoom(path);
    if (file === undefined) return;
    if (dropped > 0) {
      const lost = Buffer.from(`${torn ? '\n' : ''}${droppedLine(dropped)}`);
      const taken = writeSync(file, lost);
      dropped = 0;
      torn = false;
      if (taken < lost.length) putBack(lost.subarray(taken));
    }
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      // A disk that fills up takes a part of it.
      const taken = writeSync(file, first);
      bytes -= taken;
      if (taken === first.length) waiting.shift();
      else waiting[0] = first.subarray(taken);
      torn = taken < first.length;
    }
  };
  return {
    write: (line) => {
      keep(Buffer.from(line));
      try {
        flush();
      } catch (error) {
        // Anything but a lack of room may be this descriptor's own: the next line opens it anew.
        if (isRoomLacking(error) || file === undefined) return;
        file = close(file);
      }
    },
    waiting: () => bytes,
  };
};

const openIfRoom = (path: string): number | undefined => {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    if (isRoomLacking(error)) return undefined;
    throw error;
  }
};

const close = (file: number): undefined => {
  try {
    closeSync(file);
  } catch {
    // It was none any more.
  }
};

const isRoomLacking = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** As pino writes its lines; 40 is "warn". */
const droppedLine = (lines: number): string => {
  const msg = 'lines are missing here: the disk was full';
  return `${JSON.stringify({ level: 40, lines, msg })}\n`;
};
