import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';

// A process that comes to a port of loopback with connections, so many at once, from twenty
// addresses. Most say nothing; each tenth begins a message and sends a byte of it now and then.

const [port = 0, all = 0, atOnce = 0] = process.argv.slice(2).map(Number);
const flood = new Set<Socket>();
let came = 0;

const come = (): Promise<void> =>
  new Promise((resolve) => {
    const localAddress = `127.0.1.${1 + (came % 20)}`;
    const slow = came++ % 10 === 0;
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    flood.add(socket);
    socket.on('error', () => undefined).resume();
    socket.once('close', () => flood.delete(socket));
    socket.once('connect', resolve).once('close', resolve);
    if (slow) socket.once('connect', () => beSlow(socket));
  });

const beSlow = (socket: Socket): void => {
  const tls = connectTls({ socket, rejectUnauthorized: false });
  tls.on('error', () => undefined).resume();
  tls.once('secureConnect', () => {
    tls.write('POST /nexo/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n{');
    const drip = setInterval(() => tls.write(' '), 200);
    tls.once('close', () => clearInterval(drip));
  });
};

while (came < all) {
  await Promise.all(Array.from({ length: Math.min(atOnce, all - came) }, come));
}
await sleep(500);
process.send?.({ came, held: flood.size });
process.disconnect();
process.exit(0);
