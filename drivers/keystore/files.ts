import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const TEMPORARY = '.new';

/**
 * Writes a file that is the old one or the new one after any crash, and on the disk at the end:
 * a temporary file (mode 0600), fsync, rename, fsync of the folder. Throws what the disk says.
 * @param mayReplace asked last before the rename
 */
export const writeWhole = async (
  path: string,
  bytes: Uint8Array,
  mayReplace: () => boolean = () => true,
): Promise<void> => {
  const temporary = path + TEMPORARY;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!mayReplace()) return await rm(temporary, { force: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** The same, at once, for what must be said before the power goes. */
export const writeWholeNow = (path: string, bytes: Uint8Array): void => {
  const temporary = path + TEMPORARY;
  rmSync(temporary, { force: true });
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
};

/**
 * Overwrites a file where it lies, waits for the disk, and unlinks it, with what an interrupted
 * write left beside it. Returns at the end; throws what the disk says.
 */
export const overwriteAndUnlink = (path: string): void => {
  for (const one of [path, path + TEMPORARY]) {
    if (!existsSync(one)) continue;
    const file = openSync(one, 'r+');
    try {
      const length = statSync(one).size;
      for (const bytes of [randomBytes(length), Buffer.alloc(length)]) {
        writeSync(file, bytes, 0, length, 0);
        fsyncSync(file);
      }
    } finally {
      closeSync(file);
      unlinkSync(one);
    }
  }
  syncFolder(dirname(path));
};

/** What interrupted writes left in a folder. */
export const removeLeftovers = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(TEMPORARY)) overwriteAndUnlink(join(folder, name));
  }
};

/** What the system said, such as "ENOSPC: no space left on device, write". */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const syncFolder = (path: string): void => {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};
