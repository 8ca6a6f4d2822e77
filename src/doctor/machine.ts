import type { Finding } from '#ports/finding.ts';
import { finding } from './say.ts';

/** The file system that holds the state folder. */
export interface DiskFacts {
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** 0 in all where the file system counts none. */
  readonly freeInodes: number;
  readonly totalInodes: number;
  /** Why nothing can be written there; "full" is no reason of its own. */
  readonly unwritable?: string | undefined;
}

/** Room for a whole release beside its bundle, and for what the journal writes meanwhile. */
const LOW_BYTES = 500e6;
/** The journal refuses payments somewhat later: it has to be able to write what it began. */
const FULL_BYTES = 50e6;
const FEWEST_INODES = 500;

export const diskFinding = (facts: DiskFacts): Finding => {
  const { path, freeBytes, totalBytes, freeInodes, totalInodes, unwritable } = facts;
  const [free, total] = [megabytes(freeBytes), megabytes(totalBytes)];
  if (unwritable !== undefined) return finding('disk', 'readOnly', { path, why: unwritable });
  if (freeBytes < FULL_BYTES) return finding('disk', 'full', { path, free });
  if (totalInodes > 0 && freeInodes < FEWEST_INODES) {
    return finding('disk', 'inodes', { path, free: freeInodes, total: totalInodes });
  }
  const kind = freeBytes < LOW_BYTES ? 'low' : 'well';
  return finding('disk', kind, { path, free, total });
};

export interface MemoryFacts {
  /** Resident, of the terminal; absent where none runs. */
  readonly ownBytes?: number | undefined;
  readonly availableBytes: number;
  readonly totalBytes: number;
}

/** An idle terminal keeps to 150 MB; with console and tills in use it may have twice as much. */
const IDLE_MB = 150;
const LARGE_BYTES = 2 * IDLE_MB * 1e6;
const FEWEST_BYTES = 64e6;

export const memoryFinding = ({ ownBytes, availableBytes, totalBytes }: MemoryFacts): Finding => {
  const [free, total] = [megabytes(availableBytes), megabytes(totalBytes)];
  if (availableBytes < FEWEST_BYTES) return finding('memory', 'low', { free, total });
  if (ownBytes === undefined) return finding('memory', 'alone', { free, total });
  const own = megabytes(ownBytes);
  if (ownBytes > LARGE_BYTES) return finding('memory', 'large', { own, most: IDLE_MB });
  return finding('memory', 'well', { own, free, total });
};

/** The flags of scripts/countertap. */
const FLAGS = ['--max-semi-space-size', '--heap-growing-percent', '--no-maglev'] as const;
const LEAST_NODE = 24;

/** @param version such as "v24.19.2"; @param flags those that the process was started with */
export const nodeFinding = (version: string, flags: readonly string[]): Finding => {
  const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
  if (major < LEAST_NODE) return finding('node', 'old', { version, least: LEAST_NODE });
  const missing = FLAGS.filter((flag) => !flags.some((one) => one.startsWith(flag)));
  if (missing.length > 0) return finding('node', 'flags', { version, flags: missing.join(', ') });
  return finding('node', 'well', { version });
};

/** In whole MB, of a million bytes. */
export const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
