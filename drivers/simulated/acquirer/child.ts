import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Fault, fault } from '#ports/fault.ts';
import type { CertificatePaths } from './certificates.ts';
import type { KeyPaths } from './keys.ts';
import { argumentsOf, type HostOptions } from './options.ts';

export interface ChildOptions extends HostOptions {
  readonly stateDir: string;
  /** 0: any free port. */
  readonly port: number;
  /** Path of the control socket. */
  readonly control: string;
  /** Where its log goes: 'pipe' to read it, 'inherit' for ours, 'ignore' for nowhere. */
  readonly log: 'pipe' | 'inherit' | 'ignore';
  readonly readyWithinMs?: number;
}

/** One run of the acquirer's process, from ready to its end. */
export interface Child {
  readonly port: number;
  readonly certificates: CertificatePaths;
  readonly keys: KeyPaths;
  readonly pid: number | undefined;
  readonly log: NodeJS.ReadableStream | null;
  /** Resolves to how it ended. */
  readonly ended: Promise<string>;
  /** Asks it to end, and kills it when it doesn't. */
  stop(): Promise<void>;
}

/** Forks the acquirer and waits until it listens. `signal` ends it while it starts. */
export const startChild = async (
  options: ChildOptions,
  signal: AbortSignal,
): Promise<Child | Fault> => {
  const { stateDir, port, control, readyWithinMs = 10_000 } = options;
  const child = fork(
    fileURLToPath(new URL('main.ts', import.meta.url)),
    [
      ...['--state-dir', stateDir, '--port', String(port), '--control', control],
      ...argumentsOf(options),
    ],
    { stdio: ['ignore', 'ignore', options.log, 'ipc'] },
  );
  const ended = endOf(child);
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  const ready = await readiness(child, ended, readyWithinMs);
  signal.removeEventListener('abort', kill);
  if ('fault' in ready) {
    kill();
    await ended;
    return ready;
  }
  return {
    port: ready.port,
    certificates: ready.certificates,
    keys: ready.keys,
    pid: child.pid,
    log: child.stderr,
    ended,
    stop: async () => {
      if (child.connected) child.disconnect();
      const patience = setTimeout(kill, 3_000);
      await ended;
      clearTimeout(patience);
    },
  };
};

type Ready = Pick<Child, 'port' | 'certificates' | 'keys'>;

/** What the process says, once. */
type Said = (Ready & { readonly ready: true }) | { readonly ready: false; readonly why: string };

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(`the acquirer ended with ${signal ?? `exit code ${code}`}`),
    );
    child.on('error', (error) => {
      // A process that never was has no exit.
      if (child.pid === undefined) resolve(`acquirer: ${error.message}`);
    });
  });

const readiness = (
  child: ChildProcess,
  ended: Promise<string>,
  withinMs: number,
): Promise<Ready | Fault> =>
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
    void ended.then((how) => finish(fault('serviceDown', how)));
  });
