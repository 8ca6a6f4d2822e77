/** An acquirer's host to pay against: TLS, a ledger, an issuer's keys, and faults on command. */
import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type Fault, isFault } from '#ports/fault.ts';
import type { CertificatePaths } from './certificates.ts';
import { type Child, type ChildOptions, startChild } from './child.ts';
import type { KeyPaths } from './keys.ts';

export type { CertificatePaths } from './certificates.ts';
export { askAcquirer } from './client.ts';
export type { ControlAnswer, ControlRequest } from './control.ts';
export type { KeyPaths } from './keys.ts';

export interface AcquirerProcess {
  /** The same for every run. */
  readonly port: number;
  readonly certificates: CertificatePaths;
  /** What key injection brings to the terminal. */
  readonly keys: KeyPaths;
  /** The log of every run, a line of JSON a step; it ends with `close`. */
  readonly log: NodeJS.ReadableStream | null;
  /** Of the latest run, which may have ended if the next has not begun. */
  readonly pid: number | undefined;
  /** Resolves when the acquirer has ended for good: only after `close`. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export interface AcquirerProcessOptions extends ChildOptions {
  /** The process ended without being asked, or did not start again: another try follows. */
  readonly onRestart?: (why: string) => void;
}

/**
 * Starts the acquirer as a process of its own, and again, on the same port and state, whenever it
 * ends without being asked. It ends when this process does. A Fault when the first start fails.
 */
export const startAcquirer = async (
  options: AcquirerProcessOptions,
): Promise<AcquirerProcess | Fault> => {
  const closing = new AbortController();
  const first = await startChild(options, closing.signal);
  if (isFault(first)) return first;
  const log = options.log === 'pipe' ? new PassThrough() : null;
  let child = first;
  const begins = (next: Child) => {
    child = next;
    if (log !== null) next.log?.pipe(log, { end: false });
  };
  begins(first);
  const ended = supervise(first, options, begins, closing.signal).then(() => void log?.end());
  return {
    port: first.port,
    certificates: first.certificates,
    keys: first.keys,
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

const supervise = async (
  first: Child,
  { onRestart, ...options }: AcquirerProcessOptions,
  begins: (child: Child) => void,
  signal: AbortSignal,
): Promise<void> => {
  let pauseMs: number = RETRY_MS.first;
  let child: Child | Fault = first;
  while (true) {
    const startedMs = performance.now();
    const why = isFault(child) ? child.detail : await child.ended;
    if (performance.now() - startedMs > RETRY_MS.goodRun) pauseMs = RETRY_MS.first;
    if (signal.aborted) return;
    onRestart?.(why);
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    pauseMs = Math.min(RETRY_MS.last, pauseMs * 2);
    child = await startChild({ ...options, port: first.port }, signal);
    if (!isFault(child)) {
      begins(child);
      // It became ready just as it was asked to end.
      if (signal.aborted) await child.stop();
    }
  }
};
