import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import { type NewIdentity, newIdentity } from './new-identity.ts';

/** What the server shows of itself, and can prove. */
export interface Identity extends NewIdentity {
  /** SHA-256 of the certificate: "AB:CD:…", as browsers show it. */
  readonly fingerprint: string;
  readonly untilMs: number;
}

/** Where the identity comes from. */
export type IdentitySource =
  | {
      /** PEM files of the shop's own. */
      readonly kind: 'files';
      readonly certificate: string;
      readonly privateKey: string;
    }
  | {
      /** Made here, and kept in `folder`; `names` are what it is to stand for. */
      readonly kind: 'own';
      readonly folder: string;
      readonly names: readonly string[];
      /** Of its subject; "Countertap" unless stated. Made anew when it is another. */
      readonly commonName?: string;
      /** How long it is good for; as long as browsers take one unless stated. */
      readonly days?: number;
    };

/**
 * The identity as it is to be used now: read, or made when there is none or its end is near.
 * @param name whose it is, for a Fault: "console"
 */
export const identityFrom = (
  source: IdentitySource,
  nowMs: number,
  name = 'console',
): Promise<Identity | Fault> =>
  source.kind === 'files' ? fromFiles(source, name) : ownIdentity(source, nowMs);

/** Whose end is nearer than this is made anew. */
const RENEW_MS = 7 * 86_400_000;

const fromFiles = async (
  { certificate, privateKey }: Extract<IdentitySource, { kind: 'files' }>,
  name: string,
): Promise<Identity | Fault> => {
  const read = (path: string) => readFile(path, 'utf8').catch(codeOf);
  const [first, second] = [await read(certificate), await read(privateKey)];
  const refuse = (path: string, why: string): Fault =>
    fault('protocol', `The ${name}'s certificate: ${path}: ${why}.`);
  if (typeof first !== 'string') return refuse(certificate, first.code);
  if (typeof second !== 'string') return refuse(privateKey, second.code);
  const identity = identityOf({ certificate: first, key: second });
  return typeof identity === 'string'
    ? refuse(identity === NO_KEY ? privateKey : certificate, identity)
    : identity;
};

// One file for both, so that a crash leaves the old pair or the new one.
const ownIdentity = async (
  { folder, names, days, commonName = 'Countertap' }: Extract<IdentitySource, { kind: 'own' }>,
  nowMs: number,
): Promise<Identity | Fault> => {
  const path = join(folder, 'identity.pem');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const known = text === undefined ? undefined : identityOf(halves(text));
  if (known !== undefined && typeof known !== 'string' && known.untilMs - RENEW_MS > nowMs) {
    if (new X509Certificate(known.certificate).subject === `CN=${commonName}`) return known;
  }
  const made = await newIdentity(commonName, names, days);
  if (isFault(made)) return made;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replace(path, made.key + made.certificate, 0o600);
    // For whoever wants to make a browser trust it.
    await replace(join(folder, 'certificate.pem'), made.certificate, 0o600);
  } catch (error) {
    return fault('protocol', `Nothing can be written to ${folder}: ${codeOf(error).code}.`);
  }
  const identity = identityOf(made);
  return typeof identity === 'string' ? fault('protocol', identity) : identity;
};

const halves = (text: string): NewIdentity => {
  const at = text.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: text.slice(0, Math.max(at, 0)), certificate: text.slice(Math.max(at, 0)) };
};

const NO_KEY = 'no private key (without a passphrase) in PEM';

// No reason but our own: a library's could quote a key.
const identityOf = ({ certificate, key }: NewIdentity): Identity | string => {
  const read = attempt(() => new X509Certificate(certificate));
  if (read === undefined) return 'no certificate in PEM';
  const secret = attempt(() => createPrivateKey(key));
  if (secret === undefined) return NO_KEY;
  if (!read.checkPrivateKey(secret)) return 'the private key belongs to another certificate';
  const { fingerprint256: fingerprint, validTo } = read;
  return { certificate, key, fingerprint, untilMs: Date.parse(validTo) };
};

const attempt = <Value>(make: () => Value): Value | undefined => {
  try {
    return make();
  } catch {
    return undefined;
  }
};

const replace = async (path: string, text: string, mode: number): Promise<void> => {
  await writeFile(`${path}.new`, text, { mode, flush: true });
  await rename(`${path}.new`, path);
};

const codeOf = (error: unknown): { readonly code: string } => ({
  code: error instanceof Error && 'code' in error ? String(error.code) : 'unreadable',
});
