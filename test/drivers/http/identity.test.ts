import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Identity, type IdentitySource, identityFrom } from '#drivers/http/identity.ts';
import { keepIdentity } from '#drivers/http/identity-keeper.ts';
import { machineNames } from '#drivers/http/machine-names.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { newFolder, recordingLog } from './support.ts';

const DAY_MS = 86_400_000;
const folder = join(newFolder(), 'console');
const names = ['localhost', 'till-3', '127.0.0.1', '::1', '192.0.2.7'];
const own: IdentitySource = { kind: 'own', folder, names };

const good = (identity: Identity | Fault): Identity => {
  if (isFault(identity)) throw new Error(identity.detail);
  return identity;
};

let first: Identity;
beforeAll(async () => {
  first = good(await identityFrom(own, Date.now()));
});

describe('the certificate of our own', () => {
  test('is what a browser asks for: P-256, names and addresses, at most 398 days', () => {
    const { certificate, key, fingerprint, untilMs } = first;
    const read = new X509Certificate(certificate);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(read.subjectAltName).toBe(
      'DNS:localhost, DNS:till-3, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, ' +
        'IP Address:192.0.2.7',
    );
    expect(read.ca).toBe(false);
    expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    const days = (Date.parse(read.validTo) - Date.parse(read.validFrom)) / DAY_MS;
    expect([days, untilMs]).toEqual([397, Date.parse(read.validTo)]);
    expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(fingerprint).toBe(read.fingerprint256);
  });

  test('is accepted by another implementation', () => {
    const path = join(folder, 'certificate.pem');
    const checks = ['-purpose', 'sslserver', '-verify_hostname', 'till-3', '-x509_strict'];
    const said = execFileSync('openssl', ['verify', ...checks, '-CAfile', path, path]).toString();
    expect(said).toContain('OK');
  });

  test('lies where nobody else reads it', () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).sort()).toEqual(['certificate.pem', 'identity.pem']);
    expect(statSync(join(folder, 'identity.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'certificate.pem'), 'utf8')).not.toContain('PRIVATE');
  });

  test('stays, until a week before its end', async () => {
    const before = await identityFrom(own, first.untilMs - 8 * DAY_MS);
    expect(good(before).fingerprint).toBe(first.fingerprint);
    const other = newFolder();
    const { untilMs, fingerprint } = good(
      await identityFrom({ ...own, folder: other }, Date.now()),
    );
    const renewed = await identityFrom({ ...own, folder: other }, untilMs - 6 * DAY_MS);
    expect(good(renewed).fingerprint).not.toBe(fingerprint);
  });

  test.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['of another key', (text: string) => text.replace(/^[\s\S]*?(?=-----BEGIN CERT)/, otherKey)],
  ])('that is %s is made anew', async (_, damage) => {
    const there = newFolder();
    const path = join(there, 'identity.pem');
    writeFileSync(path, damage(readFileSync(join(folder, 'identity.pem'), 'utf8')));
    const made = good(await identityFrom({ ...own, folder: there }, Date.now()));
    expect(made.fingerprint).not.toBe(first.fingerprint);
    expect(readFileSync(path, 'utf8')).toBe(made.key + made.certificate);
  });

  test('that can not be kept is a fault that names the folder', async () => {
    // A file where the folder should be.
    const there = join(folder, 'identity.pem', 'console');
    const refused = await identityFrom({ ...own, folder: there }, Date.now());
    expect(isFault(refused) && refused.detail).toBe(`Nothing can be written to ${there}: ENOTDIR.`);
  });
});

const otherKey = (): string =>
  execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();

describe('files of the shop', () => {
  const there = newFolder();
  const certificate = join(there, 'shop.pem');
  const privateKey = join(there, 'shop.key');
  const files: IdentitySource = { kind: 'files', certificate, privateKey };
  beforeAll(() => {
    writeFileSync(certificate, first.certificate);
    writeFileSync(privateKey, first.key);
  });

  test('are used as they are', async () => {
    expect(good(await identityFrom(files, Date.now())).fingerprint).toBe(first.fingerprint);
  });

  test.each([
    ['is not there', { certificate: join(there, 'none.pem') }, /none\.pem: ENOENT/],
    ['is none', { certificate: privateKey }, /shop\.key: no certificate in PEM/],
    ['is a certificate in place of a key', { privateKey: certificate }, /no private key/],
  ])('one that %s is named', async (_, wrong, words) => {
    const refused = await identityFrom({ ...files, ...wrong }, Date.now());
    expect(isFault(refused) && refused.detail).toMatch(words);
  });

  test('a key of another certificate is no key', async () => {
    const other = join(there, 'other.key');
    writeFileSync(other, otherKey());
    const refused = await identityFrom({ ...files, privateKey: other }, Date.now());
    expect(isFault(refused) && refused.detail).toContain('belongs to another certificate');
    expect(isFault(refused) && refused.detail).not.toContain('BEGIN');
  });

  test('that were renewed count from the next look on; broken ones change nothing', async () => {
    const changes: string[] = [];
    const keeper = keepIdentity({
      source: files,
      log: recordingLog([]),
      wallMs: Date.now,
      onChange: ({ fingerprint }) => changes.push(fingerprint),
    });
    await keeper.current();
    const next = good(await identityFrom({ ...own, folder: newFolder() }, Date.now()));
    writeFileSync(certificate, next.certificate);
    await keeper.look();
    expect(keeper.known()?.fingerprint).toBe(first.fingerprint);
    writeFileSync(privateKey, next.key);
    await keeper.look();
    expect([keeper.known()?.fingerprint, changes]).toEqual([next.fingerprint, [next.fingerprint]]);
    keeper.close();
  });
});

test('the names of this machine are names and addresses that a certificate can hold', () => {
  const { names: found, addresses } = machineNames(['Till-3.Shop.example', 'no name']);
  expect(found).toContain('localhost');
  expect(found).toContain('till-3.shop.example');
  expect(found).not.toContain('no name');
  expect(addresses).toContain('127.0.0.1');
  expect(addresses.filter((one) => one.startsWith('fe80'))).toEqual([]);
});
