import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { MOST_PER_ADDRESS, openHttps } from '#drivers/http/index.ts';
import { fault, isFault } from '#ports/fault.ts';
import {
  certificateIn,
  GET,
  heard,
  newFolder,
  type Opened,
  openListener,
  recordingLog,
  sayPlain,
  shopIdentity,
  tlsTo,
} from './support.ts';

const folder = newFolder();
let opened: Opened;
afterEach(() => opened.listener.close());

const start = async (options: Parameters<typeof openListener>[1] = {}) => {
  opened = await openListener(folder, options);
  expect(await opened.listener.ready()).toBeUndefined();
  const certificate = certificateIn(folder);
  return { ...opened, certificate, tls: () => tlsTo({ port: opened.port, certificate }) };
};

describe('the listener', () => {
  test('loads its application with the first handshake, once, and speaks TLS 1.3', async () => {
    const { loads, tls, certificate, port } = await start();
    expect(loads()).toBe(0);
    const sockets = await Promise.all([tls(), tls(), tls()]);
    for (const socket of sockets) expect(socket.getProtocol()).toBe('TLSv1.3');
    const answers = await Promise.all(sockets.map((socket) => heard(socket, GET)));
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*hello$/);
    expect(loads()).toBe(1);
    const older = await tlsTo({ port, certificate, maxVersion: 'TLSv1.2' });
    expect(await heard(older, GET)).toContain('hello');
    await expect(tlsTo({ port, certificate, maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  test('is not woken by scanners and browsers that forgot the s', async () => {
    const { loads, port, listener } = await start();
    const plain = await sayPlain(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(plain).toMatch(/^HTTP\/1\.1 400 [\s\S]*Connection: close/);
    expect(plain).toContain(`This address speaks HTTPS: ${listener.url}`);
    expect(await sayPlain(port, Uint8Array.of(0, 1, 2))).toContain('400');
    connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .destroy();
    expect(loads()).toBe(0);
  });

  test('tries again when its application could not be loaded', async () => {
    let broken = true;
    const { tls, lines } = await start({
      app: async () => {
        if (broken) throw new Error('no memory');
        return (_, response) => void response.end('hello');
      },
    });
    await expect(tls()).rejects.toThrow();
    expect(lines.some(({ level, message }) => level === 'error' && /no memory/.test(message))).toBe(
      true,
    );
    broken = false;
    expect(await heard(await tls(), GET)).toContain('hello');
  });

  test('has a certificate of its own soon after the start, and shows that one', async () => {
    const own = newFolder();
    opened = await openListener(newFolder(), {
      identity: { kind: 'own', folder: own, names: ['localhost'] },
    });
    // Somebody may come before it is made: they wait.
    const waiting = heard(connect(opened.port, '127.0.0.1'), Uint8Array.of(0x16));
    expect(await opened.listener.ready()).toBeUndefined();
    const certificate = readFileSync(join(own, 'certificate.pem'), 'utf8');
    const socket = await tlsTo({ port: opened.port, certificate });
    expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(opened.listener.fingerprint());
    expect(await heard(socket, GET)).toContain('hello');
    expect(opened.lines.some(({ message }) => /fingerprint/.test(message))).toBe(true);
    await opened.listener.close();
    await waiting;
  }, 60_000);

  test('says where it can not listen, and why', async () => {
    const { port } = await start();
    const second = await openHttps({
      host: '127.0.0.1',
      port,
      identity: shopIdentity(folder),
      app: async () => () => undefined,
      log: recordingLog([]),
      wallMs: Date.now,
    });
    if (!isFault(second)) await second.close();
    expect(second).toEqual(
      fault(
        'serviceDown',
        `The console can't be served at host 127.0.0.1, port ${port}: ` +
          'another program is listening there already.',
      ),
    );
  });

  test('ends every connection when it is closed', async () => {
    const { tls, listener } = await start();
    const sockets = await Promise.all([tls(), tls()]);
    const ended = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) socket.on('error', () => undefined);
    await listener.close();
    await Promise.all(ended);
  });
});

describe('a client that takes its time', () => {
  const slow: readonly [string, string][] = [
    ['with the head', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: '],
    ['with the body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{'],
  ];
  test.each(slow)('%s is told so and sent away', async (_, text) => {
    const never = async () => () => undefined;
    const { tls } = await start({ patienceMs: 300, app: never });
    expect(await heard(await tls(), text)).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
  });

  test('byte by byte gains nothing by it', async () => {
    const { tls } = await start({ patienceMs: 300 });
    const socket = await tls();
    const answered = heard(socket, 'GET / HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => socket.writable && socket.write('X: y\r\n'), 50);
    expect(await answered).toMatch(/^HTTP\/1\.1 408/);
    clearInterval(drip);
  });

  test('before its handshake, or within it, is sent away without a word', async () => {
    const { port, lines } = await start({ patienceMs: 300 });
    expect(await sayPlain(port, '')).toBe('');
    // The head of a ClientHello, and then nothing.
    expect(await sayPlain(port, Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3))).toBe('');
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

const POST = 'POST / HTTP/1.1\r\nHost: localhost\r\n';

describe('what is no HTTP', () => {
  test.each([
    ['nonsense', 'NONSENSE\r\n\r\n', '400'],
    ['a head without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}`, '431'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      '400',
    ],
    [
      'a length and chunks, to smuggle a second request',
      `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      '400',
    ],
    ['a head without a host', 'GET / HTTP/1.1\r\n\r\n', '400'],
  ])('%s', async (_, text, status) => {
    const { tls } = await start();
    expect(await heard(await tls(), text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('garbage after a handshake has begun ends in an alert and no error of ours', async () => {
    const { port, lines } = await start();
    await sayPlain(
      port,
      Uint8Array.from({ length: 300 }, (_, i) => (i === 0 ? 0x16 : i & 255)),
    );
    expect(lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });
});

test('one address leaves connections to others', async () => {
  const { port, certificate, tls } = await start();
  const many = Array.from({ length: MOST_PER_ADDRESS }, () => tls());
  const held = await Promise.all(many);
  for (const socket of held) socket.on('error', () => undefined);
  await expect(tls()).rejects.toThrow();
  const other = await tlsTo({ port, certificate, localAddress: '127.0.0.2' });
  expect(await heard(other, GET)).toContain('hello');
  const gone = new Promise((resolve) => held[0]?.once('close', resolve));
  held[0]?.destroy();
  await gone;
  await expect.poll(async () => (await tls().catch(() => undefined)) !== undefined).toBe(true);
});

test('all addresses together have 64', async () => {
  const { port, certificate } = await start();
  const from = (n: number) => tlsTo({ port, certificate, localAddress: `127.0.0.${n}` });
  const held = await Promise.all(Array.from({ length: 64 }, (_, n) => from(2 + (n % 8))));
  for (const socket of held) socket.on('error', () => undefined);
  await expect(from(20)).rejects.toThrow();
});
