import type { Log, LogFields } from '#ports/log.ts';

/** EX_TEMPFAIL of sysexits.h. */
const RESTART = 75;

/** What a simulated host is to whoever started its process. */
export interface HostProcess {
  /** Told once, when it can be asked. */
  readonly ready: object;
  close(): Promise<void>;
}

/**
 * The life of a simulated host's process: says {"ready":true, …} once, to its parent if it was
 * forked, else on standard output, and ends with its parent. One that can't start says why, and
 * exits with 3.
 */
export const runHostProcess = async (
  name: string,
  start: () => Promise<HostProcess>,
): Promise<void> => {
  try {
    const { ready, close } = await start();
    const end = () => void close().then(() => process.exit(0));
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
    followParent(end);
    const said = { ready: true, ...ready };
    if (process.send === undefined) process.stdout.write(`${JSON.stringify(said)}\n`);
    else process.send(said);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${name}: ${why}\n`);
    if (process.send === undefined) process.exit(3);
    process.send({ ready: false, why }, () => process.exit(3));
  }
};

/** Whoever started us starts us again. */
export const restart = (): never => process.exit(RESTART);

// A forked process loses its channel with its parent; a spawned one gets another parent.
const followParent = (end: () => void): void => {
  if (process.send !== undefined) {
    process.once('disconnect', end);
    return;
  }
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), 500).unref();
};

const line =
  (level: string) =>
  (fields: LogFields, message: string): void => {
    const time = new Date().toISOString();
    process.stderr.write(`${JSON.stringify({ level, time, ...fields, message })}\n`);
  };

/** Standard error, a line of JSON a step. */
export const processLog: Log = {
  debug: () => undefined,
  info: line('info'),
  warn: line('warn'),
  error: line('error'),
};
