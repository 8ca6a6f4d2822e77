import { constants } from 'node:fs';
import { access, copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Fault, fault } from '#ports/fault.ts';
import { troubleOf } from './reasons.ts';

/**
 * Copies a journal as it is at one moment, beside a terminal that writes it or none; the original
 * and its folder stay as they are, byte for byte. Resolves to "none" where there never was one.
 * @param to the file of the copy, in a folder that nobody else may read; what belongs to it lies
 *   beside it
 */
export const copyJournal = async (
  path: string,
  to: string,
  signal: AbortSignal,
): Promise<'none' | Fault | undefined> => {
  try {
    const there = await Promise.all(PARTS.map((part) => signOf(path + part)));
    if (there.every((sign) => sign === NONE)) return 'none';
    await access(path, constants.R_OK | constants.W_OK);
    await access(dirname(path), constants.W_OK);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt++) {
      if (await copiedInQuiet(path, to)) return undefined;
    }
    if (signal.aborted) return fault('aborted', 'nobody wants the copy any more');
    return await backedUp(path, to);
  } catch (error) {
    return troubleOf(error, path).fault;
  }
};

/** Bytes that a journal takes with what lies beside it. */
export const journalBytes = async (path: string): Promise<number> => {
  const sizes = PARTS.map((part) =>
    stat(path + part).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

// The head first: it may lag behind the chain, never run ahead of it.
const PARTS = ['.head', '', '-wal'] as const;
const ATTEMPTS = 3;
/** Two writes within one tick of the kernel's clock leave the same time on a file. */
const TICK_MS = 50;
const NONE = 'none';

// A copy counts when neither the file nor its log was written from before it until after it.
const copiedInQuiet = async (path: string, to: string): Promise<boolean> => {
  const before = await Promise.all(PARTS.map((part) => signOf(path + part)));
  const latestMs = Math.max(...before.map((sign) => Number(sign.split(' ')[0]) || 0));
  if (Math.abs(Date.now() - latestMs) < TICK_MS) await pause(TICK_MS);
  for (const part of PARTS) {
    await copyFile(path + part, to + part, constants.COPYFILE_FICLONE).catch((error) =>
      error.code === 'ENOENT' ? rm(to + part, { force: true }) : Promise.reject(error),
    );
  }
  const after = await Promise.all(PARTS.map((part) => signOf(path + part)));
  return before.slice(1).every((sign, at) => sign === after[at + 1]);
};

const signOf = async (path: string): Promise<string> => {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.mtimeMs} ${found.mtimeNs} ${found.size} ${found.ino}` : NONE;
};

// Somebody writes without a pause: SQLite's own backup takes a view of one moment beside it.
const backedUp = async (path: string, to: string): Promise<undefined> => {
  const { backup, DatabaseSync } = await import('node:sqlite');
  for (const part of PARTS) await rm(to + part, { force: true });
  await copyFile(`${path}.head`, `${to}.head`).catch(() => undefined);
  const source = new DatabaseSync(path, { readOnly: true, timeout: 2000 });
  try {
    await backup(source, to, { rate: EVERY_PAGE });
  } finally {
    source.close();
  }
  return undefined;
};

const EVERY_PAGE = 2 ** 30;
