import { chmodSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { ControlHandler, ControlLine } from '#ports/control.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { isNobody, isRefused } from './errors.ts';
import { lineSplitter, parseLine } from './lines.ts';

export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Listens on a Unix socket that only the same user can open (folder 0700, socket 0600). One
 * request a connection: a JSON line in, JSON lines out, then the connection is closed.
 * @returns a Fault when somebody else is listening there or owns the socket, when the path is too
 *   long for one, or it can't be made
 */
export const openControl = async (
  path: string,
  handler: ControlHandler,
  log: Log,
): Promise<ControlServer | Fault> => {
  const inTheWay = tooLong(path) ?? (await listener(path));
  if (inTheWay !== undefined) return fault('protocol', inTheWay);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    chmodSync(dirname(path), 0o700);
    if (!(await removeStale(path))) return fault('protocol', running(path));
  } catch (error) {
    return fault('protocol', `the control socket can't be made: ${messageOf(error)}`);
  }
  return listen(path, handler, log);
};

const listen = (
  path: string,
  handler: ControlHandler,
  log: Log,
): Promise<ControlServer | Fault> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, handler, log);
  });
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      // What was left behind is gone: somebody else was quicker.
      if (error.code === 'EADDRINUSE') resolve(fault('protocol', running(path)));
      else resolve(fault('protocol', `the control socket can't be made: ${messageOf(error)}`));
    });
    const mask = process.umask(0o177);
    server.listen(path, () => {
      resolve({
        close: () =>
          new Promise((closed) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => closed());
          }),
      });
    });
    process.umask(mask);
  });
};

const serve = (socket: Socket, handler: ControlHandler, log: Log): void => {
  const hungUp = new AbortController();
  let asked = false;
  const reply = (line: ControlLine) => {
    if (socket.writable) socket.write(`${JSON.stringify(line)}\n`);
  };
  const refuse = (message: string) => {
    reply({ error: message });
    socket.end();
  };
  const split = lineSplitter((line) => {
    if (asked) return;
    asked = true;
    const request = parseLine(line);
    if (request === undefined) {
      refuse('expected one line with a JSON object');
      return;
    }
    handler(request, reply, hungUp.signal)
      .catch((error: unknown) => {
        log.error({ err: error }, 'a control request broke down');
        reply({ error: 'an internal error: see the log' });
      })
      .finally(() => socket.end());
  });
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    if (split(chunk) === 'too long') refuse('the line is too long');
  });
  socket.on('error', (error) => log.debug({ why: messageOf(error) }, 'control connection'));
  socket.on('close', () => hungUp.abort());
};

// unix(7): sun_path holds 108 bytes, the last of them zero.
const LONGEST_PATH = 107;

const tooLong = (path: string): string | undefined => {
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_PATH) return undefined;
  const state = Buffer.byteLength(dirname(dirname(path)));
  const limit = LONGEST_PATH - (bytes - state);
  return `the path of the state folder is too long: ${state} bytes, at most ${limit} will do`;
};

/** Why the socket isn't ours to take; undefined when nobody listens on it. */
const listener = (path: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(running(path));
    });
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(refusal(path, error)));
  });

const running = (path: string): string =>
  `a terminal is already running here: it listens on ${path}`;

/**
 * Nobody answered: left behind by a terminal that was killed. It is put aside and asked again
 * before it goes, for another terminal that starts now may have put its own there meanwhile.
 * @returns whether the place is free
 */
const removeStale = async (path: string): Promise<boolean> => {
  // No longer than the socket's own path, which may be as long as one can be.
  const aside = join(dirname(path), `.${process.pid}`);
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isNobody(error as NodeJS.ErrnoException)) return true;
    throw error;
  }
  const stale = (await listener(aside)) === undefined;
  if (!stale) linkSync(aside, path);
  rmSync(aside, { force: true });
  return stale;
};

const refusal = (path: string, error: NodeJS.ErrnoException): string | undefined => {
  if (isNobody(error)) return undefined;
  if (isRefused(error)) {
    return `another user's terminal owns ${path}: choose another state folder with --state`;
  }
  return `the control socket can't be made: ${error.message}`;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);
