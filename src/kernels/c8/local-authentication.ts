import { fromCompressedNumeric } from '#bytes/bcd.ts';
import { equal } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { suiteIndicator } from '#oda/ecc-suites.ts';
import { isOdaFailure, type OdaFailure, recoverEccIccKey, recoverIccKey } from '#oda/index.ts';
import { tagText } from '#tlv/tlv.ts';
import { primitives } from '../shared/card-data.ts';
import type { Authentication } from '../shared/kernel.ts';
import { bytesOf, isNotEmpty, type Kernel8Run } from './run.ts';
import { provesKey } from './secure-channel.ts';

/**
 * How a local authentication ended: the card is proven; or it isn't, which is for the terminal
 * action codes; or an element is missing, which ends the transaction.
 */
export type LocalAuthentication =
  | { readonly result: 'proven' }
  | { readonly result: 'failed'; readonly why: string }
  | { readonly result: 'dataMissing'; readonly element: number };

/**
 * Request Process Certificates, C-8: issuer certificate, card certificate, and whether the
 * certified key is behind the one that made the channel. The book may begin with it as soon as the
 * certificates are read; here it follows GENERATE AC, when the card is no more needed.
 */
export const authenticateLocally = (
  run: Kernel8Run,
  staticData: Uint8Array,
  staticDataHash: Uint8Array,
): LocalAuthentication => {
  const index = bytesOf(run, tag.certificationAuthorityPublicKeyIndexCard)[0];
  if (index === undefined) {
    return { result: 'dataMissing', element: tag.certificationAuthorityPublicKeyIndexCard };
  }
  const trust = run.input.authentication;
  const rid = bytesOf(run, tag.dfName).subarray(0, 5);
  const eccKey = trust?.caKeys.findEcc(rid, index);
  const isRsa = trust?.caKeys.find(rid, index) !== undefined;
  if (trust === undefined || (eccKey === undefined && !isRsa)) {
    return failed('no key of the certification authority');
  }
  const needed = eccKey === undefined ? RSA_DATA : ECC_DATA;
  const absent = needed.find((wanted) => !isNotEmpty(run, wanted));
  if (absent !== undefined) return { result: 'dataMissing', element: absent };
  const cardKey =
    eccKey === undefined
      ? rsaCertifiedKey(run, trust, rid, staticData)
      : recoverEccIccKey({
          caKey: eccKey,
          rid,
          index,
          card: run.data,
          dataHash: staticDataHash,
          date: bytesOf(run, tag.transactionDate),
          time: run.data.get(tag.transactionTime),
          revoked: trust.revoked,
          suites: run.channel.certificateSuites,
        });
  if (typeof cardKey === 'string') return failed(cardKey);
  if (isOdaFailure(cardKey)) return failed(described(cardKey));
  return provesKey(run.channel, cardKey)
    ? { result: 'proven' }
    : failed('the certified key is not the one that the channel was made with');
};

const ECC_DATA = [tag.issuerPublicKeyCertificate, tag.iccPublicKeyCertificate];

const RSA_DATA = [
  tag.issuerPublicKeyCertificate,
  tag.issuerPublicKeyExponent,
  tag.iccPublicKeyCertificate,
  tag.iccPublicKeyExponent,
];

const failed = (why: string): LocalAuthentication => ({ result: 'failed', why });

const described = ({ element, problem }: OdaFailure): string => `${tagText(element)}: ${problem}`;

// RSA certificates end in an RSA key that nobody uses: what counts is that they cover the signed
// records, and that these hold the card's key on the curve (9F810B).
const rsaCertifiedKey = (
  run: Kernel8Run,
  { caKeys, revoked, issuerKeys }: Authentication,
  rid: Uint8Array,
  staticData: Uint8Array,
): Uint8Array | OdaFailure | string => {
  if (!run.channel.certificateSuites.includes(suiteIndicator.rsa)) {
    return 'RSA certificates are not enabled here';
  }
  const recovered = recoverIccKey({
    caKeys,
    rid,
    card: run.data,
    staticData,
    pan: fromCompressedNumeric(bytesOf(run, tag.applicationPan)) ?? '',
    date: bytesOf(run, tag.transactionDate),
    revoked,
    ...(issuerKeys === undefined ? {} : { cache: issuerKeys }),
  });
  if (isOdaFailure(recovered)) return recovered;
  const key = bytesOf(run, tag.iccEccPublicKeyForRsaCertificates);
  return isSigned(run, key) ? key : "the card's key is not in the signed records";
};

const isSigned = (run: Kernel8Run, key: Uint8Array): boolean =>
  run.signedRecords.some((record) => {
    const objects = primitives(record);
    return (
      !isMalformed(objects) &&
      objects.some(
        (object) =>
          object.tag === tag.iccEccPublicKeyForRsaCertificates && equal(object.value, key),
      )
    );
  });
