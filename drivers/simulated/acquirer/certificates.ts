import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from './authority.ts';

/** PEM files for both ends of the host link. The authority's private key is not kept. */
export interface CertificatePaths {
  readonly authority: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/**
 * The certificates in `folder`, made if there are none, if they don't belong together (a crash
 * while they were written) or if they end within a week. Private keys are readable by their owner
 * only.
 */
export const ensureCertificates = async (
  folder: string,
  nowMs: number,
): Promise<CertificatePaths> => {
  const paths: CertificatePaths = {
    authority: join(folder, 'authority.pem'),
    serverCertificate: join(folder, 'host.pem'),
    serverKey: join(folder, 'host.key'),
    clientCertificate: join(folder, 'terminal.pem'),
    clientKey: join(folder, 'terminal.key'),
  };
  if (await areGood(paths, nowMs)) return paths;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const validity = { fromMs: nowMs - DAY_MS, untilMs: nowMs + 397 * DAY_MS };
  const authority = createAuthority('Simulated acquirer authority', validity);
  const server = authority.issue({
    commonName: 'Simulated acquirer',
    usage: 'server',
    names: ['localhost', '127.0.0.1'],
    validity,
  });
  const client = authority.issue({ commonName: 'Terminal', usage: 'client', names: [], validity });
  await replace(paths.serverKey, server.key, 0o600);
  await replace(paths.clientKey, client.key, 0o600);
  await replace(paths.serverCertificate, server.certificate, 0o644);
  await replace(paths.clientCertificate, client.certificate, 0o644);
  await replace(paths.authority, authority.certificate, 0o644);
  return paths;
};

const DAY_MS = 86_400_000;
const replace = async (path: string, text: string, mode: number): Promise<void> => {
  await writeFile(`${path}.new`, text, { mode, flush: true });
  await rename(`${path}.new`, path);
};

const areGood = async (paths: CertificatePaths, nowMs: number): Promise<boolean> => {
  try {
    const authority = new X509Certificate(await readFile(paths.authority));
    const belongs = async (certificatePath: string, keyPath: string): Promise<boolean> => {
      const certificate = new X509Certificate(await readFile(certificatePath));
      return (
        certificate.verify(authority.publicKey) &&
        certificate.checkPrivateKey(createPrivateKey(await readFile(keyPath))) &&
        Date.parse(certificate.validFrom) <= nowMs &&
        Date.parse(certificate.validTo) > nowMs + 7 * DAY_MS
      );
    };
    return (
      (await belongs(paths.serverCertificate, paths.serverKey)) &&
      (await belongs(paths.clientCertificate, paths.clientKey))
    );
  } catch {
    return false;
  }
};
