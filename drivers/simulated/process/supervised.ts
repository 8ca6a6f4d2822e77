import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type Fault, isFault } from '#ports/fault.ts';
import { type Child, type Program, startChild } from './child.ts';

/** A program that is started again, on the same ports and state, whenever it ends unasked. */
export interface Supervised<Ready> {
  /** What its first run said; the ports are the same for every run. */
  readonly ready: Ready;
  /** The log of every run, a line of JSON a step; it ends with `close`. */
  readonly log: NodeJS.ReadableStream | null;
  /** Of the latest run, which may have ended if the next has not begun. */
  readonly pid: number | undefined;
  /** Resolves when it has ended for good: only after `close`. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a program as a process of its own. It ends when this process does. A Fault when the first
 * start fails.
 * @param onRestart it ended without being asked, or did not start again: another try follows
 */
export const startSupervised = async <Ready extends object>(
  program: Program<Ready>,
  onRestart?: (why: string) => void,
): Promise<Supervised<Ready> | Fault> => {
  const closing = new AbortController();
  const first = await startChild(program, undefined, closing.signal);
  if (isFault(first)) return first;
  const log = program.log === 'pipe' ? new PassThrough() : null;
  let child = first;
  const begins = (next: Child<Ready>) => {
    child = next;
    if (log !== null) next.log?.pipe(log, { end: false });
  };
  begins(first);
  const supervision = supervise(first, program, begins, closing.signal, onRestart);
  const ended = supervision.then(() => void log?.end());
  return {
    ready: first.ready,
    log,
    get pid() {
      return child.pid;
    },
    ended,
    close: async () => {
      closing.abort();
      await child.stop();
      await ended;
    },
  };
};

/** Pause before the first try; it doubles up to the last, and is short again after a good run. */
const RETRY_MS = { first: 100, last: 5_000, goodRun: 10_000 } as const;

const supervise = async <Ready extends object>(
  first: Child<Ready>,
  program: Program<Ready>,
  begins: (child: Child<Ready>) => void,
  signal: AbortSignal,
  onRestart: ((why: string) => void) | undefined,
): Promise<void> => {
  let pauseMs: number = RETRY_MS.first;
  let child: Child<Ready> | Fault = first;
  while (true) {
    const startedMs = performance.now();
    const why = isFault(child) ? child.detail : await child.ended;
    if (performance.now() - startedMs > RETRY_MS.goodRun) pauseMs = RETRY_MS.first;
    if (signal.aborted) return;
    onRestart?.(why);
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    pauseMs = Math.min(RETRY_MS.last, pauseMs * 2);
    child = await startChild(program, first.ready, signal);
    if (!isFault(child)) {
      begins(child);
      // It became ready just as it was asked to end.
      if (signal.aborted) await child.stop();
    }
  }
};
