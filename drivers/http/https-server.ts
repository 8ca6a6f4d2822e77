import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Log } from '#ports/log.ts';
import type { Identity } from './identity.ts';

interface Setup {
  readonly log: Log;
  /** How long a client may take for its handshake, for a head, and for a whole request. */
  readonly patienceMs: number;
}

/** An answer may take as long as a host does; a client that reads nothing of it, no longer. */
const LONGEST_ANSWER_MS = 180_000;

/**
 * The server that speaks TLS and HTTP on connections which somebody else accepts. Loaded with the
 * first of them.
 */
export const createHttpsServer = (
  { certificate, key }: Identity,
  listener: RequestListener,
  { log, patienceMs }: Setup,
): Server => {
  // An import of node:https would bring Node's WebSocket client along, with 6 MB that stay.
  const { createServer } = process.getBuiltinModule('node:https');
  const options = {
    cert: certificate,
    key,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: patienceMs,
    headersTimeout: patienceMs,
    requestTimeout: patienceMs,
    keepAliveTimeout: patienceMs,
    connectionsCheckingInterval: Math.min(1000, patienceMs),
    maxHeaderSize: 16 * 1024,
  } as const;
  const server = createServer(options, listener);
  server.setTimeout(LONGEST_ANSWER_MS);
  server.on('tlsClientError', (error) => log.debug({ error: error.message }, 'a TLS handshake'));
  server.on('clientError', refuse);
  server.on('error', (error) => log.warn({ error: error.message }, 'console server'));
  // It never listens itself, and its watch over slow requests begins when a server does.
  server.emit('listening');
  return server;
};

// A handshake that fails comes by here as well: nothing can be said to whoever has no keys yet.
const refuse = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  const { code = '' } = error;
  if (!socket.writable || !/^(?:HPE_|ERR_HTTP_)/.test(code)) return void socket.destroy();
  const status = STATUS[code] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
    socket.destroy();
  });
  setTimeout(() => socket.destroy(), LAST_WORD_MS).unref();
};

/** Who doesn't even take the answer is not waited for. */
const LAST_WORD_MS = 1000;

const STATUS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};
