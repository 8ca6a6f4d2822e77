import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { firstValueFrom, take, timeout, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { createTlsLink } from '#drivers/tls/index.ts';
import { reasonOf } from '#drivers/tls/reasons.ts';
import { frame, toAscii } from '#iso8583/index.ts';
import {
  authority,
  clientOf,
  createWorld,
  current,
  downWith,
  isUp,
  past,
  serverOf,
  type World,
} from './support.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

const framed = (text: string): Uint8Array => {
  const bytes = frame(toAscii(text));
  if (isMalformed(bytes)) throw new Error(bytes.problem);
  return bytes;
};
const trusted = authority();
const terminal = clientOf(trusted);
const pair = async (more = {}) => {
  const host = await world.host(serverOf(trusted), trusted);
  const arrived = host.connected();
  const link = await world.link(host.port, trusted, terminal, more);
  const socket = await arrived;
  await isUp(link);
  return { host, link, socket };
};

test('messages go both ways over TLS 1.3, both sides known to each other', async () => {
  const { link, socket } = await pair();
  expect(socket.getProtocol()).toBe('TLSv1.3');
  expect(socket.getPeerX509Certificate()?.subject).toBe('CN=terminal');
  const sent = once(socket, 'data');
  expect(await link.send(toAscii('hello'))).toBeUndefined();
  expect((await sent)[0]).toEqual(Buffer.from(framed('hello')));
  const received = firstValueFrom(link.received$.pipe(timeout(2_000)));
  socket.write(framed('answer'));
  expect(await received).toEqual(toAscii('answer'));
});

test('messages that arrive in pieces or together are told apart', async () => {
  const { link, socket } = await pair();
  const received = firstValueFrom(link.received$.pipe(take(3), toArray(), timeout(2_000)));
  const stream = concat(framed('one'), framed('two'), framed('three'));
  for (const part of [stream.subarray(0, 1), stream.subarray(1, 8), stream.subarray(8)]) {
    await new Promise((resolve) => socket.write(part, resolve));
  }
  expect(await received).toEqual(['one', 'two', 'three'].map(toAscii));
});

test('a stream that is no messages is hung up on, with the reason', async () => {
  const { link, socket } = await pair();
  const down = downWith(link, /length header.*bytes announced/);
  socket.write('HTTP/1.1 400 Bad Request');
  await down;
});

describe('a host that is not the one we trust is refused', () => {
  test.each([
    ['of another authority', () => serverOf(authority()), /not from the authority/],
    ['expired', () => serverOf(trusted, ['localhost'], past), /certificate has expired/],
    ['for another name', () => serverOf(trusted, ['other.example']), /for another name/],
    [
      'not valid yet',
      () => serverOf(trusted, ['localhost'], { ...current, fromMs: current.untilMs - 1000 }),
      /not valid yet/,
    ],
  ])('%s', async (_, identity, why) => {
    const host = await world.host(identity(), trusted);
    const link = await world.link(host.port, trusted, terminal);
    const state = await downWith(link, why);
    expect(state).toMatchObject({ link: 'down', why: { fault: 'linkDown' } });
    expect(await link.send(toAscii('x'))).toMatchObject({ fault: 'linkDown' });
  });

  test('one that offers only TLS 1.2', async () => {
    const host = await world.host(serverOf(trusted), trusted, { maxVersion: 'TLSv1.2' });
    await downWith(await world.link(host.port, trusted, terminal), /before 1\.3: refused/);
  });

  test('one that speaks no TLS at all', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await downWith(await world.link(port, trusted, terminal), /does not speak TLS/);
    server.close();
  });
});

test.each([
  ['of an authority that the host does not know', () => clientOf(authority())],
  ['expired', () => clientOf(trusted, past)],
])('a host that hangs up on our certificate, %s, is suspected of it', async (_, identity) => {
  const host = await world.host(serverOf(trusted), trusted);
  const link = await world.link(host.port, trusted, identity());
  await downWith(link, /may refuse this terminal's certificate/);
});

// What OpenSSL's s_server sends, as Node names it.
test.each([
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not know the authority of this terminal/],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', /this terminal's certificate has expired/],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /wants a client certificate/],
  ['ERR_SSL_SSL/TLS_ALERT_UNSUPPORTED_CERTIFICATE', /refuses this terminal's certificate/],
  ['EHOSTUNREACH', /no way to bank:1/],
  ['ENOTFOUND', /name of bank:1 is not known/],
])('an alert or error %s is said in words', (code, words) => {
  expect(reasonOf(Object.assign(new Error(), { code }), 'bank:1')).toMatch(words);
});

test('a missing file and a key of another certificate are told apart', async () => {
  const host = await world.host(serverOf(trusted), trusted);
  const missing = await world.link(host.port, trusted, terminal, { keyPath: '/nowhere/key.pem' });
  await downWith(missing, /missing or may not be read/);
  const other = { certificate: terminal.certificate, key: clientOf(trusted).key };
  await downWith(await world.link(host.port, trusted, other), /does not belong/);
});

test('a host that is away is found again when it is back', async () => {
  const { host, link, socket } = await pair();
  const back = host.connected();
  const down = downWith(link, /closed the connection/);
  socket.destroy();
  await down;
  await back;
  await isUp(link);
});

test('nobody listens: said at once', async () => {
  const host = await world.host(serverOf(trusted), trusted);
  await host.close();
  await downWith(await world.link(host.port, trusted, terminal), /refuses connections/);
});

test('a host that accepts and then says nothing does not hold us', async () => {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const link = await world.link(port, trusted, terminal, { connectWithinMs: 100 });
  await downWith(link, /handshake within 100 ms/);
  await link.close();
  server.close();
});

test('a connection that takes messages and never answers is replaced', async () => {
  const { host, link } = await pair({ silenceMs: 100 });
  const next = host.connected();
  await link.send(hex('00'));
  await downWith(link, /silent for 100 ms/);
  await next;
});

test('a reason that stays the same is told once, however often we try', async () => {
  const host = await world.host(serverOf(authority()), trusted);
  const link = await world.link(host.port, trusted, terminal);
  const told: string[] = [];
  link.state$.subscribe((state) => told.push(state.link === 'up' ? 'up' : state.why.detail));
  await host.refusals(4);
  expect(told).toEqual(['not connected yet', expect.stringMatching(/not from the authority/)]);
});

test('a closed link is quiet for good', async () => {
  const { host, link } = await pair();
  await link.close();
  await link.close();
  expect(await link.send(hex('00'))).toMatchObject({ fault: 'linkDown' });
  expect(host.sockets).toHaveLength(1);
});

test('closing before the first connection is safe', async () => {
  const link = createTlsLink({
    host: 'localhost',
    port: 1,
    authorityPath: '/nowhere',
    certificatePath: '/nowhere',
    keyPath: '/nowhere',
  });
  await link.close();
  expect(await link.send(hex('00'))).toMatchObject({ fault: 'linkDown' });
});
