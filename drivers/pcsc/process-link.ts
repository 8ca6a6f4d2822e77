import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Fault, fault } from '#ports/fault.ts';
import {
  COMPILE_ONLY,
  type FromReaderProcess,
  type Reply,
  type ReplyTo,
  type Request,
  type Sighting,
  type ToReaderProcess,
} from './messages.ts';

/** The terminal's end of one reader process, from fork to death. */
export interface ProcessLink {
  readonly pid: number | undefined;
  /** Resolves when the process has opened the service, or has ended before. */
  readonly ready: Promise<void>;
  /** Resolves to the reason as soon as the process is of no use any more. Never rejects. */
  readonly ended: Promise<Fault>;
  /** Requests that have no reply yet. */
  pending(): number;
  /** A Fault `timeout` after the deadline; without one it waits as long as the process lives. */
  ask<R extends Request>(request: R, deadlineMs?: number): Promise<ReplyTo<R> | Fault>;
  /** Ends the process at once; what was pending resolves to `why`. Resolves when it is gone. */
  kill(why: Fault): Promise<void>;
}

/** Starts a reader process. `see` is called with each sighting until the process has ended. */
export const startReaderProcess = (
  socketPath: string,
  see: (sighting: Sighting) => void,
): ProcessLink => {
  const child = forkReader(socketPath);
  const waiting = new Map<number, (reply: Reply) => void>();
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Fault>();
  let over: Fault | undefined;
  let requests = 0;

  const end = (why: Fault): void => {
    if (over !== undefined) return;
    over = why;
    child.kill('SIGKILL');
    for (const answer of waiting.values()) answer({ kind: 'failed', fault: why });
    waiting.clear();
    ready.resolve();
    ended.resolve(why);
  };

  child.on('message', (message) => {
    const said = message as FromReaderProcess;
    if (over !== undefined) return;
    if (said.kind === 'ready') ready.resolve();
    else if (said.kind === 'sighting') see(said.sighting);
    else if (said.kind === 'serviceLost') end(fault('serviceDown', said.detail));
    else waiting.get(said.id)?.(said.reply);
  });
  const died = (how: string): void => end(fault('serviceDown', `the reader process ${how}`));
  const gone = Promise.withResolvers<void>();
  child.on('error', (error) => {
    died(`could not be started: ${error.message}`);
    if (child.pid === undefined) gone.resolve();
  });
  child.on('exit', (code, signal) => {
    died(`ended with ${signal ?? code}`);
    gone.resolve();
  });

  const pose = (request: Request, deadlineMs: number | undefined): Promise<Reply> => {
    const id = ++requests;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const timer =
      deadlineMs === undefined ? undefined : setTimeout(resolve, deadlineMs, late(deadlineMs));
    waiting.set(id, resolve);
    child.send({ id, request } satisfies ToReaderProcess);
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(id);
    });
  };

  return {
    pid: child.pid,
    ready: ready.promise,
    ended: ended.promise,
    pending: () => waiting.size,
    ask: async <R extends Request>(request: R, deadlineMs?: number) => {
      if (over !== undefined) return over;
      const reply = await pose(request, deadlineMs);
      return reply.kind === 'failed' ? reply.fault : (reply as ReplyTo<R>);
    },
    kill: async (why) => {
      end(why);
      await gone.promise;
    },
  };
};

const late = (deadlineMs: number): Reply => {
  const why = fault('timeout', `no answer from the reader within ${deadlineMs} ms`);
  return { kind: 'failed', fault: why };
};

/**
 * Starts a reader process that only compiles itself and ends, so that the first real one is as
 * small as every later one. Resolves when it has ended.
 */
export const compileReaderProcess = (): Promise<void> =>
  new Promise((resolve) => {
    forkReader('', [COMPILE_ONLY]).once('exit', () => resolve());
  });

const READER_PROCESS = fileURLToPath(new URL('reader-process.ts', import.meta.url));
/** With its types stripped beforehand the process is 18 MB smaller. Ours alone can write there. */
const COMPILE_CACHE = fileURLToPath(
  new URL('../../node_modules/.cache/countertap', import.meta.url),
);

const forkReader = (socketPath: string, words: readonly string[] = []): ChildProcess => {
  const { NODE_COMPILE_CACHE = COMPILE_CACHE } = process.env;
  return fork(READER_PROCESS, [...words], {
    serialization: 'advanced',
    // Without the addon there is nothing to compile for, which is no news to anybody then.
    stdio: ['ignore', 'ignore', words.length === 0 ? 'inherit' : 'ignore', 'ipc'],
    // Interpreted code is fast enough for a relay; without the optimising compilers the process
    // stays at 50 MB however long it runs.
    execArgv: [
      '--max-semi-space-size=1',
      '--max-old-space-size=32',
      '--no-opt',
      '--no-maglev',
      '--v8-pool-size=1',
      '--no-deprecation',
    ],
    env: {
      ...process.env,
      PCSCLITE_CSOCK_NAME: socketPath,
      NODE_COMPILE_CACHE,
      // One thread for the command under way, one to spare.
      UV_THREADPOOL_SIZE: '2',
    },
  });
};
