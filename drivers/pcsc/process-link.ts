import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Fault, fault } from '#ports/fault.ts';
import {
  BORN_SILENT,
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
  /**
   * A Fault `timeout` after the deadline; without one it waits as long as the process lives. The
   * deadline of a request for silence begins when the command under way is over.
   */
  ask<R extends Request>(request: R, deadlineMs?: number): Promise<ReplyTo<R> | Fault>;
  /** Ends the process at once; what was pending resolves to `why`. Resolves when it is gone. */
  kill(why: Fault): Promise<void>;
}

/** Starts a reader process. `see` is called with each sighting until the process has ended. */
export const startReaderProcess = (
  socketPath: string,
  silent: boolean,
  see: (sighting: Sighting) => void,
): ProcessLink => {
  const child = forkReader(socketPath, silent ? [BORN_SILENT] : []);
  const requests = keepRequests((message) => child.send(message));
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Fault>();
  let over: Fault | undefined;

  const end = (why: Fault): void => {
    if (over !== undefined) return;
    over = why;
    child.kill('SIGKILL');
    requests.fail(why);
    ready.resolve();
    ended.resolve(why);
  };

  child.on('message', (message) => {
    const said = message as FromReaderProcess;
    if (over !== undefined) return;
    if (said.kind === 'ready') ready.resolve();
    else if (said.kind === 'sighting') see(said.sighting);
    else if (said.kind === 'serviceLost') end(fault('serviceDown', said.detail));
    else requests.answer(said.id, said.reply);
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

  return {
    pid: child.pid,
    ready: ready.promise,
    ended: ended.promise,
    pending: requests.pending,
    ask: async <R extends Request>(request: R, deadlineMs?: number) => {
      if (over !== undefined) return over;
      const reply = await requests.pose(request, deadlineMs);
      return reply.kind === 'failed' ? reply.fault : (reply as ReplyTo<R>);
    },
    kill: async (why) => {
      end(why);
      await gone.promise;
    },
  };
};

interface Requests {
  pending(): number;
  pose(request: Request, deadlineMs: number | undefined): Promise<Reply>;
  answer(id: number, reply: Reply): void;
  /** What waits for an answer will get none. */
  fail(why: Fault): void;
}

const keepRequests = (send: (message: ToReaderProcess) => void): Requests => {
  const waiting = new Map<number, (reply: Reply) => void>();
  let count = 0;
  /** Resolves when no command to a card is under way. */
  let transmitted: Promise<unknown> = Promise.resolve();

  const pose = (request: Request, deadlineMs: number | undefined): Promise<Reply> => {
    const id = ++count;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    let timer: NodeJS.Timeout | undefined;
    const startClock = (): void => {
      if (deadlineMs !== undefined && waiting.has(id))
        timer = setTimeout(resolve, deadlineMs, late(deadlineMs));
    };
    waiting.set(id, resolve);
    if (request.kind === 'silence') void transmitted.then(startClock);
    else startClock();
    send({ id, request });
    const reply = promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(id);
    });
    if (request.kind === 'transmit') transmitted = reply;
    return reply;
  };

  return {
    pending: () => waiting.size,
    pose,
    answer: (id, reply) => waiting.get(id)?.(reply),
    fail: (why) => {
      for (const answer of waiting.values()) answer({ kind: 'failed', fault: why });
      waiting.clear();
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
    stdio: ['ignore', 'ignore', words.includes(COMPILE_ONLY) ? 'ignore' : 'inherit', 'ipc'],
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
