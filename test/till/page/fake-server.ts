import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { isMalformed } from '#bytes/malformed.ts';
import { pageFiles } from '#drivers/http/index.ts';
import {
  createKeyRing,
  displayNotification,
  encodeRequest,
  type KeyRing,
  type NexoRequest,
  openSecured,
  parseJson,
  seal,
} from '#nexo/index.ts';
import type { TillFacts } from '#till/page/facts.ts';
import { type FakeTerminal, openFakeTerminal } from '../fake-terminal.ts';

type Progress = Parameters<typeof displayNotification>[1];

/** A terminal in demo mode, as far as its till's page sees it. */
export interface FakeServer {
  readonly url: string;
  readonly terminal: FakeTerminal;
  facts: TillFacts;
  /** With a ring only what is encrypted is taken. */
  keys: KeyRing | undefined;
  /** The answer to the next payment is lost on its way. */
  loseAnswer: boolean;
  /** Tells all tills that listen how far a payment is. */
  tell(request: NexoRequest<'Payment'>, event: Progress): void;
  /** Ends the connections of all tills that listen. */
  dropEvents(): void;
  stop(): Promise<void>;
}

export const KEY = { identifier: 'till-key', version: 2, passphrase: 'mind the open door' };

export const ringOfKey = (): KeyRing => {
  const ring = createKeyRing([{ ...KEY, cryptoVersion: 1 }]);
  if (isMalformed(ring)) throw new Error(ring.problem);
  return ring;
};

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
};

export const openFakeServer = async (folder: string): Promise<FakeServer> => {
  const page = pageFiles(folder);
  await page.refresh();
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => void answer(fake, page, request, response));
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (one: WebSocket) => one.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeServer = {
    url: `http://127.0.0.1:${port}/till/`,
    terminal: openFakeTerminal(),
    facts: FACTS,
    keys: undefined,
    loseAnswer: false,
    tell: ({ header }, event) => {
      const facts = { transactionId: 'payment-1', nowMs: Date.now(), deviceId: 'D1' };
      const message = encodeRequest(displayNotification(header, event, facts));
      for (const socket of sockets.clients) socket.send(message);
    },
    dropEvents: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
};

const FACTS: TillFacts = {
  poiId: 'CT-0001',
  merchant: 'Corner Bakery',
  currency: { code: 'EUR', exponent: 2 },
  needsKey: false,
  wallets: [{ name: 'alipay', title: 'Alipay' }],
};

const answer = async (
  fake: FakeServer,
  page: ReturnType<typeof pageFiles>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { pathname } = new URL(request.url ?? '/', fake.url);
  if (pathname === '/nexo/') return nexo(fake, request, response);
  if (pathname === '/till/facts') {
    response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' });
    response.end(JSON.stringify(fake.facts));
    return;
  }
  const file = page.at(pathname.slice('/till'.length));
  const contentType = file?.contentType ?? 'text/plain';
  response.writeHead(file ? 200 : 404, { ...HEADERS, 'content-type': contentType });
  response.end(file?.body ?? 'nothing here');
};

const nexo = async (fake: FakeServer, request: IncomingMessage, response: ServerResponse) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  const told = await spoken(fake, text);
  if (fake.loseAnswer && text.includes('PaymentRequest')) {
    fake.loseAnswer = false;
    // In the middle: a browser sends again, under the same ServiceID, what nothing came back of.
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9999' });
    response.write('{', () => response.destroy());
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(told ?? '');
};

const spoken = async ({ keys, terminal }: FakeServer, text: string) => {
  if (keys === undefined) return terminal.receive(text);
  const opened = openSecured(parseJson(text), keys);
  if (isMalformed(opened)) throw new Error(opened.problem);
  const told = await terminal.receive(new TextDecoder().decode(opened.plaintext));
  if (told === undefined) return undefined;
  const header = JSON.parse(told).SaleToPOIResponse.MessageHeader;
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  return seal('SaleToPOIResponse', header, told, keys.current, nonce);
};
