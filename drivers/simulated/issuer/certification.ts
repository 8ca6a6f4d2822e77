import { hex, toHex } from '#bytes/hex.ts';
import { type Certificate, certifyIcc, certifyIssuer } from './certificates.ts';
import type { Issuer, Scheme } from './keys.ts';
import type { RsaKey } from './rsa-key.ts';

/** A key of the Countertap test CA: made up, with its private half beside this file. */
export interface Authority {
  /** Certification Authority Public Key Index (8F), the same under each scheme's RID. */
  readonly index: number;
  /** Length of the modulus in bytes. */
  readonly bytes: number;
  readonly exponent: 3 | 65537;
  /** Whether terminals of the test environment get to know it. */
  readonly published: boolean;
}

/** No index that a scheme uses, live or test. */
export const authorities: readonly Authority[] = [
  { index: 0xe0, bytes: 176, exponent: 3, published: true },
  { index: 0xe1, bytes: 248, exponent: 65537, published: true },
  { index: 0xe9, bytes: 176, exponent: 3, published: false },
];

/** What an issuer has keys for, as card files name them. */
export type IssuerKeyName = 'short' | 'long' | 'revoked' | 'unknownAuthority';

export interface CertifiedIssuer {
  /** Index of the authority that signs its certificate. */
  readonly authority: number;
  readonly bytes: number;
  readonly exponent: 3 | 65537;
  /** Certificate Serial Number, three bytes. */
  readonly serial: string;
}

/** Each issuer's keys. Which serial numbers are revoked is for the terminal's list to say. */
export const certifiedIssuers: Readonly<Record<IssuerKeyName, CertifiedIssuer>> = {
  short: { authority: 0xe0, bytes: 176, exponent: 3, serial: '000101' },
  long: { authority: 0xe1, bytes: 248, exponent: 3, serial: '000102' },
  revoked: { authority: 0xe0, bytes: 176, exponent: 3, serial: 'DEAD01' },
  unknownAuthority: { authority: 0xe9, bytes: 176, exponent: 3, serial: '000104' },
};

/** Registered application provider identifiers, under which the schemes publish their keys. */
export const rids: Readonly<Record<Scheme, Uint8Array>> = {
  visa: hex('A000000003'),
  mastercard: hex('A000000004'),
  unionpay: hex('A000000333'),
  discover: hex('A000000152'),
  // Not registered: F is for names that nobody registers. ISO 7816-5
  countertap: hex('F043544150'),
};

/** What a card carries so that a terminal can trust its key, by the dictionary's names. */
export type CardCertificates = Readonly<Record<string, string>>;

export interface CardToCertify {
  readonly issuer: Issuer;
  readonly issuerKeyName: IssuerKeyName;
  readonly authorityKey: RsaKey;
  readonly issuerKey: RsaKey;
  readonly cardKey: RsaKey;
  readonly pan: string;
  readonly staticData: Uint8Array;
}

/** Certificates from authority to card, Book 2 §6.1, as values in hexadecimal. */
export const certifyCard = (card: CardToCertify): CardCertificates => {
  const { authority, serial } = certifiedIssuers[card.issuerKeyName];
  const identifier = card.issuer.bins[0] ?? '';
  const issuer = certifyIssuer(card.authorityKey, card.issuerKey, {
    identifier,
    serial,
    expires: EXPIRES,
  });
  const { pan, staticData } = card;
  const icc = certifyIcc(card.issuerKey, card.cardKey, { pan, staticData, expires: EXPIRES });
  return {
    certificationAuthorityPublicKeyIndexCard: toHex(Uint8Array.of(authority)),
    ...named('issuerPublicKey', issuer),
    ...named('iccPublicKey', icc),
  };
};

// MMYY. Later than any card's own date: a card that is too old fails for that reason alone.
const EXPIRES = '1249';

const named = (name: string, { certificate, remainder, exponent }: Certificate) => ({
  [`${name}Certificate`]: toHex(certificate),
  ...(remainder.length > 0 ? { [`${name}Remainder`]: toHex(remainder) } : {}),
  [`${name}Exponent`]: toHex(exponent),
});
