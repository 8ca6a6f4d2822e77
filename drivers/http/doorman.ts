import type { Socket } from 'node:net';
import type { Log } from '#ports/log.ts';

interface Door {
  readonly log: Log;
  /** Where a browser that forgot the "s" should have gone. */
  readonly url: () => string;
  /** A client that begins a TLS handshake; its first bytes are still to be read. */
  readonly enter: (socket: Socket) => void;
  /** Who says nothing for so long has nothing to say. */
  readonly patienceMs: number;
  /** One address may hold this many connections, so that it leaves some to others. */
  readonly mostPerAddress: number;
}

/** First byte of a TLS record that holds a handshake. RFC 8446 §5.1 */
const HANDSHAKE = 0x16;

/**
 * Stands at the door: looks at a connection's first byte, so that neither a port scanner nor a
 * browser on plain HTTP makes the application load.
 */
export const doorman = (door: Door): ((socket: Socket) => void) => {
  const { log, url, enter, patienceMs, mostPerAddress } = door;
  const present = new Map<string, number>();
  const told = new Set<string>();
  return (socket) => {
    // A client that vanishes: its 'close' follows and says all there is to say.
    socket.on('error', () => undefined);
    const from = socket.remoteAddress ?? '';
    const count = (present.get(from) ?? 0) + 1;
    present.set(from, count);
    socket.once('close', () => {
      const left = (present.get(from) ?? 1) - 1;
      if (left === 0) present.delete(from);
      else present.set(from, left);
      if (left < mostPerAddress / 2) told.delete(from);
    });
    if (count > mostPerAddress) {
      // A flood comes and goes by the thousand: one line of it will do.
      if (!told.has(from)) log.warn({ from }, 'too many connections of one address');
      told.add(from);
      return void socket.destroy();
    }
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      if (first[0] !== HANDSHAKE) return turnAway(socket, url());
      socket.pause();
      socket.unshift(first);
      enter(socket);
    });
  };
};

const turnAway = (socket: Socket, url: string): void => {
  const body = `This address speaks HTTPS: ${url}\n`;
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  socket.setTimeout(SHORT_MS, () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
};

const SHORT_MS = 1000;
