/**
 * Floods a line for tills with connections while one till goes on, and prints how long its messages
 * took before and meanwhile:
 *   node scripts/till-flood.ts [--connections 10000] [--at-once 400]
 * Listens on loopback with a desk that echoes. Ends with 1 when the till was not answered, or the
 * line holds more connections than it should.
 */
import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { openLine } from '#test/drivers/till/support.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    'at-once': { type: 'string', default: '400' },
  },
});
const [all, atOnce] = [Number(values.connections), Number(values['at-once'])];
const MOST = 400;
const line = await openLine({ mostConnections: MOST, mostPerAddress: 256 });
const till = await line.tls('127.0.0.9');

const talk = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const before = performance.now();
    till.once('data', () => resolve(performance.now() - before));
    till.once('close', () => reject(new Error('the till was cut off')));
    till.write('POST /nexo/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx');
  });

const describe = (times: readonly number[]): string => {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  return `median ${median.toFixed(1)} ms, maximum ${(sorted.at(-1) ?? 0).toFixed(1)} ms`;
};

till.setMaxListeners(0);
const before: number[] = [];
for (let n = 0; n < 200; n++) before.push(await talk());

const flood: Socket[] = [];
const come = (from: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect({ port: line.port, host: '127.0.0.1', localAddress: from });
    flood.push(socket.on('error', () => undefined).resume());
    socket.once('connect', resolve).once('close', resolve);
  });
const meanwhile: number[] = [];
const memory = process.memoryUsage().rss;
while (flood.length < all) {
  const coming = Array.from({ length: atOnce }, (_, at) => come(`127.0.1.${1 + (at % 20)}`));
  meanwhile.push(await talk());
  await Promise.all(coming);
  meanwhile.push(await talk());
}
await new Promise((resolve) => setTimeout(resolve, 500));
const held = flood.filter((socket) => !socket.closed).length;
const grown = (process.memoryUsage().rss - memory) / 1e6;
console.log(`before: ${describe(before)}`);
console.log(`with ${flood.length} connections: ${describe(meanwhile)}; ${held} are held`);
console.log(`${grown.toFixed(0)} MB more, of both ends; ${line.lines.length} lines in the log`);
for (const socket of flood) socket.destroy();
till.removeAllListeners('close');
till.destroy();
await line.close();
process.exit(held < MOST ? 0 : 1);
