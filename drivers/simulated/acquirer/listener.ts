import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import type { Framer } from '#iso8583/index.ts';
import type { Log } from '#ports/log.ts';
import type { CertificatePaths } from './certificates.ts';

/** A listener that can go away and come back, on the same port. */
export interface Listener {
  /** The port; the same after `absent` and `present`. */
  readonly port: number;
  readonly connections: () => number;
  /** Stops listening and drops every connection. */
  absent(): Promise<void>;
  present(): Promise<void>;
}

export interface ListenerOptions {
  readonly port: number;
  readonly certificates: CertificatePaths;
  readonly log: Log;
  /** How the stream is cut into messages. */
  readonly split: Framer['split'];
  /** One message arrived, without its length header. */
  readonly message: (bytes: Uint8Array, socket: TLSSocket) => void;
}

/** Listens on the loopback for terminals that prove who they are. TLS 1.3 only. */
export const listen = async (options: ListenerOptions): Promise<Listener> => {
  const { certificates, log } = options;
  const sockets = new Set<Socket>();
  const server = createServer({
    minVersion: 'TLSv1.3',
    requestCert: true,
    rejectUnauthorized: true,
    ca: await readFile(certificates.authority),
    cert: await readFile(certificates.serverCertificate),
    key: await readFile(certificates.serverKey),
  });
  // From the first byte on, so that a handshake under way is dropped like any connection.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', (socket) => serve(socket, options));
  server.on('tlsClientError', (error) => {
    log.warn({ detail: error.message }, 'a terminal was refused');
  });
  let port = options.port;
  const present = async (): Promise<void> => {
    if (server.listening) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  await present();
  return {
    port,
    connections: () => sockets.size,
    present,
    absent: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

const serve = (socket: TLSSocket, { log, split, message }: ListenerOptions): void => {
  let rest: Uint8Array = new Uint8Array();
  socket.setNoDelay(true);
  socket.on('error', (error) => log.debug({ detail: error.message }, 'connection lost'));
  socket.on('data', (chunk) => {
    const result = split(rest, new Uint8Array(chunk));
    if (isMalformed(result)) {
      log.warn({ problem: describeMalformed(result) }, 'not a stream of messages: hung up');
      socket.destroy();
      return;
    }
    rest = result.rest;
    for (const bytes of result.messages) message(bytes, socket);
  });
};
