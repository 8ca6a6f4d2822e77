import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Log } from '#ports/log.ts';
import type { HttpsApp, Upgrade } from './https-app.ts';
import type { Identity } from './identity.ts';

/** What a server proves, and who may come. */
export interface Trust extends Pick<Identity, 'certificate' | 'key'> {
  /** PEM: whose client certificates are asked for, and taken. Nobody needs one when absent. */
  readonly clientAuthority?: string | undefined;
}

interface Setup {
  readonly log: Log;
  /** Whose it is, for the log. */
  readonly name: string;
  /** How long a client may take for its handshake, for a head, and for a whole request. */
  readonly patienceMs: number;
  /** How long a connection stays between two requests. */
  readonly keepAliveMs: number;
  /** How long an answer may take, and a client to read it; 0 without an end. */
  readonly longestAnswerMs: number;
}

/**
 * The server that speaks TLS and HTTP on connections which somebody else accepts. Loaded with the
 * first of them.
 */
export const createHttpsServer = (
  trust: Trust,
  app: HttpsApp,
  { log, name, patienceMs, keepAliveMs, longestAnswerMs }: Setup,
): Server => {
  // An import of node:https would bring Node's WebSocket client along, with 6 MB that stay.
  const { createServer } = process.getBuiltinModule('node:https');
  const options = {
    ...secureContext(trust),
    ...(trust.clientAuthority === undefined ? {} : { requestCert: true, rejectUnauthorized: true }),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: patienceMs,
    headersTimeout: patienceMs,
    requestTimeout: patienceMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(1000, patienceMs),
    maxHeaderSize: 16 * 1024,
  } as const;
  const { request, upgrade } = partsOf(app);
  const server = createServer(options, request);
  if (upgrade !== undefined) server.on('upgrade', upgrade);
  server.setTimeout(longestAnswerMs);
  server.on('tlsClientError', (error) => log.debug({ error: error.message }, 'a TLS handshake'));
  server.on('clientError', refuse);
  server.on('error', (error) => log.warn({ error: error.message }, `${name} server`));
  // It never listens itself, and its watch over slow requests begins when a server does.
  server.emit('listening');
  return server;
};

/** Proves and trusts something else, from the next connection on. */
export const renewTrust = (server: Server, trust: Trust): void =>
  server.setSecureContext(secureContext(trust));

const secureContext = ({ certificate, key, clientAuthority }: Trust) => ({
  cert: certificate,
  key,
  ...(clientAuthority === undefined ? {} : { ca: clientAuthority }),
  minVersion: 'TLSv1.2' as const,
});

const partsOf = (app: HttpsApp): { request: RequestListener; upgrade?: Upgrade } =>
  typeof app === 'function' ? { request: app } : app;

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
