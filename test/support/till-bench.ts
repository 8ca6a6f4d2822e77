import { once } from 'node:events';
import { open, readFile, stat } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { call } from '#drivers/control/index.ts';
import { addKey } from '#drivers/till/index.ts';
import { deriveKey, type MessageHeader, seal } from '#nexo/index.ts';
import { isFault } from '#ports/fault.ts';
import { freePort, type RunningTerminal, runTerminal } from './running-terminal.ts';

/** How a sale reaches the terminal. */
export type Way = (typeof WAYS)[number];
export const WAYS = ['command line', 'nexo', 'encrypted nexo'] as const;

/** Milliseconds of one sale. */
export interface TimedSale {
  /** From the first byte of what is asked to the last one of the answer. */
  readonly totalMs: number;
  /** The tap's own, as the terminal says. */
  readonly ownMs: number;
}

/** A whole terminal whose sales are timed. */
export interface TillBench {
  readonly terminal: RunningTerminal;
  /** Where tills connect: a port of 127.0.0.1. */
  readonly port: number;
  /** One approved sale of 1.00, with the card there before the sale is. */
  sale(way: Way): Promise<TimedSale>;
  /** Connects tills that do nothing, each with a kept connection and a WebSocket. */
  connectTills(count: number): Promise<void>;
  /** How many of these are still connected. */
  connected(): number;
  close(): Promise<void>;
}

/** Starts a terminal on its usual journal, with a simulated reader and acquirer, and one till. */
export const startTillBench = async (): Promise<TillBench> => {
  const port = await freePort();
  const terminal = await runTerminal({
    reader: 'in-process',
    config: {
      payment: { cardTimeoutSeconds: 30, resultSeconds: 1 },
      till: { port, poiId: POI_ID, plain: true },
    },
  });
  // In use from the first message on: nothing has come yet.
  const refused = await addKey(join(terminal.state, 'till', 'keys.json'), KEY);
  if (isFault(refused)) throw new Error(refused.detail);
  const ca = await certificateOf(terminal);
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 1 });
  const idle: IdleTill[] = [];
  const socket = join(terminal.state, 'run', 'countertap.sock');
  const log = join(terminal.state, 'log', 'terminal.log');
  return {
    ...{ terminal, port },
    sale: async (way) => {
      const { size } = await stat(log);
      await presentCard(socket);
      const totalMs = await (way === 'command line' ? byControl(socket) : byNexo(agent, port, way));
      return { totalMs, ownMs: await ownMsIn(log, size) };
    },
    connectTills: async (count) => {
      for (let till = 0; till < count; till++) idle.push(await connectTill(port, ca, till));
    },
    connected: () => idle.filter((one) => one.isConnected()).length,
    close: async () => {
      for (const one of idle) one.close();
      agent.destroy();
      await terminal.close();
    },
  };
};

/** So many sales each way, one after another: what else the machine does weighs on all alike. */
export const timeInTurns = async (
  { sale }: Pick<TillBench, 'sale'>,
  count: number,
  ways: readonly Way[] = WAYS,
): Promise<ReadonlyMap<Way, readonly TimedSale[]>> => {
  const timed = new Map<Way, TimedSale[]>(ways.map((way) => [way, []]));
  for (let turn = 0; turn < count; turn++) {
    for (const way of ways) timed.get(way)?.push(await sale(way));
  }
  return timed;
};

/** The middle one. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const POI_ID = 'V400m-123456789';
const KEY = { identifier: 'bench', version: 1, cryptoVersion: 1, passphrase: 'no secret of ours' };

const certificateOf = async ({ state, status }: RunningTerminal): Promise<string> => {
  while ((await status())['tillsFingerprint'] === undefined) await sleep(50);
  return readFile(join(state, 'till', 'certificate.pem'), 'utf8');
};

// It stays until it has been read. Whatever is asked next is asked after it came.
const presentCard = async (socket: string): Promise<void> => {
  void call(socket, { op: 'tap', card: 'visa-phone' });
  await call(socket, { op: 'status' });
};

const byControl = async (socket: string): Promise<number> => {
  const startedMs = performance.now();
  const answer = await call(socket, { op: 'sale', amountMinor: 100, currency: 840 });
  const totalMs = performance.now() - startedMs;
  const approved = !isFault(answer) && JSON.stringify(answer).includes('"approved"');
  if (!approved) throw new Error(`no sale: ${JSON.stringify(answer)}`);
  return totalMs;
};

const byNexo = async (agent: Agent, port: number, way: Way): Promise<number> => {
  const header = headerOf(`${++asked}`.padStart(10, '0'), 'Payment');
  const plain = JSON.stringify({
    SaleToPOIRequest: { MessageHeader: header, PaymentRequest: payment() },
  });
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const secured = way === 'encrypted nexo';
  const sent = secured ? seal('SaleToPOIRequest', header, plain, derivedKey(), nonce) : plain;
  const startedMs = performance.now();
  const answer = await post(agent, port, sent);
  const totalMs = performance.now() - startedMs;
  const success = secured ? '"NexoBlob"' : '"Result":"Success"';
  if (!answer.includes(success)) throw new Error(`no sale: ${answer.slice(0, 500)}`);
  return totalMs;
};

let asked = 0;

const headerOf = (serviceId: string, category: 'Payment'): MessageHeader => ({
  ...{ ProtocolVersion: '3.0', MessageClass: 'Service', MessageCategory: category },
  ...{ MessageType: 'Request', SaleID: 'till-1', ServiceID: serviceId, POIID: POI_ID },
});

const payment = () => ({
  SaleData: {
    SaleTransactionID: { TransactionID: `sale-${asked}`, TimeStamp: new Date().toISOString() },
  },
  PaymentTransaction: { AmountsReq: { Currency: 'USD', RequestedAmount: 1 } },
});

let derived: ReturnType<typeof deriveKey> | undefined;
const derivedKey = () => {
  derived ??= deriveKey(KEY.passphrase);
  return { key: KEY, derived };
};

const post = (agent: Agent, port: number, body: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: '/nexo/', method: 'POST', agent };
    const asking = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => resolve(text)).once('error', reject);
    });
    asking.once('error', reject).end(body);
  });

// The log is written at once, and the answer after it.
const ownMsIn = async (log: string, from: number): Promise<number> => {
  const file = await open(log);
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  await file.close();
  return Number(/"ownMs":([0-9.]+)/.exec(buffer.toString())?.[1] ?? Number.NaN);
};

interface IdleTill {
  isConnected(): boolean;
  close(): void;
}

const connectTill = async (port: number, ca: string, till: number): Promise<IdleTill> => {
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 1 });
  // What is no message is answered, too, and leaves a connection as a till's.
  await post(agent, port, '{}');
  const url = `wss://127.0.0.1:${port}/nexo/events?saleId=till-${till + 2}`;
  const events = new WebSocket(url, { ca });
  await once(events, 'open');
  return {
    isConnected: () => events.readyState === WebSocket.OPEN,
    close: () => {
      agent.destroy();
      events.terminate();
    },
  };
};
