import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { LONGEST_BODY } from '#drivers/till/body.ts';
import { heard } from '../http/support.ts';
import { openLine } from './support.ts';

let line: Awaited<ReturnType<typeof openLine>>;
afterEach(() => line.close());

const HEAD = 'POST /nexo/ HTTP/1.1\r\nHost: localhost\r\n';
const MEGABYTE = 'x'.repeat(1 << 20);
/** A card number for tests, which must be in no line of any log. */
const PAN = '4761739001010119';

const written = (socket: Socket) => socket.bytesWritten - socket.writableLength;

describe('a body that is too long', () => {
  test.each([
    ['says so and is not read', `Content-Length: ${10 << 20}\r\n\r\n`, ''],
    [
      'comes in chunks and is read up to the limit',
      'Transfer-Encoding: chunked\r\n\r\n',
      '100000\r\n',
    ],
  ])('%s: 413, and the connection is closed', async (_, head, before) => {
    line = await openLine();
    const socket = await line.tls();
    const answered = heard(socket, HEAD + head);
    let sent = 0;
    const more = () => {
      while (sent < 10 && !socket.destroyed) {
        sent += 1;
        if (!socket.write(`${before}${MEGABYTE}${before && '\r\n'}`)) return;
      }
    };
    socket.on('drain', more);
    more();
    const answer = await answered;
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/);
    expect(answer).toContain('"error"');
    expect(written(socket)).toBeLessThan(10 << 20);
    expect(line.desk.heard).toEqual([]);
  });

  test('by one byte is one, and one that is just as long is none', async () => {
    line = await openLine();
    expect((await line.ask('y'.repeat(LONGEST_BODY))).status).toBe(200);
    expect((await line.ask('y'.repeat(LONGEST_BODY + 1))).status).toBe(413);
  });
});

describe('a slow or broken body', () => {
  test('byte by byte is cut off with 408', async () => {
    line = await openLine({ patienceMs: 300 });
    const socket = await line.tls();
    const answered = heard(socket, `${HEAD}Content-Length: 1000\r\n\r\n`);
    const drip = setInterval(() => socket.writable && socket.write('x'), 30);
    expect(await answered).toMatch(/^HTTP\/1\.1 408/);
    clearInterval(drip);
    expect(line.desk.heard).toEqual([]);
    expect((await line.ask('next')).status).toBe(200);
  });

  test('that ends too early never comes to the desk', async () => {
    line = await openLine();
    const socket = await line.tls();
    const answered = heard(socket, `${HEAD}Content-Length: 1000\r\n\r\n${PAN}`);
    socket.end();
    expect(await answered).toMatch(/^HTTP\/1\.1 400 /);
    expect((await line.ask('next')).status).toBe(200);
    expect(line.desk.heard.map(({ text }) => text)).toEqual(['next']);
    expect(JSON.stringify(line.lines)).not.toContain(PAN);
  });
});

describe('too many messages', () => {
  test('of one connection are refused, in their order, and the others are answered', async () => {
    line = await openLine({}, { limits: { atOnceOfOne: 2 } });
    const socket = await line.tls();
    const message = `${HEAD}Content-Length: 4\r\n\r\nwait`;
    const answered = heard(socket, message.repeat(3));
    await expect.poll(() => line.desk.heard.length).toBe(2);
    line.desk.release();
    await expect.poll(() => socket.bytesRead).toBeGreaterThan(0);
    socket.end();
    const statuses = [...(await answered).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, one]) => one);
    expect(statuses).toEqual(['200', '200', '503']);
  });

  test('of all tills are refused, and nothing is left over of them', async () => {
    line = await openLine({}, { limits: { atOnce: 3 } });
    const waiting = Array.from({ length: 3 }, () => line.ask('wait'));
    await expect.poll(() => line.desk.heard.length).toBe(3);
    expect((await line.ask('one more')).status).toBe(503);
    line.desk.release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await line.ask('next')).status).toBe(200);
  });
});

test('connections beyond the bound are closed, and a till that is connected goes on', async () => {
  line = await openLine({ mostConnections: 40, mostPerAddress: 30 });
  const till = await line.tls('127.0.0.9');
  const talk = async (n: number) => {
    const got = new Promise<string>((resolve) => till.once('data', (data) => resolve(`${data}`)));
    till.write(`${HEAD}Content-Length: 2\r\n\r\n${String(n).padStart(2, '0')}`);
    return got;
  };
  expect(await talk(0)).toContain('echo 00');
  const flood: Socket[] = [];
  const come = (from: string) =>
    new Promise<void>((resolve) => {
      const socket = connect({ port: line.port, host: '127.0.0.1', localAddress: from });
      flood.push(socket.on('error', () => undefined).resume());
      socket.once('connect', resolve).once('close', resolve);
    });
  // A hundred at a time: the system itself turns more away, and the line would see none of them.
  for (let n = 1; n < 20; n++) {
    await Promise.all(Array.from({ length: 105 }, (_, at) => come(`127.0.0.${10 + (at % 5)}`)));
    expect(await talk(n)).toContain(`echo ${String(n).padStart(2, '0')}`);
  }
  const left = () => flood.filter((socket) => !socket.closed).length;
  await expect.poll(left, { timeout: 5000 }).toBeLessThan(40);
  expect(await talk(20)).toContain('echo 20');
  for (const socket of flood) socket.destroy();
  const warnings = line.lines.filter(({ message }) => message.includes('no more connections'));
  expect(warnings.length).toBeGreaterThanOrEqual(1);
  expect(line.lines.length).toBeLessThan(20);
  await expect.poll(async () => (await line.ask('free').catch(() => undefined))?.status).toBe(200);
  till.destroy();
});
