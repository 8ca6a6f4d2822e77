import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from '#drivers/simulated/acquirer/authority.ts';
import { openShop, type Shop } from './support.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.end());

const day = 86_400_000;
const validity = { fromMs: Date.now() - day, untilMs: Date.now() + day };
const stranger = createAuthority('stranger', validity).issue({
  commonName: 'terminal',
  usage: 'client',
  names: [],
  validity,
});

/** Resolves when the host has ended the connection; what it said meanwhile. */
const ended = async (options: ConnectionOptions): Promise<string> => {
  const { certificates, port } = shop.acquirer;
  const ca = await readFile(certificates.authority);
  const socket = connect({ host: 'localhost', port, ca, ...options });
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await closed(socket);
  return said;
};
const closed = (socket: TLSSocket) => new Promise((resolve) => socket.once('close', resolve));
const own = async (): Promise<ConnectionOptions> => ({
  cert: await readFile(shop.acquirer.certificates.clientCertificate),
  key: await readFile(shop.acquirer.certificates.clientKey),
});

test('a terminal without certificate is hung up on', async () => {
  expect(await ended({})).toBe('');
});

test("a terminal with another authority's certificate is hung up on", async () => {
  expect(await ended({ cert: stranger.certificate, key: stranger.key })).toBe('');
});

test('a terminal that knows only TLS 1.2 is hung up on', async () => {
  expect(await ended({ ...(await own()), maxVersion: 'TLSv1.2' })).toBe('');
});

test('a stream that is no messages is hung up on', async () => {
  const { certificates, port } = shop.acquirer;
  const ca = await readFile(certificates.authority);
  const socket = connect({ host: 'localhost', port, ca, ...(await own()) });
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await closed(socket);
  expect(shop.log.lines.join('\n')).toContain('not a stream of messages: hung up');
});
