import { type BitPosition, equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { ARQC } from './cryptogram-type.ts';
import type { DataMap } from './kernel-input.ts';

type BitNames = Readonly<Record<string, BitPosition>>;

/**
 * Terminal Transaction Qualifiers (9F66) of Entry Point and kernels 3, 6 and 7, as byte and bit.
 * Book A 5.7
 */
export const ttq = {
  magneticStripeMode: [1, 8],
  odaForOnlineSupported: [1, 1],
  offlineOnlyReader: [1, 4],
  onlinePinSupported: [1, 3],
  signatureSupported: [1, 2],
  contactChipSupported: [1, 5],
  onlineCryptogramRequired: [2, 8],
  cvmRequired: [2, 7],
  issuerUpdateSupported: [3, 8],
  cdcvmSupported: [3, 7],
} as const satisfies BitNames;

/** What of Card Transaction Qualifiers (9F6C) kernels 3 and 7 have in common. */
export const ctq = {
  onlinePinRequired: [1, 8],
  signatureRequired: [1, 7],
  goOnlineIfOdaFails: [1, 6],
  switchInterfaceIfOdaFails: [1, 5],
  goOnlineIfExpired: [1, 4],
  cdcvmPerformed: [2, 8],
} as const satisfies BitNames;

/**
 * Whether the card's word that its holder was verified on the device counts: by the signed copy of
 * its qualifiers (9F69 bytes 6-7), or by an issuer who sees the ARQC. C-3 5.7.1.2, C-7 likewise
 */
export const cdcvmIsGenuine = (card: DataMap): boolean => {
  const signed = card.get(tag.cardAuthenticationRelatedDataK3);
  if (signed === undefined) return cryptogramTypeIn(card) === ARQC;
  // A 9F69 too short to hold the copy differs from the CTQ's two bytes by its length.
  return equal(signed.subarray(5, 7), card.get(tag.cardTransactionQualifiers) ?? NOTHING);
};

/** Of 9F27, else of the CVR in the IAD; undefined when neither tells. C-3 5.4.3, C-7 likewise */
export const cryptogramTypeIn = (card: DataMap): number | undefined => {
  const information = card.get(tag.cryptogramInformationData)?.[0];
  if (information !== undefined) return information >> 6;
  // IAD byte 5 bits 6-5: byte 2 of the CVR, the same place in Visa's IAD formats 0 to 4 and in
  // UnionPay's.
  const cvr = card.get(tag.issuerApplicationData)?.[4];
  return cvr === undefined ? undefined : (cvr >> 4) & 3;
};

const NOTHING = new Uint8Array(0);
