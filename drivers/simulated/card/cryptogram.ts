import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { applicationCryptogram } from '../issuer/index.ts';
import type { CardChannel } from './c8/channel.ts';
import type { CardApplication } from './personalise.ts';

/** Bits 8-7 of the cryptogram information data, 6-5 of the card verification results. */
export type CryptogramType = 'aac' | 'tc' | 'arqc';

export const typeBits: Readonly<Record<CryptogramType, number>> = { aac: 0, tc: 1, arqc: 2 };

/** One payment as the card sees it. */
export interface CardTransaction {
  /** Application transaction counter, 2 bytes. */
  readonly atc: Uint8Array;
  /** What the terminal sent for a DOL, by tag. */
  readonly terminal: ReadonlyMap<number, Uint8Array>;
  /** Values for the PDOL, as they came. */
  readonly pdolValues: Uint8Array;
  /** Terminal's and card's entropy and the card's three times, once they were exchanged. */
  readonly relayResistance: Uint8Array | undefined;
  /** The secure channel, once it is open. Kernel 8. */
  readonly channel: CardChannel | undefined;
  /** Bytes that nobody can foresee. */
  readonly random: (length: number) => Uint8Array;
  /** The shopper has identified to the device: face, finger or passcode. */
  readonly verifiedOnDevice: boolean;
}

/**
 * The elements that come with a cryptogram: 9F26, 9F27, 9F36 and 9F10 with this transaction's
 * card verification results. Malformed when the terminal's data can't be covered.
 */
export const cryptogramElements = (
  app: CardApplication,
  transaction: CardTransaction,
  type: CryptogramType,
): Map<number, Uint8Array> | Malformed => {
  const own = new Map<number, Uint8Array>([
    [tag.applicationTransactionCounter, transaction.atc],
    [tag.issuerApplicationData, resultsOf(app, transaction, type)],
  ]);
  const aip = app.elements.get(tag.applicationInterchangeProfile);
  const covered = new Map([...transaction.terminal, ...own]);
  if (aip !== undefined) covered.set(tag.applicationInterchangeProfile, aip);
  const cryptogram = applicationCryptogram(app.method, app.masterKey, covered);
  if (isMalformed(cryptogram)) return cryptogram;
  return own
    .set(tag.applicationCryptogram, cryptogram.value)
    .set(tag.cryptogramInformationData, Uint8Array.of(typeBits[type] << 6));
};

/** The listed elements as TLV, computed ones first choice; absent ones are left out. */
export const listed = (
  app: CardApplication,
  list: readonly number[],
  computed: ReadonlyMap<number, Uint8Array>,
): Uint8Array[] => {
  const parts: Uint8Array[] = [];
  for (const one of list) {
    const value = computed.get(one) ?? app.elements.get(one);
    if (value !== undefined) parts.push(encodeTlv(one, value));
  }
  return parts;
};

/** Template 77 with the listed elements. */
export const responseTemplate = (
  app: CardApplication,
  list: readonly number[],
  computed: ReadonlyMap<number, Uint8Array>,
): Uint8Array => encodeTlv(tag.responseMessageTemplateFormat2, ...listed(app, list, computed));

// The card verification results inside 9F10: which cryptogram this is (bits 6-5; bits 8-7 = 10, no
// second one was asked for), and whether the device knows its holder.
export const resultsOf = (
  app: CardApplication,
  { verifiedOnDevice }: CardTransaction,
  type: CryptogramType,
): Uint8Array => {
  const iad = Uint8Array.from(app.elements.get(tag.issuerApplicationData) ?? []);
  const set = (at: number, keep: number, bits: number) => {
    iad[at] = ((iad[at] ?? 0) & keep) | bits;
  };
  const kind = 0x80 | (typeBits[type] << 4);
  if (app.scheme === 'mastercard') {
    // M/Chip CVR byte 1: bit 3 verification performed, bit 1 successful.
    set(2, 0x0f, kind | (verifiedOnDevice ? 0x05 : 0));
    return iad;
  }
  if (app.scheme === 'discover') {
    // D-PAS CVR byte 1 bits 6-5: which cryptogram; byte 2 bit 2 verified on the device.
    set(2, 0xcf, typeBits[type] << 4);
    set(3, 0xfc, verifiedOnDevice ? 0x02 : 0);
    return iad;
  }
  if (app.scheme === 'countertap') {
    // CCD's CVR byte 1.
    set(3, 0x0f, kind);
    return iad;
  }
  set(4, 0x0f, kind);
  if (iad[0] === 0x1f && verifiedOnDevice) {
    // Format 2: byte 1 who verified and how (3 an application of the secure element, 4 face),
    // byte 2 bit 3 and byte 5 bit 2 verified on the device.
    set(3, 0x00, 0x34);
    set(4, 0xff, 0x04);
    set(7, 0xff, 0x02);
  }
  return iad;
};
