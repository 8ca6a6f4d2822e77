import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { split } from '#iso8583/index.ts';
import { type TlsOptions, tlsDefaults } from './options.ts';
import { reasonOf } from './reasons.ts';

/** What becomes of one connection; `down` comes once and is the last. */
export interface ConnectionEvents {
  up(connection: Connection, peer: string): void;
  message(bytes: Uint8Array): void;
  down(why: string): void;
}

export interface Connection {
  /** False when the connection can't take it any more. */
  write(framed: Uint8Array): boolean;
  end(why: string): void;
}

/** Opens one connection; files are read each time, so that renewed certificates count at once. */
export const openConnection = async (
  options: TlsOptions,
  events: ConnectionEvents,
  signal: AbortSignal,
): Promise<void> => {
  const host = `${options.host}:${options.port}`;
  try {
    const [ca, cert, key] = await Promise.all(
      [options.authorityPath, options.certificatePath, options.keyPath].map((path) =>
        readFile(path),
      ),
    );
    if (signal.aborted) return events.down('closed');
    const serverName = options.serverName ?? options.host;
    const socket = connect({
      host: options.host,
      port: options.port,
      ca,
      cert,
      key,
      minVersion: 'TLSv1.3',
      // An address can't be asked for by name (RFC 6066 §3), but is checked in the certificate.
      servername: isIP(serverName) === 0 ? serverName : '',
      checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
    });
    watch(socket, host, options, events, signal);
  } catch (error) {
    events.down(reasonOf(error, host));
  }
};

const watch = (
  socket: TLSSocket,
  host: string,
  options: TlsOptions,
  events: ConnectionEvents,
  signal: AbortSignal,
): void => {
  const connectWithinMs = options.connectWithinMs ?? tlsDefaults.connectWithinMs;
  const silenceMs = options.silenceMs ?? tlsDefaults.silenceMs;
  let why: string | undefined;
  let heard = false;
  let rest: Uint8Array = new Uint8Array();
  let silence: NodeJS.Timeout | undefined;
  const end = (reason: string) => {
    if (socket.destroyed) return;
    why = reason;
    socket.destroy();
  };
  const patience = setTimeout(
    () => end(`${host} did not complete the handshake within ${connectWithinMs} ms`),
    connectWithinMs,
  );
  const write = (framed: Uint8Array): boolean => {
    if (!socket.writable) return false;
    silence ??= setTimeout(() => end(`${host} was silent for ${silenceMs} ms: hung up`), silenceMs);
    return socket.write(framed) || socket.writable;
  };
  const closed = () => end('closed');
  signal.addEventListener('abort', closed, { once: true });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 15_000);
  socket.on('secureConnect', () => {
    clearTimeout(patience);
    events.up({ write, end }, `${host}, ${socket.getProtocol()}`);
  });
  socket.on('data', (chunk) => {
    clearTimeout(silence);
    silence = undefined;
    heard = true;
    const result = split(rest, new Uint8Array(chunk));
    if (isMalformed(result)) return end(`${host}: ${describeMalformed(result)}`);
    rest = result.rest;
    for (const message of result.messages) events.message(message);
  });
  socket.on('error', (error) => {
    why ??= reasonOf(error, host);
  });
  socket.on('close', () => {
    clearTimeout(patience);
    clearTimeout(silence);
    signal.removeEventListener('abort', closed);
    events.down(why ?? hungUp(host, heard));
  });
};

// Some hosts refuse a certificate without an alert, by closing as soon as they have seen it.
const hungUp = (host: string, heard: boolean): string =>
  heard
    ? `${host} closed the connection`
    : `${host} closed the connection without a word: it may refuse this terminal's certificate`;
