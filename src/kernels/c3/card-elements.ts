import { tag } from '#data/dictionary.ts';
import { recognised } from '../shared/card-objects.ts';

/** What kernel 3 takes from a card, and what it reads of it (our reading of C-3 5.4.2). */
export const cardElements = recognised('K3', [
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
