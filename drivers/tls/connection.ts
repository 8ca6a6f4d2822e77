import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import type { Framer } from '#iso8583/index.ts';
import { type Door, type Ending, nameOf } from './doors.ts';
import { mayBeChance, reasonOf } from './reasons.ts';

/** What becomes of one connection; `down` comes once and is the last. */
export interface ConnectionEvents {
  /** The handshake is done: the host has proved who it is. @param protocol such as TLSv1.3 */
  up(connection: Connection, protocol: string): void;
  message(bytes: Uint8Array): void;
  down(ending: Ending): void;
}

export interface Connection {
  /** False when the connection can't take it any more. */
  write(framed: Uint8Array): boolean;
  end(why: string): void;
}

export interface ConnectionSettings {
  readonly framer: Framer;
  readonly connectWithinMs: number;
  readonly silenceMs: number;
  /** Ends the connection. */
  readonly signal: AbortSignal;
}

/** Opens one connection; files are read each time, so that renewed certificates count at once. */
export const openConnection = async (
  door: Door,
  settings: ConnectionSettings,
  events: ConnectionEvents,
): Promise<void> => {
  const never = (why: string) => events.down({ why, chance: false, heard: false });
  try {
    const [ca, cert, key] = await Promise.all(
      [door.authorityPath, door.certificatePath, door.keyPath].map((path) => readFile(path)),
    );
    if (settings.signal.aborted) return never('closed');
    const serverName = door.serverName ?? door.host;
    const socket = connect({
      host: door.host,
      port: door.port,
      ca,
      cert,
      key,
      minVersion: 'TLSv1.3',
      // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED changes what Node takes for granted.
      rejectUnauthorized: true,
      // An address can't be asked for by name (RFC 6066 §3), but is checked in the certificate.
      servername: isIP(serverName) === 0 ? serverName : '',
      checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
    });
    watch(socket, nameOf(door), settings, events);
  } catch (error) {
    never(reasonOf(error, nameOf(door)));
  }
};

const watch = (
  socket: TLSSocket,
  host: string,
  { framer, connectWithinMs, silenceMs, signal }: ConnectionSettings,
  events: ConnectionEvents,
): void => {
  let ended: Omit<Ending, 'heard'> | undefined;
  let heard = false;
  let rest: Uint8Array = new Uint8Array();
  let silence: NodeJS.Timeout | undefined;
  const end = (why: string) => {
    if (socket.destroyed) return;
    ended = { why, chance: false };
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
    events.up({ write, end }, socket.getProtocol() ?? 'TLS');
  });
  socket.on('data', (chunk) => {
    clearTimeout(silence);
    silence = undefined;
    const result = framer.split(rest, new Uint8Array(chunk));
    if (isMalformed(result)) return end(`${host}: ${describeMalformed(result)}`);
    rest = result.rest;
    heard ||= result.messages.length > 0;
    for (const message of result.messages) events.message(message);
  });
  socket.on('error', (error) => {
    ended ??= { why: reasonOf(error, host), chance: mayBeChance(error) };
  });
  socket.on('close', () => {
    clearTimeout(patience);
    clearTimeout(silence);
    signal.removeEventListener('abort', closed);
    events.down({ ...(ended ?? { why: hungUp(host, heard), chance: true }), heard });
  });
};

// Some hosts refuse a certificate without an alert, by closing as soon as they have seen it.
const hungUp = (host: string, heard: boolean): string =>
  heard
    ? `${host} closed the connection`
    : `${host} closed the connection without a word: it may refuse this terminal's certificate`;
