import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Asked, askedIn, messageReader } from './winscard-messages.ts';

/** `atMs` is performance.now when it was passed on. */
export type Heard = Asked & { readonly atMs: number };

/** Sits between libpcsclite and pcscd, changes nothing, and writes down what clients ask for. */
export interface PcscSpy {
  /** Where clients connect to instead of pcscd. */
  readonly socketPath: string;
  /** All that was about a card or a reader, since the start or `forget`, in order. */
  asked(): readonly Heard[];
  /** Of these, what touches a card: connections to one, and commands. */
  touches(): readonly Heard[];
  /** How many messages of any kind passed: a spy that hears nothing proves nothing. */
  messages(): number;
  forget(): void;
  close(): Promise<void>;
}

export const startPcscSpy = async (pcscdSocketPath: string): Promise<PcscSpy> => {
  const home = await mkdtemp(join(tmpdir(), 'countertap-spy-'));
  const socketPath = join(home, 'pcscd.comm');
  const sockets = new Set<Socket>();
  let asked: Heard[] = [];
  let messages = 0;

  const server = createServer((client) => {
    const service = createConnection(pcscdSocketPath);
    const listen = messageReader((message) => {
      messages++;
      const found = askedIn(message);
      if (found !== undefined) asked.push({ ...found, atMs: performance.now() });
    });
    client.on('data', (chunk: Buffer) => {
      listen(chunk);
      service.write(chunk);
    });
    service.on('data', (chunk: Buffer) => client.write(chunk));
    for (const [one, other] of [
      [client, service],
      [service, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(socketPath);
  await once(server, 'listening');

  return {
    socketPath,
    asked: () => asked,
    touches: () => asked.filter(isTouch),
    messages: () => messages,
    forget: () => {
      asked = [];
      messages = 0;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await rm(home, { recursive: true, force: true });
    },
  };
};

const isTouch = (asked: Asked): boolean =>
  asked.kind === 'connect'
    ? asked.share !== 'direct'
    : asked.kind !== 'disconnect' && asked.kind !== 'control';
