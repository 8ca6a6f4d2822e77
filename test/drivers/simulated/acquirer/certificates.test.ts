import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureCertificates } from '#drivers/simulated/acquirer/certificates.ts';

const DAY = 86_400_000;
const now = Date.UTC(2026, 10, 21);
let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'certificates-')), 'new');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const serial = async (path: string) => new X509Certificate(await readFile(path)).serialNumber;

test('a first start makes certificates for both ends, with keys for nobody else', async () => {
  const paths = await ensureCertificates(folder, now);
  const authority = new X509Certificate(await readFile(paths.authority));
  const host = new X509Certificate(await readFile(paths.serverCertificate));
  expect(authority.ca).toBe(true);
  expect(host.verify(authority.publicKey)).toBe(true);
  expect(host.ca).toBe(false);
  expect([host.checkHost('localhost'), host.checkIP('127.0.0.1')]).toEqual([
    'localhost',
    '127.0.0.1',
  ]);
  expect(host.checkHost('other.example')).toBeUndefined();
  expect(host.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  for (const key of [paths.serverKey, paths.clientKey]) {
    expect((await stat(key)).mode & 0o777).toBe(0o600);
  }
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test('they are kept from start to start, and replaced in their last week', async () => {
  const paths = await ensureCertificates(folder, now);
  const first = await serial(paths.serverCertificate);
  await ensureCertificates(folder, now + 380 * DAY);
  expect(await serial(paths.serverCertificate)).toBe(first);
  await ensureCertificates(folder, now + 392 * DAY);
  expect(await serial(paths.serverCertificate)).not.toBe(first);
});

test.each([
  ['missing', (path: string) => rm(path)],
  ['cut short', (path: string) => writeFile(path, '-----BEGIN CERT')],
])('when one file is %s, all are made anew', async (_, damage) => {
  const paths = await ensureCertificates(folder, now);
  for (const path of Object.values(paths)) {
    const before = await serial(paths.clientCertificate).catch(() => '');
    await damage(path);
    await ensureCertificates(folder, now);
    expect(await serial(paths.clientCertificate), path).not.toBe(before);
  }
});

test('a set that a crash left mixed is made anew', async () => {
  const paths = await ensureCertificates(folder, now);
  const other = await ensureCertificates(join(folder, '..', 'other'), now);
  await writeFile(paths.authority, await readFile(other.authority));
  await ensureCertificates(folder, now);
  const authority = new X509Certificate(await readFile(paths.authority));
  const host = new X509Certificate(await readFile(paths.serverCertificate));
  expect(host.verify(authority.publicKey)).toBe(true);
});
