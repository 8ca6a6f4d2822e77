import '#drivers/http/metadata.ts';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM, as Node's TLS and Adyen's library take them. */
export interface TerminalCertificates {
  /** Of the authority: what a till is given as `certificatePath`. */
  readonly root: string;
  /** Of the terminal, by that authority. */
  readonly leaf: string;
  readonly leafKey: string;
}

/**
 * An authority of its own and a terminal's certificate by it, as Adyen has them.
 * @param commonName a till of Adyen's wants "model-serial.test.terminal.adyen.com"
 */
export const terminalCertificates = async (
  commonName = 'V400m-123456789.test.terminal.adyen.com',
): Promise<TerminalCertificates> => {
  const authority = await keyPair();
  const terminal = await keyPair();
  const root = await certified('Terminal authority', authority, { keys: authority });
  const leaf = await certified(commonName, terminal, { keys: authority, root });
  return {
    root: root.toString('pem'),
    leaf: leaf.toString('pem'),
    leafKey: pem(await subtle.exportKey('pkcs8', terminal.privateKey)),
  };
};

const { subtle } = globalThis.crypto;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

const keyPair = () => subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

type Keys = Awaited<ReturnType<typeof keyPair>>;

const certified = (
  commonName: string,
  { publicKey }: Keys,
  by: { readonly keys: Keys; readonly root?: X509Certificate },
): Promise<X509Certificate> => {
  const subject = `CN=${commonName}`;
  const isRoot = by.root === undefined;
  const usage = isRoot ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature;
  return X509CertificateGenerator.create({
    subject,
    issuer: by.root?.subject ?? subject,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey,
    signingKey: by.keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(isRoot, undefined, true),
      new KeyUsagesExtension(usage, true),
    ],
  });
};

const pem = (key: ArrayBuffer): string => {
  const lines =
    Buffer.from(key)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
};
