import type { RsaPublicKey } from '#crypto/rsa.ts';
import { tag } from '#data/dictionary.ts';
import type { CaKey, CaPublicKeys } from './ca-public-keys.ts';
import { recoverSigned } from './certificate.ts';
import {
  type CertificateForm,
  type CertifiedKey,
  hashIdAt,
  readCertificate,
} from './certified-key.ts';
import { dateNumber } from './dates.ts';
import { isOdaFailure, type OdaFailure, odaFailure } from './failure.ts';
import type { IssuerKeyCache } from './issuer-key-cache.ts';
import type { RevocationList } from './revocation-list.ts';

/** A card's public key, recovered and certified. */
export interface IccKey {
  readonly rsa: RsaPublicKey;
}

export interface IccKeyInput {
  readonly caKeys: CaPublicKeys;
  /** First 5 bytes of the application's identifier. */
  readonly rid: Uint8Array;
  /** What the card sent: 8F, 90, 92, 9F32, 9F46, 9F47 and 9F48 are looked up here. */
  readonly card: ReadonlyMap<number, Uint8Array>;
  /** From `staticDataToAuthenticate`. */
  readonly staticData: Uint8Array;
  /** The account number's digits without padding, from 5A or 57. */
  readonly pan: string;
  /** Transaction Date 9A: YYMMDD in BCD. */
  readonly date: Uint8Array;
  readonly revoked: RevocationList;
  /** Issuers' keys of earlier taps, if the caller keeps any. */
  readonly cache?: IssuerKeyCache;
}

/**
 * The card's public key by way of the certification authority's and the issuer's, Book 2 §6.2 to
 * §6.4. A missing element is reported before anything else is looked at.
 */
export const recoverIccKey = (input: IccKeyInput): IccKey | OdaFailure => {
  const { card, rid } = input;
  const missing = MANDATORY.find((wanted) => (card.get(wanted)?.length ?? 0) === 0);
  if (missing !== undefined) return odaFailure('dataMissing', missing, 'the card has not sent it');
  const today = dateNumber(input.date);
  if (today === undefined) return odaFailure('wrong', tag.transactionDate, 'not a date');
  const indexTag = tag.certificationAuthorityPublicKeyIndexCard;
  const [index = 0, more] = elementOf(card, indexTag);
  if (more !== undefined) return odaFailure('wrong', indexTag, 'longer than one byte');
  const caKey = input.caKeys.find(rid, index);
  if (caKey === undefined) return odaFailure('caKeyUnknown', indexTag, 'no such key here');
  if ((caKey.expires ?? today) < today) return odaFailure('expired', indexTag, 'past its date');
  const issuer = issuerKey(input, caKey);
  if (isOdaFailure(issuer)) return issuer;
  const refused = refusedIssuer(input, issuer, today, index);
  if (refused !== undefined) return refused;
  const icc = certifiedKey(ICC, card, issuer.rsa, [input.staticData]);
  if (isOdaFailure(icc)) return icc;
  if (icc.owner !== input.pan) {
    return odaFailure('wrong', tag.iccPublicKeyCertificate, 'for another account number');
  }
  if (icc.expires < today) {
    return odaFailure('expired', tag.iccPublicKeyCertificate, 'past its month');
  }
  return { rsa: icc.rsa };
};

const ISSUER: CertificateForm = {
  certificate: tag.issuerPublicKeyCertificate,
  remainder: tag.issuerPublicKeyRemainder,
  exponent: tag.issuerPublicKeyExponent,
  format: 0x02,
  ownerLength: 4,
};

const ICC: CertificateForm = {
  certificate: tag.iccPublicKeyCertificate,
  remainder: tag.iccPublicKeyRemainder,
  exponent: tag.iccPublicKeyExponent,
  format: 0x04,
  ownerLength: 10,
};

const MANDATORY = [
  tag.certificationAuthorityPublicKeyIndexCard,
  tag.issuerPublicKeyCertificate,
  tag.issuerPublicKeyExponent,
  tag.iccPublicKeyCertificate,
  tag.iccPublicKeyExponent,
];

const NOTHING = new Uint8Array(0);

const elementOf = (card: ReadonlyMap<number, Uint8Array>, wanted: number): Uint8Array =>
  card.get(wanted) ?? NOTHING;

const certifiedKey = (
  form: CertificateForm,
  card: ReadonlyMap<number, Uint8Array>,
  signer: RsaPublicKey,
  hashedToo: readonly Uint8Array[],
): CertifiedKey | OdaFailure => {
  const remainder = elementOf(card, form.remainder);
  const exponent = elementOf(card, form.exponent);
  const recovered = recoverSigned(
    signer,
    form.certificate,
    elementOf(card, form.certificate),
    form.format,
    hashIdAt(form),
    [remainder, exponent, ...hashedToo],
  );
  return isOdaFailure(recovered)
    ? recovered
    : readCertificate(form, recovered, remainder, exponent);
};

const issuerKey = ({ card, cache }: IccKeyInput, { rsa }: CaKey): CertifiedKey | OdaFailure => {
  const source = {
    caKey: rsa,
    certificate: elementOf(card, ISSUER.certificate),
    remainder: elementOf(card, ISSUER.remainder),
    exponent: elementOf(card, ISSUER.exponent),
  };
  const known = cache?.find(source);
  if (known !== undefined) return known;
  const issuer = certifiedKey(ISSUER, card, rsa, []);
  if (!isOdaFailure(issuer)) cache?.keep(source, issuer);
  return issuer;
};

const refusedIssuer = (
  { rid, pan, revoked }: IccKeyInput,
  { owner, expires, serial }: CertifiedKey,
  today: number,
  index: number,
): OdaFailure | undefined => {
  const at = tag.issuerPublicKeyCertificate;
  if (owner.length < 3 || !pan.startsWith(owner)) {
    return odaFailure('wrong', at, 'for an issuer of other account numbers');
  }
  if (expires < today) return odaFailure('expired', at, 'past its month');
  return revoked.has(rid, index, serial)
    ? odaFailure('revoked', at, 'on the revocation list')
    : undefined;
};
