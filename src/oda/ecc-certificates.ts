import { equal } from '#bytes/bytes.ts';
import { type EcSdsaSuite, verifyEcSdsa } from '#crypto/ec-sdsa.ts';
import { type PointBytes, pointFromX } from '#crypto/elliptic-curve.ts';
import { tag } from '#data/dictionary.ts';
import { paddedDigits } from './certificate.ts';
import { longDateNumber, timeNumber } from './dates.ts';
import { certificateSuite, suiteIndicator } from './ecc-suites.ts';
import { type OdaFailure, odaFailure } from './failure.ts';
import { serialNumber } from './revocation-list.ts';

// Certificates on elliptic curves say everything in clear, and a signature (R||s) stands behind it.
// Book E's text was not at hand: layouts and checks after a public implementation of it.

/** What an issuer's certificate (90) says, once its signature has been believed. */
export interface EccIssuerCertificate {
  /** Leftmost 3 to 10 digits of the account numbers. */
  readonly issuer: string;
  /** Last day as a number such as 20301231. */
  readonly expires: number;
  readonly serial: number;
  readonly rid: Uint8Array;
  /** Certification Authority Public Key Index. */
  readonly index: number;
  /** How the issuer signs. */
  readonly suite: EcSdsaSuite;
  readonly indicator: number;
  readonly publicKey: PointBytes;
}

/**
 * Format 12, encoding 00, issuer identifier (5), suite (1), expiry (YYYYMMDD), serial (3), RID (5),
 * index (1), x of the issuer's key, signature. Book E 5.2
 */
export const readEccIssuerCertificate = (
  certificate: Uint8Array,
  signer: { readonly suite: EcSdsaSuite; readonly point: PointBytes },
): EccIssuerCertificate | OdaFailure => {
  const wrong = (problem: string) => odaFailure('wrong', tag.issuerPublicKeyCertificate, problem);
  const indicator = certificate[7] ?? 0;
  const suite = certificateSuite(indicator);
  if (certificate[0] !== 0x12 || certificate[1] !== 0x00) return wrong('format or encoding');
  if (suite === undefined) return wrong('an algorithm suite that is not known');
  const signatureAt = ISSUER_KEY_AT + suite.curve.fieldBytes;
  if (certificate.length !== signatureAt + signer.suite.signatureBytes) return wrong('its length');
  const issuer = paddedDigits(certificate.subarray(2, 7));
  if (issuer === undefined || issuer.length < 3) return wrong('its issuer is not digits');
  const expires = longDateNumber(certificate, 8);
  if (expires === undefined) return wrong('its expiration date is none');
  if (!isSigned(certificate, signatureAt, signer)) return wrong('not signed by this key');
  const publicKey = pointFromX(suite.curve, certificate.subarray(ISSUER_KEY_AT, signatureAt));
  if (publicKey === undefined) return wrong('its key is no point of the curve');
  return {
    issuer,
    expires,
    serial: serialNumber(certificate, 12),
    rid: certificate.slice(15, 20),
    index: certificate[20] ?? 0,
    suite,
    indicator,
    publicKey,
  };
};

/** What a card's certificate (9F46) says, likewise. */
export interface EccIccCertificate {
  /** Last moment as a number: day 20301231 and time 2359. */
  readonly expires: number;
  readonly expiresAt: number;
  /** x of the card's key, 32 bytes: for either y the channel's keys are the same. */
  readonly cardKey: Uint8Array;
}

/**
 * Format 14, encoding 00, suite of the channel (1), expiry (YYYYMMDD, HHMM), serial (6), hash
 * encoding 01, hash algorithm 02, hash of the card's data (32), x of the card's key (32),
 * signature. Book E 5.4
 * @param dataHash SHA-256 of the static data as the terminal has it
 */
export const readEccIccCertificate = (
  certificate: Uint8Array,
  signer: { readonly suite: EcSdsaSuite; readonly point: PointBytes },
  dataHash: Uint8Array,
): EccIccCertificate | OdaFailure => {
  const wrong = (problem: string) => odaFailure('wrong', tag.iccPublicKeyCertificate, problem);
  if (certificate.length !== ICC_SIGNATURE_AT + signer.suite.signatureBytes) {
    return wrong('its length');
  }
  if (certificate[0] !== 0x14 || certificate[1] !== 0x00) return wrong('format or encoding');
  if (certificate[2] !== suiteIndicator.channelP256) return wrong('a key for another channel');
  const expires = longDateNumber(certificate, 3);
  const expiresAt = timeNumber(certificate, 7);
  if (expires === undefined || expiresAt === undefined) return wrong('its expiration is no date');
  // SHA-256 over all of the data.
  if (certificate[15] !== 0x01 || certificate[16] !== 0x02) return wrong('its hash is not known');
  if (!equal(certificate.subarray(17, ICC_KEY_AT), dataHash)) {
    return wrong("the hash of the card's data does not match");
  }
  if (!isSigned(certificate, ICC_SIGNATURE_AT, signer)) return wrong('not signed by this key');
  return { expires, expiresAt, cardKey: certificate.slice(ICC_KEY_AT, ICC_SIGNATURE_AT) };
};

const ISSUER_KEY_AT = 21;
const ICC_KEY_AT = 49;
const ICC_SIGNATURE_AT = 81;

const isSigned = (
  certificate: Uint8Array,
  signatureAt: number,
  { suite, point }: { readonly suite: EcSdsaSuite; readonly point: PointBytes },
): boolean =>
  verifyEcSdsa(
    suite,
    point,
    certificate.subarray(0, signatureAt),
    certificate.subarray(signatureAt),
  );
