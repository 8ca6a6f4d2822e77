import { type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { tagText } from '#tlv/tlv.ts';
import type { Scheme } from './keys.ts';

/** What the issuer reads out of 9F10, in its scheme's layout. */
export interface IssuerApplicationData {
  /** Cryptogram version number: which keys and data made the cryptogram. */
  readonly cvn: number;
  /** Card verification results as they enter the cryptogram. */
  readonly cvr: Uint8Array;
  /** M/Chip accumulators and counters, 8 bytes; empty where the layout has none. */
  readonly counters: Uint8Array;
}

/** Takes 9F10 apart; Malformed when it is too short for its layout. */
export const readIssuerApplicationData = (
  scheme: Scheme,
  iad: Uint8Array,
): IssuerApplicationData | Malformed => {
  if (scheme === 'mastercard') return mchip(iad);
  if (scheme === 'discover') return dpas(iad);
  if (scheme === 'countertap') return ccd(iad);
  return iad[0] === 0x1f ? visaLong(iad) : visaShort(iad);
};

// Visa formats 0, 1 and 3, and UnionPay's: length, key index, CVN, CVR of four bytes (03 and three
// more), and maybe issuer data with a length of its own.
const visaShort = (iad: Uint8Array): IssuerApplicationData | Malformed =>
  iad.length < 7
    ? tooShort(iad, 7)
    : { cvn: iad[2] ?? 0, cvr: iad.subarray(3, 7), counters: NOTHING };

// Visa formats 2 and 4: 1F, CVN, key index, CVR of five bytes, issuer data up to 32 in all.
const visaLong = (iad: Uint8Array): IssuerApplicationData | Malformed =>
  iad.length < 32
    ? tooShort(iad, 32)
    : { cvn: iad[1] ?? 0, cvr: iad.subarray(3, 8), counters: NOTHING };

// M/Chip: key index, CVN, CVR of six bytes, DAC or dynamic number (2), counters (8).
const mchip = (iad: Uint8Array): IssuerApplicationData | Malformed =>
  iad.length < 10
    ? tooShort(iad, 10)
    : { cvn: iad[1] ?? 0, cvr: iad.subarray(2, 8), counters: iad.subarray(10, 18) };

// D-PAS, as kernel 6 takes it: key index, CVN, contactless CVR of eight bytes.
const dpas = (iad: Uint8Array): IssuerApplicationData | Malformed =>
  iad.length < 10
    ? tooShort(iad, 10)
    : { cvn: iad[1] ?? 0, cvr: iad.subarray(2, 10), counters: NOTHING };

// CCD: 0F, common core identifier (A6: AES), key index, CVR of five bytes, counters (8), 0F, issuer
// data (15), of which the last eight bytes are the IAD-MAC. Book 3 Annex C7
const ccd = (iad: Uint8Array): IssuerApplicationData | Malformed =>
  iad.length < 32
    ? tooShort(iad, 32)
    : { cvn: iad[1] ?? 0, cvr: iad.subarray(3, 8), counters: iad.subarray(8, 16) };

const tooShort = (iad: Uint8Array, expected: number): Malformed =>
  malformed(
    [tagText(tag.issuerApplicationData)],
    iad.length,
    `${iad.length} bytes where its layout needs ${expected}`,
  );

const NOTHING = new Uint8Array();
