import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Acquirer } from './acquirer.ts';
import { faultTargets, isFaultTarget } from './fault-plan.ts';
import { faults, isFaultName } from './faults.ts';
import { issueNewKeys } from './keys.ts';

/** A request on the control socket, one a line as JSON. */
export type ControlRequest =
  | { readonly op: 'status' | 'absent' | 'present' | 'normal' | 'faults' | 'new-keys' }
  | { readonly op: 'slow'; readonly ms: number }
  | { readonly op: 'ledger'; readonly last?: number }
  | { readonly op: 'totals'; readonly terminal?: string }
  | {
      readonly op: 'fault';
      readonly name: string;
      readonly times?: number;
      readonly lateMs?: number;
      readonly on?: string;
    };

/** The answer, one a line as JSON: `ok` and what was asked for, or what is wrong. */
export type ControlAnswer =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | { readonly ok: false; readonly error: string };

export interface Control {
  close(): Promise<void>;
}

/** Opens the control socket; only this user can connect to it. */
export const openControl = async (path: string, acquirer: Acquirer): Promise<Control> => {
  await removeStale(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => {
      void handle(line, acquirer).then((answer) => socket.write(`${JSON.stringify(answer)}\n`));
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

const handle = async (line: string, acquirer: Acquirer): Promise<ControlAnswer> => {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request !== 'object' || request === null) return wrong('an object is expected');
    return await act({ ...request }, acquirer);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
};

const act = async (
  request: Readonly<Record<string, unknown>>,
  acquirer: Acquirer,
): Promise<ControlAnswer> => {
  const { op, ms, last, name, times, lateMs, on = 'payment', terminal } = request;
  switch (op) {
    case 'ledger':
      return { ok: true, entries: acquirer.last(natural(last) ?? 10) };
    case 'faults':
      return { ok: true, faults: meanings, on: Object.keys(faultTargets) };
    case 'new-keys': {
      const initialKeyId = await issueNewKeys(acquirer.keys);
      return { ok: true, initialKeyId, files: acquirer.keys };
    }
    case 'totals':
      return { ok: true, terminals: acquirer.books(word(terminal)) };
    case 'status':
      break;
    case 'absent':
      await acquirer.absent();
      break;
    case 'present':
      await acquirer.present();
      break;
    case 'normal':
      await acquirer.normal();
      break;
    case 'slow': {
      const slowMs = natural(ms);
      if (slowMs === undefined) return wrong('slow: ms must be a whole number');
      acquirer.slow(slowMs);
      break;
    }
    case 'fault':
      if (!isFaultName(name)) return wrong(`fault: name is one of ${Object.keys(faults)}`);
      if (!isFaultTarget(on)) return wrong(`fault: on is one of ${Object.keys(faultTargets)}`);
      acquirer.goWrong(name, natural(times) ?? 1, natural(lateMs) ?? 20_000, on);
      break;
    default:
      return wrong(`op ${String(op)} is not known`);
  }
  return { ok: true, ...acquirer.status() };
};

const wrong = (error: string): ControlAnswer => ({ ok: false, error });

const word = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const natural = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;

const meanings = Object.fromEntries(
  Object.entries(faults).map(([name, { meaning }]) => [name, meaning]),
);

// A socket file that nobody listens to is left over from a process that was killed.
const removeStale = async (path: string): Promise<void> => {
  const socket = connect(path);
  const answered = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  if (answered) throw new Error(`${path}: another acquirer is listening here`);
  await rm(path, { force: true });
};
