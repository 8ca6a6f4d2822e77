import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { concat } from '#bytes/bytes.ts';
import { encodeTlv } from '#tlv/tlv.ts';

/** A certificate and its private key, as PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface Validity {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Subject {
  readonly commonName: string;
  readonly usage: 'server' | 'client';
  /** Names and IPv4 addresses that the server may be asked for by. */
  readonly names: readonly string[];
  readonly validity: Validity;
}

/** An authority for first starts and tests: it issues certificates and is forgotten. */
export interface Authority {
  readonly certificate: string;
  issue(subject: Subject): Identity;
}

/** A new authority with a P-256 key that lives as long as this object. X.509 v3, RFC 5280. */
export const createAuthority = (commonName: string, validity: Validity): Authority => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { commonName, publicKey, privateKey };
  const certificate = build({ commonName, publicKey, validity }, issuer, [
    extension(OID.basicConstraints, sequence(encodeTlv(0x01, TRUE), integer(Uint8Array.of(0)))),
    // Bit 5, keyCertSign.
    extension(OID.keyUsage, encodeTlv(0x03, Uint8Array.of(2, 0x04))),
    extension(OID.subjectKeyIdentifier, encodeTlv(0x04, keyIdentifier(publicKey)), false),
  ]);
  return {
    certificate,
    issue: (subject) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const { names, usage } = subject;
      const about = { ...subject, publicKey: own.publicKey };
      const signed = build(about, issuer, [
        extension(OID.basicConstraints, sequence()),
        // Bit 0, digitalSignature.
        extension(OID.keyUsage, encodeTlv(0x03, Uint8Array.of(7, 0x80))),
        extension(OID.extendedKeyUsage, sequence(oid(OID[usage])), false),
        extension(
          OID.authorityKeyIdentifier,
          sequence(encodeTlv(0x80, keyIdentifier(publicKey))),
          false,
        ),
        ...(names.length === 0
          ? []
          : [extension(OID.subjectAlternativeName, sequence(...names.map(generalName)), false)]),
      ]);
      return {
        certificate: signed,
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
};

/** Object identifiers, each as its DER value. RFC 5280, RFC 5758. */
const OID = {
  commonName: '550403',
  ecdsaWithSha256: '2A8648CE3D040302',
  subjectKeyIdentifier: '551D0E',
  keyUsage: '551D0F',
  subjectAlternativeName: '551D11',
  basicConstraints: '551D13',
  authorityKeyIdentifier: '551D23',
  extendedKeyUsage: '551D25',
  server: '2B06010505070301',
  client: '2B06010505070302',
} as const;

const TRUE = Uint8Array.of(0xff);

interface About {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly validity: Validity;
}

interface Issuer {
  readonly commonName: string;
  readonly privateKey: KeyObject;
}

// RFC 5280 §4.1: TBSCertificate, algorithm, signature. DER is BER-TLV with the shortest lengths.
const build = (about: About, issuer: Issuer, extensions: readonly Uint8Array[]): string => {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const toBeSigned = sequence(
    encodeTlv(0xa0, integer(Uint8Array.of(2))),
    // Positive, and without a zero byte in front.
    integer(concat(Uint8Array.of(0x40), randomBytes(15))),
    algorithm,
    name(issuer.commonName),
    sequence(time(about.validity.fromMs), time(about.validity.untilMs)),
    name(about.commonName),
    about.publicKey.export({ type: 'spki', format: 'der' }),
    encodeTlv(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, issuer.privateKey);
  const der = sequence(toBeSigned, algorithm, encodeTlv(0x03, Uint8Array.of(0), signature));
  return new X509Certificate(der).toString();
};

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encodeTlv(0x30, ...parts);

const integer = (value: Uint8Array): Uint8Array => encodeTlv(0x02, value);

const oid = (value: string): Uint8Array => encodeTlv(0x06, Buffer.from(value, 'hex'));

const extension = (id: string, value: Uint8Array, critical = true): Uint8Array =>
  sequence(oid(id), ...(critical ? [encodeTlv(0x01, TRUE)] : []), encodeTlv(0x04, value));

// One relative distinguished name: the common name, as UTF8String.
const name = (commonName: string): Uint8Array =>
  sequence(
    encodeTlv(0x31, sequence(oid(OID.commonName), encodeTlv(0x0c, Buffer.from(commonName)))),
  );

// UTCTime, for the years to 2049.
const time = (ms: number): Uint8Array => {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return encodeTlv(0x17, Buffer.from(`${digits}Z`));
};

const generalName = (text: string): Uint8Array =>
  /^[0-9.]+$/.test(text)
    ? encodeTlv(0x87, Uint8Array.from(text.split('.').map(Number)))
    : encodeTlv(0x82, Buffer.from(text));

const keyIdentifier = (key: KeyObject): Uint8Array =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);
