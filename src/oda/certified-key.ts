import { concat } from '#bytes/bytes.ts';
import { type RsaPublicKey, rsaPublicKey } from '#crypto/rsa.ts';
import { paddedDigits } from './certificate.ts';
import { endOfMonth } from './dates.ts';
import { type OdaFailure, odaFailure } from './failure.ts';
import { serialNumber } from './revocation-list.ts';

/** What a certificate says, once its hash has matched. */
export interface CertifiedKey {
  /** Issuer identifier (leftmost 3 to 8 digits of the PAN), or the PAN. */
  readonly owner: string;
  /** Last day as a number, see `endOfMonth`. */
  readonly expires: number;
  readonly serial: number;
  readonly rsa: RsaPublicKey;
}

/** How the certificates of issuers and cards differ: Book 2 Tables 6 and 14. */
export interface CertificateForm {
  readonly certificate: number;
  readonly remainder: number;
  readonly exponent: number;
  readonly format: number;
  /** Bytes of the owner's digits from offset 2; all else follows in the same order. */
  readonly ownerLength: number;
}

const RSA = 0x01;
// After the owner: expiry 2, serial 3, hash and key algorithm, key length, exponent length.
const FIXED_LENGTH = 9;
const HASH_AND_TRAILER = 21;

export const hashIdAt = ({ ownerLength }: CertificateForm): number => 2 + ownerLength + 5;

/**
 * Reads a certificate whose hash has matched. What doesn't fit of the modulus comes from the
 * remainder, which is needed only then.
 */
export const readCertificate = (
  form: CertificateForm,
  recovered: Uint8Array,
  remainder: Uint8Array,
  exponent: Uint8Array,
): CertifiedKey | OdaFailure => {
  const wrong = (problem: string) => odaFailure('wrong', form.certificate, problem);
  const at = 2 + form.ownerLength;
  const owner = paddedDigits(recovered.subarray(2, at));
  const expires = endOfMonth(recovered, at);
  if (owner === undefined) return wrong('its owner is not digits');
  if (expires === undefined) return wrong('its expiration date is no month');
  if (recovered[at + 6] !== RSA) return wrong('the algorithm of its key is not known');
  const modulus = modulusIn(form, recovered, remainder);
  if (!(modulus instanceof Uint8Array)) return modulus;
  const e = exponentOf(exponent);
  if (e === undefined) return odaFailure('wrong', form.exponent, 'neither 3 nor 65537');
  const rsa = rsaPublicKey(modulus, e);
  if (rsa === undefined) return wrong('its key is no modulus of 64 to 248 bytes');
  return { owner, expires, serial: serialNumber(recovered, at + 2), rsa };
};

const modulusIn = (
  form: CertificateForm,
  recovered: Uint8Array,
  remainder: Uint8Array,
): Uint8Array | OdaFailure => {
  const at = 2 + form.ownerLength + FIXED_LENGTH;
  const length = recovered[at - 2] ?? 0;
  const end = recovered.length - HASH_AND_TRAILER;
  // A key may not be longer than the one that certifies it. Book 2 §D1.1
  if (length > recovered.length) {
    return odaFailure('wrong', form.certificate, 'its key is longer than the one that signed it');
  }
  const beyond = Math.max(0, length - (end - at));
  // One that isn't needed is let be: the hash covers it.
  if (beyond === 0) return recovered.slice(at, at + length);
  if (remainder.length !== beyond) {
    return odaFailure('wrong', form.remainder, `${remainder.length} bytes, not ${beyond}`);
  }
  return concat(recovered.subarray(at, end), remainder);
};

const exponentOf = (bytes: Uint8Array): number | undefined => {
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const coded = (value === 3 && bytes.length === 1) || (value === 65537 && bytes.length === 3);
  return coded ? value : undefined;
};
