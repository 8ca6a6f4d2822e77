/** An acquirer's host to pay against: TLS, a ledger, an issuer's keys, and faults on command. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Fault, fault } from '#ports/fault.ts';
import type { CertificatePaths } from './certificates.ts';

export type { CertificatePaths } from './certificates.ts';
export { askAcquirer } from './client.ts';
export type { ControlAnswer, ControlRequest } from './control.ts';

export interface AcquirerProcess {
  readonly port: number;
  readonly certificates: CertificatePaths;
  /** Its log, a line of JSON a step. */
  readonly log: NodeJS.ReadableStream | null;
  readonly pid: number | undefined;
  /** Resolves when the process has ended, asked to or not. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export interface AcquirerProcessOptions {
  readonly stateDir: string;
  /** 0: any free port. */
  readonly port: number;
  /** Path of the control socket. */
  readonly control: string;
  /** Where its log goes: 'pipe' to read it, 'inherit' for ours, 'ignore' for nowhere. */
  readonly log: 'pipe' | 'inherit' | 'ignore';
  readonly readyWithinMs?: number;
}

/** Starts the acquirer as a process of its own. It ends when this process does. */
export const startAcquirer = async (
  options: AcquirerProcessOptions,
): Promise<AcquirerProcess | Fault> => {
  const { stateDir, port, control, readyWithinMs = 10_000 } = options;
  const child = fork(
    fileURLToPath(new URL('main.ts', import.meta.url)),
    ['--state-dir', stateDir, '--port', String(port), '--control', control],
    { stdio: ['ignore', 'ignore', options.log, 'ipc'] },
  );
  const ready = await readiness(child, readyWithinMs);
  if ('fault' in ready) {
    child.kill('SIGKILL');
    return ready;
  }
  const ended = once(child, 'exit').then(() => undefined);
  return {
    port: ready.port,
    certificates: ready.certificates,
    log: child.stderr,
    pid: child.pid,
    ended,
    close: async () => {
      if (child.connected) child.disconnect();
      const patience = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await ended;
      clearTimeout(patience);
    },
  };
};

type Ready = Pick<AcquirerProcess, 'port' | 'certificates'>;

/** What the process says, once. */
type Said = (Ready & { readonly ready: true }) | { readonly ready: false; readonly why: string };

const readiness = (child: ChildProcess, withinMs: number): Promise<Ready | Fault> =>
  new Promise((resolve) => {
    const patience = setTimeout(
      () => resolve(fault('timeout', `the acquirer was not ready within ${withinMs} ms`)),
      withinMs,
    );
    const finish = (result: Ready | Fault) => {
      clearTimeout(patience);
      resolve(result);
    };
    child.once('message', (message: Said) =>
      finish(message.ready ? message : fault('serviceDown', `acquirer: ${message.why}`)),
    );
    child.once('error', (error) => finish(fault('serviceDown', `acquirer: ${error.message}`)));
    child.once('exit', (code) =>
      finish(fault('serviceDown', `the acquirer ended with exit code ${code}`)),
    );
  });
