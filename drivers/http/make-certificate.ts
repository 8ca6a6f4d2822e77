// A process of its own: what it loads to make one certificate would stay in the terminal's memory.
import './metadata.ts';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const { subtle } = globalThis.crypto;
const DAY_MS = 86_400_000;
/** A P-256 key and a certificate that it signed itself. RFC 5280 */
const make = async (days: number, commonName: string, names: readonly string[]) => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const serial = globalThis.crypto.getRandomValues(new Uint8Array(16));
  // Positive and without a leading zero, as the number it is.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const beginMs = Date.now() - DAY_MS;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from(serial).toString('hex'),
    name: [{ CN: [commonName] }],
    notBefore: new Date(beginMs),
    notAfter: new Date(beginMs + days * DAY_MS),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = await subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate: `${certificate.toString('pem')}\n`, key: pem('PRIVATE KEY', key) };
};

const pem = (label: string, bytes: ArrayBuffer): string => {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
};

const [days = '', commonName = 'Countertap', ...names] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await make(Number(days), commonName, names)));
