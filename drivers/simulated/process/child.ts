import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Fault, fault } from '#ports/fault.ts';

/** A simulated host as a program: what to run, and how it says that it is ready. */
export interface Program<Ready> {
  /** For messages: "acquirer". */
  readonly name: string;
  readonly script: URL;
  /** @param previous what the first run said: the next ones take the same ports */
  readonly argumentsFor: (previous: Ready | undefined) => readonly string[];
  /** Where its log goes: 'pipe' to read it, 'inherit' for ours, 'ignore' for nowhere. */
  readonly log: 'pipe' | 'inherit' | 'ignore';
  readonly readyWithinMs?: number | undefined;
}

/** One run of a program, from ready to its end. */
export interface Child<Ready> {
  readonly ready: Ready;
  readonly pid: number | undefined;
  readonly log: NodeJS.ReadableStream | null;
  /** Resolves to how it ended. */
  readonly ended: Promise<string>;
  /** Asks it to end, and kills it when it doesn't. */
  stop(): Promise<void>;
}

/** Forks the program and waits until it listens. `signal` ends it while it starts. */
export const startChild = async <Ready extends object>(
  program: Program<Ready>,
  previous: Ready | undefined,
  signal: AbortSignal,
): Promise<Child<Ready> | Fault> => {
  const child = fork(fileURLToPath(program.script), [...program.argumentsFor(previous)], {
    stdio: ['ignore', 'ignore', program.log, 'ipc'],
  });
  const ended = endOf(child, program.name);
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  const ready = await readiness(child, ended, program);
  signal.removeEventListener('abort', kill);
  if ('fault' in ready) {
    kill();
    await ended;
    return ready as Fault;
  }
  return {
    ready,
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

/** What the process says, once. */
type Said<Ready> = (Ready & { readonly ready: true }) | { readonly ready: false; why: string };

const endOf = (child: ChildProcess, name: string): Promise<string> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(`the ${name} ended with ${signal ?? `exit code ${code}`}`),
    );
    child.on('error', (error) => {
      // A process that never was has no exit.
      if (child.pid === undefined) resolve(`${name}: ${error.message}`);
    });
  });

const readiness = <Ready>(
  child: ChildProcess,
  ended: Promise<string>,
  { name, readyWithinMs = 10_000 }: Program<Ready>,
): Promise<Ready | Fault> =>
  new Promise((resolve) => {
    const patience = setTimeout(
      () => resolve(fault('timeout', `the ${name} was not ready within ${readyWithinMs} ms`)),
      readyWithinMs,
    );
    const finish = (result: Ready | Fault) => {
      clearTimeout(patience);
      resolve(result);
    };
    child.once('message', (message: Said<Ready>) =>
      finish(message.ready ? message : fault('serviceDown', `${name}: ${message.why}`)),
    );
    void ended.then((how) => finish(fault('serviceDown', how)));
  });
