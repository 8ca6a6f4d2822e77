import { fromCompressedNumeric } from '#bytes/bcd.ts';
import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { CaEccKey } from './ca-public-keys.ts';
import { dateNumber, timeNumber } from './dates.ts';
import {
  type EccIssuerCertificate,
  readEccIccCertificate,
  readEccIssuerCertificate,
} from './ecc-certificates.ts';
import { isOdaFailure, type OdaFailure, odaFailure } from './failure.ts';
import type { RevocationList } from './revocation-list.ts';

export interface EccIccKeyInput {
  readonly caKey: CaEccKey;
  /** First 5 bytes of the application's identifier. */
  readonly rid: Uint8Array;
  /** Certification Authority Public Key Index (8F). */
  readonly index: number;
  /** What the card sent: 5A, 90 and 9F46 are looked up here. */
  readonly card: ReadonlyMap<number, Uint8Array>;
  /** SHA-256 of the card's static data. */
  readonly dataHash: Uint8Array;
  /** Transaction Date 9A and, if it is known, Time 9F21. */
  readonly date: Uint8Array;
  readonly time: Uint8Array | undefined;
  readonly revoked: RevocationList;
  /** Suites that may sign, as the kernel names them to the card. */
  readonly suites: readonly number[];
}

/** x of the card's key, by way of the certification authority's and the issuer's. Book E */
export const recoverEccIccKey = (input: EccIccKeyInput): Uint8Array | OdaFailure => {
  const { caKey, card, suites } = input;
  const today = dateNumber(input.date);
  if (today === undefined) return odaFailure('wrong', tag.transactionDate, 'not a date');
  const indexTag = tag.certificationAuthorityPublicKeyIndexCard;
  if (!suites.includes(caKey.indicator)) {
    return odaFailure('caKeyUnknown', indexTag, 'a key of a suite that is not used');
  }
  if ((caKey.expires ?? today) < today) return odaFailure('expired', indexTag, 'past its date');
  const issuer = readEccIssuerCertificate(
    card.get(tag.issuerPublicKeyCertificate) ?? NOTHING,
    caKey,
  );
  if (isOdaFailure(issuer)) return issuer;
  const refused = refusedIssuer(input, issuer, today);
  if (refused !== undefined) return refused;
  const signer = { suite: issuer.suite, point: issuer.publicKey };
  const certificate = card.get(tag.iccPublicKeyCertificate) ?? NOTHING;
  const icc = readEccIccCertificate(certificate, signer, input.dataHash);
  if (isOdaFailure(icc)) return icc;
  // A terminal that doesn't know the time counts the whole day.
  const now = timeNumber(input.time ?? NOTHING) ?? 0;
  if (icc.expires < today || (icc.expires === today && icc.expiresAt < now)) {
    return odaFailure('expired', tag.iccPublicKeyCertificate, 'past its date and time');
  }
  return icc.cardKey;
};

const NOTHING = new Uint8Array(0);

const refusedIssuer = (
  { rid, index, card, revoked, suites }: EccIccKeyInput,
  issuer: EccIssuerCertificate,
  today: number,
): OdaFailure | undefined => {
  const at = tag.issuerPublicKeyCertificate;
  const pan = fromCompressedNumeric(card.get(tag.applicationPan) ?? NOTHING);
  if (pan === undefined || !pan.startsWith(issuer.issuer)) {
    return odaFailure('wrong', at, 'for an issuer of other account numbers');
  }
  if (!suites.includes(issuer.indicator)) {
    return odaFailure('wrong', at, 'a key of a suite that is not used');
  }
  if (issuer.expires < today) return odaFailure('expired', at, 'past its date');
  if (!equal(issuer.rid, rid)) return odaFailure('wrong', at, 'for another scheme');
  if (issuer.index !== index) return odaFailure('wrong', at, 'for another key of the authority');
  return revoked.has(rid, index, issuer.serial)
    ? odaFailure('revoked', at, 'on the revocation list')
    : undefined;
};
