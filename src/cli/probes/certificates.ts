import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type CertificateCheck,
  certificateFinding,
  finding,
  type SeenFile,
} from '#doctor/index.ts';
import type { Finding, Probe } from '#ports/finding.ts';
import type { Configuration } from '../load-configuration.ts';
import { tillFolder } from '../opening/till-places.ts';
import type { Places } from '../places.ts';

/** The files of certificates and keys that a configuration names, each with its dates. */
export const certificateProbes = (
  configuration: Configuration,
  places: Places,
  wallMs: () => number,
): Readonly<Record<CertificateCheck, Probe>> => {
  const judged =
    (check: CertificateCheck, files: () => readonly SeenFile[]): Probe =>
    async () =>
      certificateFinding(check, files(), wallMs());
  const own =
    (check: CertificateCheck, folder: string, files: () => readonly SeenFile[]) =>
    async (): Promise<Finding> => {
      const all = [...ownIn(folder), ...files()];
      return all.length === 0 ? finding(check, 'own') : certificateFinding(check, all, wallMs());
    };
  const { console: office, till } = configuration.terminal;
  const seen = filesOf(configuration);
  return {
    hostCertificate: judged('hostCertificate', seen.hostCertificate),
    hostAuthority: judged('hostAuthority', seen.hostAuthority),
    walletCertificate: judged('walletCertificate', seen.walletCertificate),
    consoleCertificate: office.certificate
      ? judged('consoleCertificate', seen.consoleCertificate)
      : own('consoleCertificate', places.console, () => []),
    tillCertificate:
      till === undefined || till.certificate
        ? judged('tillCertificate', seen.tillCertificate)
        : own('tillCertificate', tillFolder(places), seen.tillCertificate),
  };
};

type Files = Readonly<Record<CertificateCheck, () => readonly SeenFile[]>>;

const filesOf = ({ terminal, folder }: Configuration): Files => {
  const at = (path: string) => resolve(folder, path);
  const { connection } = terminal.host;
  const { relay, certificate: tills, clientCertificates } = terminal.till ?? {};
  const pair = (what: string, one: { certificate: string; privateKey: string } | undefined) =>
    one === undefined ? [] : [certificate(what, at(one.certificate), at(one.privateKey))];
  const authority = (what: string, path: string | undefined) =>
    path === undefined ? [] : [certificate(what, at(path))];
  return {
    hostCertificate: () =>
      connection.kind === 'tls' ? pair("The terminal's certificate for the host", connection) : [],
    hostAuthority: () =>
      connection.kind === 'tls'
        ? authority("The host's authority", connection.certificationAuthority)
        : [],
    consoleCertificate: () => pair("The console's certificate", terminal.console.certificate),
    tillCertificate: () => [
      ...pair('The certificate for tills', tills),
      ...authority("The authority of tills' certificates", clientCertificates),
      ...pair("The terminal's certificate for the relay", relay?.certificate),
      ...authority("The relay's authority", relay?.certificationAuthority),
    ],
    walletCertificate: () =>
      terminal.wallets.flatMap((wallet) => {
        if (wallet.kind === 'simulated') return [];
        if (wallet.kind === 'alipay') {
          return [
            key("Alipay's key of the shop", at(wallet.appPrivateKey), 'private'),
            key("Alipay's own key", at(wallet.alipayPublicKey), 'public'),
          ];
        }
        const { title, privateKey, hostPublicKey, certificationAuthority } = wallet;
        return [
          key(`The shop's key for ${title}`, at(privateKey), 'private'),
          key(`The key of ${title}`, at(hostPublicKey), 'public'),
          ...authority(`The authority of ${title}`, certificationAuthority),
        ];
      }),
  };
};

const ownIn = (folder: string): readonly SeenFile[] => {
  const path = join(folder, 'certificate.pem');
  const one = certificate("The terminal's own certificate", path);
  // It is made when the first visitor comes.
  return 'problem' in one.seen && one.seen.problem === 'ENOENT' ? [] : [one];
};

const certificate = (what: string, path: string, keyPath?: string): SeenFile => {
  const read = parsed(path, 'certificate', (pem) => new X509Certificate(pem));
  if ('problem' in read) return { what, path, seen: read };
  const { validFromDate, validToDate } = read.value;
  const dates = { notBeforeMs: validFromDate.getTime(), notAfterMs: validToDate.getTime() };
  if (keyPath === undefined) {
    return { what, path, seen: { dated: true, ...dates, matchesKey: true } };
  }
  const secret = parsed(keyPath, 'private key', (pem) => createPrivateKey(pem));
  if ('problem' in secret) return { what: `${what}: its key`, path: keyPath, seen: secret };
  const matchesKey = read.value.checkPrivateKey(secret.value);
  return { what, path, seen: { dated: true, ...dates, matchesKey } };
};

const key = (what: string, path: string, kind: 'private' | 'public'): SeenFile => {
  const parse = kind === 'private' ? createPrivateKey : createPublicKey;
  const read = parsed(path, `${kind} key`, (pem) => parse(pem));
  return { what, path, seen: 'problem' in read ? read : { dated: false } };
};

// No reason but our own: a library's could quote a key.
const parsed = <Value>(
  path: string,
  what: string,
  parse: (pem: string) => Value,
): { readonly value: Value } | { readonly problem: string } => {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    return { problem: error instanceof Error && 'code' in error ? String(error.code) : 'unread' };
  }
  try {
    return { value: parse(pem) };
  } catch {
    return { problem: `no ${what} in PEM` };
  }
};
