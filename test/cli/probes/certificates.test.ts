import '#drivers/http/metadata.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import type { CertificateCheck } from '#doctor/index.ts';
import type { Finding } from '#ports/finding.ts';
import { type Configuration, loadConfiguration } from '../../../src/cli/load-configuration.ts';
import { placesIn } from '../../../src/cli/places.ts';
import { certificateProbes } from '../../../src/cli/probes/certificates.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 29);
const { subtle } = globalThis.crypto;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const never = new AbortController().signal;

let folder = '';
let base: Configuration;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countertap-certificates-'));
  const loaded = loadConfiguration('base');
  if (isConfigProblem(loaded)) throw new Error(loaded.expected);
  base = loaded;
  await issue('good', -10, 300);
  await issue('old', -400, -1);
  await issue('young', 5, 300);
  await issue('ending', -300, 11);
  await issue('other', -10, 300);
  writeFileSync(join(folder, 'rubbish.pem'), 'no PEM at all');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A certificate that is valid between two days from now, with its key beside it. */
const issue = async (name: string, fromDays: number, toDays: number): Promise<void> => {
  const keys = await subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(NOW + fromDays * DAY_MS),
    notAfter: new Date(NOW + toDays * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
  });
  const der = Buffer.from(await subtle.exportKey('pkcs8', keys.privateKey));
  const pem = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  writeFileSync(join(folder, `${name}.pem`), certificate.toString('pem'));
  writeFileSync(
    join(folder, `${name}.key`),
    `-----BEGIN PRIVATE KEY-----\n${pem}\n-----END PRIVATE KEY-----\n`,
  );
};

interface Named {
  readonly certificate?: string;
  readonly key?: string;
  readonly authority?: string;
}

const looked = (check: CertificateCheck, named: Named): Promise<Finding> => {
  const { certificate = 'good', key = certificate, authority = 'good' } = named;
  const connection = {
    ...{ kind: 'tls', address: 'host.example', port: 5043, mac: false },
    dialect: 'iso8583-1987-ascii',
    certificationAuthority: `${authority}.pem`,
    certificate: `${certificate}.pem`,
    privateKey: `${key}.key`,
  } as const;
  const terminal = {
    ...base.terminal,
    host: { ...base.terminal.host, connection },
    wallets: [
      {
        ...{ kind: 'retailer', name: 'shop', title: 'Shop wallet', address: 'https://w.example' },
        ...{ merchantId: 'm', keyId: 'k', privateKey: `${key}.key` },
        ...{ hostPublicKey: `${certificate}.key`, certificationAuthority: `${authority}.pem` },
      },
    ],
  } as const;
  const configuration = { ...base, folder, terminal };
  return certificateProbes(configuration, placesIn(folder), () => NOW)[check](never);
};

describe('a certificate for the host', () => {
  test.each([
    ['that is good', { certificate: 'good' }, 'well', 'is valid until 2027-09-25.'],
    ['that expired', { certificate: 'old' }, 'wrong', 'expired on 2026-11-28.'],
    ['of tomorrow', { certificate: 'young' }, 'wrong', 'is valid only from 2026-12-04.'],
    ['that ends soon', { certificate: 'ending' }, 'attention', '2026-12-10, in 11 days.'],
    ['that is none', { certificate: 'rubbish' }, 'wrong', 'no certificate in PEM.'],
    ['that is away', { certificate: 'nowhere' }, 'wrong', 'ENOENT.'],
    ["beside another one's key", { key: 'other' }, 'wrong', 'not belong to the private key'],
    ['whose key is none', { key: 'rubbish' }, 'wrong', 'its key'],
  ])('%s', async (_, named, verdict, words) => {
    const found = await looked('hostCertificate', named);
    expect(found).toMatchObject({ verdict, found: expect.stringContaining(words) });
  });

  test('is not used where the host is simulated', async () => {
    const probes = certificateProbes(base, placesIn(folder), () => NOW);
    expect(await probes.hostCertificate(never)).toMatchObject({ verdict: 'notUsed' });
  });
});

test("the host's authority and those of wallets are looked at, too", async () => {
  expect(await looked('hostAuthority', { authority: 'old' })).toMatchObject({ verdict: 'wrong' });
  const wallet = await looked('walletCertificate', { authority: 'ending' });
  expect(wallet).toMatchObject({ verdict: 'attention', remedy: expect.stringContaining(folder) });
});

test('a certificate that the terminal makes itself is not missed before it is made', async () => {
  const probes = certificateProbes(base, placesIn(join(folder, 'fresh')), () => NOW);
  expect(await probes.consoleCertificate(never)).toMatchObject({ verdict: 'notUsed' });
});
