import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { reasonOf, writeWholeNow } from './files.ts';

/** What is left of keys that were erased. Holds no secret. */
export interface Tombstone {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly why: string;
  /** Milliseconds since 1970 UTC; undefined when nobody knows. */
  readonly atMs: number | undefined;
  /**
   * Initial keys that were in the store: their counters are used, they never come back. Undefined
   * when nobody knows which they were.
   */
  readonly usedKeyIds: readonly string[] | undefined;
}

export const makeTombstone = (
  why: string,
  atMs: number,
  usedKeyIds: readonly string[] | undefined,
): Tombstone => ({
  id: randomBytes(8).toString('hex').toUpperCase(),
  why: why.replaceAll(/\s+/g, ' ').slice(0, 200),
  atMs,
  usedKeyIds,
});

/** "the keys were erased at 2026-11-22T00:51:54.000Z: the case was opened" */
export const describeTombstone = ({ why, atMs }: Tombstone): string =>
  atMs === undefined
    ? `the keys were erased: ${why}`
    : `the keys were erased at ${new Date(atMs).toISOString()}: ${why}`;

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
    return { ...UNREADABLE, why: `the note of it can't be read: ${reasonOf(error)}` };
  }
  try {
    const { id, why, atMs, usedKeyIds } = JSON.parse(text) as Partial<Tombstone>;
    if (typeof id !== 'string' || typeof why !== 'string') return UNREADABLE;
    if (typeof atMs !== 'number') return UNREADABLE;
    return { id, why, atMs, usedKeyIds: idsOf(usedKeyIds) };
  } catch {
    return UNREADABLE;
  }
};

/** Initial key ids, all of them as they should be; otherwise undefined. */
const idsOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((id) => /^[0-9A-F]{16}$/.test(String(id)))
    ? value.map(String)
    : undefined;

const UNREADABLE: Tombstone = {
  id: 'unreadable',
  why: 'nobody knows when or why, the note of it is unreadable',
  atMs: undefined,
  usedKeyIds: undefined,
};
