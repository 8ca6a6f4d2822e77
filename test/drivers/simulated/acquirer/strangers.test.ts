import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Acquirer, createAcquirer } from '#drivers/simulated/acquirer/acquirer.ts';
import { createAuthority } from '#drivers/simulated/acquirer/authority.ts';

let stateDir: string;
let acquirer: Acquirer;
const logged: string[] = [];
const line = (fields: unknown, message: string) =>
  void logged.push(`${message} ${JSON.stringify(fields)}`);
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'acquirer-'));
  const log = { debug: line, info: line, warn: line, error: line };
  acquirer = await createAcquirer({ stateDir, port: 0, log });
});
afterAll(async () => {
  await acquirer.close();
  await rm(stateDir, { recursive: true });
});

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
  const { certificates, port } = acquirer;
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
  cert: await readFile(acquirer.certificates.clientCertificate),
  key: await readFile(acquirer.certificates.clientKey),
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
  const { certificates, port } = acquirer;
  const ca = await readFile(certificates.authority);
  const socket = connect({ host: 'localhost', port, ca, ...(await own()) });
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await closed(socket);
  expect(logged.join('\n')).toContain('not a stream of messages: hung up');
});
