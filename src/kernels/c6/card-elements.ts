import { tag } from '#data/dictionary.ts';
import { recognised } from '../shared/card-objects.ts';

/** What kernel 6 takes from a card, and what it reads of it. */
export const cardElements = recognised('K6', [
  tag.applicationInterchangeProfile,
  tag.applicationFileLocator,
  tag.applicationCryptogram,
  tag.applicationTransactionCounter,
  tag.issuerApplicationData,
  tag.cryptogramInformationData,
  tag.cardProcessingRequirementsCpr,
  tag.track2EquivalentData,
  tag.applicationPan,
  tag.applicationPanSequenceNumber,
  tag.applicationExpirationDate,
  tag.applicationEffectiveDate,
  tag.applicationUsageControl,
  tag.applicationVersionNumberCard,
  tag.issuerCountryCode,
  tag.offlineBalanceK6,
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
