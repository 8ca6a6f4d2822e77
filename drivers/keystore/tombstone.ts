import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeWholeNow } from './files.ts';

/** What is left of keys that were erased. Holds no secret. */
export interface Tombstone {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly why: string;
  /** Milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** Initial keys that were in the store: their counters are used, they never come back. */
  readonly usedKeyIds: readonly string[];
}

export const makeTombstone = (
  why: string,
  atMs: number,
  usedKeyIds: readonly string[],
): Tombstone => ({
  id: randomBytes(8).toString('hex').toUpperCase(),
  why: why.replaceAll(/\s+/g, ' ').slice(0, 200),
  atMs,
  usedKeyIds,
});

/** "the keys were erased at 2026-11-22T00:51:54.000Z: the case was opened" */
export const describeTombstone = ({ why, atMs }: Tombstone): string =>
  `the keys were erased at ${new Date(atMs).toISOString()}: ${why}`;

/** Without waiting for the disk: the keys go first. */
export const beginTombstone = (path: string, tombstone: Tombstone): void =>
  writeFileSync(path, JSON.stringify(tombstone), { mode: 0o600 });

export const writeTombstone = (path: string, tombstone: Tombstone): void =>
  writeWholeNow(path, Buffer.from(JSON.stringify(tombstone)));

export const removeTombstone = (path: string): void => rmSync(path, { force: true });

/** One that can't be understood still says that keys were erased. */
export const readTombstone = (path: string): Tombstone | undefined => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return UNREADABLE;
  }
  try {
    const { id, why, atMs, usedKeyIds } = JSON.parse(text) as Partial<Tombstone>;
    if (typeof id !== 'string' || typeof why !== 'string') return UNREADABLE;
    if (typeof atMs !== 'number' || !Array.isArray(usedKeyIds)) return UNREADABLE;
    return { id, why, atMs, usedKeyIds: usedKeyIds.filter((one) => /^[0-9A-F]{16}$/.test(one)) };
  } catch {
    return UNREADABLE;
  }
};

const UNREADABLE: Tombstone = {
  id: 'unreadable',
  why: 'nobody knows why, the note of it is unreadable',
  atMs: 0,
  usedKeyIds: [],
};
