import { tag } from '#data/dictionary.ts';
import { recognised } from '../shared/card-objects.ts';

/** What kernel 7 takes from a card, and what it reads of it. */
export const cardElements = recognised('K7', [
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
  tag.cardTransactionQualifiers,
  tag.availableOfflineSpendingAmount,
  tag.cardAuthenticationRelatedDataK7,
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
