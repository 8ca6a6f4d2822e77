import { tag } from '#data/dictionary.ts';
import { recognised } from '../shared/card-objects.ts';

/**
 * What kernel 4 takes from a card, and what it reads of it. 9F6D and 9F6E are the reader's own
 * here: a card that sends them is not listened to.
 */
export const cardElements = recognised('K4', [
  tag.applicationInterchangeProfile,
  tag.applicationFileLocator,
  tag.track2EquivalentData,
  tag.applicationPan,
  tag.applicationPanSequenceNumber,
  tag.applicationExpirationDate,
  tag.applicationEffectiveDate,
  tag.applicationUsageControl,
  tag.applicationVersionNumberCard,
  tag.applicationCurrencyCode,
  tag.issuerCountryCode,
  tag.cdol1,
  tag.issuerActionCodeDefault,
  tag.issuerActionCodeDenial,
  tag.issuerActionCodeOnline,
  tag.cardInterfaceAndPaymentCapabilities,
  tag.mobileCvmResults,
  tag.applicationCryptogram,
  tag.applicationTransactionCounter,
  tag.issuerApplicationData,
  tag.cryptogramInformationData,
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
