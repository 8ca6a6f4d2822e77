import { type Element, elementsOf, tag } from '#data/dictionary.ts';
import type { Tlv } from '#tlv/tlv.ts';
import type { Kernel3Run } from './run.ts';

/**
 * What a card may send: kernel 3's own meaning of a tag before the base books' and Entry Point's.
 * Everything else a card sends is as if absent: unknown tags, and what belongs to terminal, issuer
 * or kernel. Book A 5.7
 */
export const cardElements: ReadonlyMap<number, Element> = new Map(
  [...elementsOf('EP'), ...elementsOf('EMV'), ...elementsOf('K3')].filter(
    ([, { source }]) => source === 'card' || source === 'card/terminal',
  ),
);

/**
 * Keeps what the card sent in GPO and records. An object without a value counts when it comes to
 * objects sent twice, and as absent for everything else (our choice: the book is silent).
 */
export const store = (run: Kernel3Run, objects: readonly Tlv[]): void => {
  for (const { tag: found, value } of objects) {
    const row = cardElements.get(found);
    if (row === undefined) continue;
    const { length } = value;
    if (run.card.has(found) || run.empty.has(found)) run.duplicates.push(found);
    else if (length === 0) run.empty.add(found);
    else {
      run.card.set(found, value);
      const wrong = length < row.min || (row.max !== null && length > row.max);
      if (wrong && USED.has(found)) run.wrongLength ??= found;
    }
  }
};

// What this kernel reads of a card. Anything else may be of any length: real cards carry odd ones,
// and the book validates only what it uses (our reading of 5.4.2).
const USED: ReadonlySet<number> = new Set([
  tag.applicationInterchangeProfile,
  tag.applicationFileLocator,
  tag.applicationCryptogram,
  tag.applicationTransactionCounter,
  tag.issuerApplicationData,
  tag.cryptogramInformationData,
  tag.track2EquivalentData,
  tag.applicationPan,
  tag.applicationPanSequenceNumber,
  tag.applicationExpirationDate,
  tag.applicationUsageControl,
  tag.issuerCountryCode,
  tag.cardTransactionQualifiers,
  tag.formFactorIndicator,
  tag.availableOfflineSpendingAmount,
  tag.cardAuthenticationRelatedDataK3,
  tag.certificationAuthorityPublicKeyIndexCard,
  tag.issuerPublicKeyCertificate,
  tag.issuerPublicKeyRemainder,
  tag.issuerPublicKeyExponent,
  tag.iccPublicKeyCertificate,
  tag.iccPublicKeyExponent,
  tag.iccPublicKeyRemainder,
  tag.signedDynamicApplicationData,
  tag.staticDataAuthenticationTagList,
]);
