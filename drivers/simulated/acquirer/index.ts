/** An acquirer's host to pay against: TLS, a ledger, an issuer's keys, and faults on command. */
import { type Fault, isFault } from '#ports/fault.ts';
import { startSupervised } from '../process/supervised.ts';
import type { CertificatePaths } from './certificates.ts';
import { acquirerProgram, type ChildOptions } from './child.ts';
import type { KeyPaths } from './keys.ts';

export type { ControlAnswer } from '../process/control-socket.ts';
export type { CertificatePaths } from './certificates.ts';
export { askAcquirer } from './client.ts';
export type { ControlRequest } from './control.ts';
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
  const process = await startSupervised(acquirerProgram(options), options.onRestart);
  if (isFault(process)) return process;
  const { ready, log, ended, close } = process;
  return {
    port: ready.port,
    certificates: ready.certificates,
    keys: ready.keys,
    log,
    get pid() {
      return process.pid;
    },
    ended,
    close,
  };
};
