import { toHex } from '#bytes/hex.ts';
import { sha256 } from '#crypto/sha2.ts';
import { type CardCertificates, rids } from './certification.ts';
import { certifyEccIcc, certifyEccIssuer } from './ecc-certificates.ts';
import { type EccKey, simulatedEccKey } from './ecc-keys.ts';
import type { Issuer } from './keys.ts';

/** What an issuer of kernel 8's cards has keys for, as card files name them. */
export type EccIssuerKeyName = 'known' | 'revoked' | 'unknownAuthority';

/**
 * The Countertap test CA on P-256: an index that terminals of the test environment know, and not.
 */
export const eccAuthorities: readonly { readonly index: number; readonly published: boolean }[] = [
  { index: 0xe0, published: true },
  { index: 0xe9, published: false },
];

export const eccAuthorityKey = (index: number): EccKey =>
  simulatedEccKey(`Countertap test CA ${index.toString(16)} for kernel 8`);

export interface CardToCertify {
  readonly issuer: Issuer;
  readonly issuerKeyName: EccIssuerKeyName;
  readonly cardKey: EccKey;
  readonly staticData: Uint8Array;
}

/** Certificates from authority to card, as values in hexadecimal by the dictionary's names. */
export const certifyEccCard = (card: CardToCertify): CardCertificates => {
  const { index, serial } = ISSUERS[card.issuerKeyName];
  const issuerKey = simulatedEccKey(`${card.issuer.name} ${card.issuerKeyName}`);
  const issuerCertificate = certifyEccIssuer(eccAuthorityKey(index), issuerKey, {
    identifier: card.issuer.bins[0] ?? '',
    rid: rids[card.issuer.scheme],
    index,
    serial,
  });
  const iccCertificate = certifyEccIcc(issuerKey, card.cardKey, {
    dataHash: sha256(card.staticData),
  });
  return {
    certificationAuthorityPublicKeyIndexCard: toHex(Uint8Array.of(index)),
    issuerPublicKeyCertificate: toHex(issuerCertificate),
    iccPublicKeyCertificate: toHex(iccCertificate),
  };
};

// The serial numbers that are revoked are for the terminal's list to say.
const ISSUERS: Readonly<Record<EccIssuerKeyName, { index: number; serial: string }>> = {
  known: { index: 0xe0, serial: '000801' },
  revoked: { index: 0xe0, serial: 'DEAD08' },
  unknownAuthority: { index: 0xe9, serial: '000804' },
};
