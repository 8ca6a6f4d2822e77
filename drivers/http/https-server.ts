import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Log } from '#ports/log.ts';
import type { Identity } from './identity.ts';

/** How long a client may take for its handshake, its head, and its whole request. */
export const PATIENCE_MS = 10_000;
/** An answer may take as long as a host does; a client that reads nothing of it, no longer. */
const LONGEST_ANSWER_MS = 180_000;

/**
 * The server that speaks TLS and HTTP on connections which somebody else accepts. Loaded with the
 * first of them.
 */
export const createHttpsServer = (
  { certificate, key }: Identity,
  listener: RequestListener,
  log: Log,
): Server => {
  // An import of node:https would bring Node's WebSocket client along, with 6 MB that stay.
  const { createServer } = process.getBuiltinModule('node:https');
  const options = {
    cert: certificate,
    key,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: PATIENCE_MS,
    headersTimeout: PATIENCE_MS,
    requestTimeout: PATIENCE_MS,
    keepAliveTimeout: PATIENCE_MS,
    connectionsCheckingInterval: 1000,
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

const refuse = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = STATUS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
    socket.destroy();
  });
};

const STATUS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};
