import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The answer, one a line as JSON: `ok` and what was asked for, or what is wrong. */
export type ControlAnswer =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | { readonly ok: false; readonly error: string };

export interface Control {
  close(): Promise<void>;
}

/** What a request comes to; what it throws becomes the answer's error. */
export type Act = (request: Readonly<Record<string, unknown>>) => Promise<ControlAnswer>;

export const wrong = (error: string): ControlAnswer => ({ ok: false, error });

/**
 * Opens a control socket, one request a line as JSON; only this user can connect to it.
 * @param name for messages: "acquirer"
 */
export const openControlSocket = async (path: string, name: string, act: Act): Promise<Control> => {
  await removeStale(path, name);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => {
      void handle(line, act).then((answer) => socket.write(`${JSON.stringify(answer)}\n`));
    });
  });
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
  return {
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

const handle = async (line: string, act: Act): Promise<ControlAnswer> => {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request !== 'object' || request === null) return wrong('an object is expected');
    return await act({ ...request });
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
};

/** A value of a request, where it is of the kind that is wanted. */
export const word = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

export const natural = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;

// A socket file that nobody listens to is left over from a process that was killed.
const removeStale = async (path: string, name: string): Promise<void> => {
  const socket = connect(path);
  const answered = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  if (answered) throw new Error(`${path}: another ${name} is listening here`);
  await rm(path, { force: true });
};
