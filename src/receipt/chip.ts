import { fromHex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import type { ReceiptWords } from '#config/receipts-config.ts';
import { tag } from '#data/dictionary.ts';
import type { PaymentRecord } from '#payment/record.ts';
import { parseTlvs } from '#tlv/tlv.ts';

/** What card and terminal said of a payment, as far as a receipt tells it. */
export interface ChipFacts {
  /** The card's own name for the application that was used: what its holder knows it by. */
  readonly label?: string;
  /** AID, hexadecimal. */
  readonly application?: string;
  /** "TC", "ARQC" or "AAC". */
  readonly cryptogramType?: string;
  /** Hexadecimal. */
  readonly cryptogram?: string;
  /** Terminal Verification Results, hexadecimal. */
  readonly tvr?: string;
  readonly entry?: keyof ReceiptWords['entries'];
}

/**
 * As the host was sent it (DE 55); what the host was never asked, as the card said it.
 * @param elements a data element of the tap by its tag
 */
export const chipFacts = (
  record: PaymentRecord,
  elements: (tag: number) => Uint8Array | undefined = () => undefined,
): ChipFacts => {
  const sent = sentElements(record);
  const find = (wanted: number) => sent.get(wanted) ?? elements(wanted);
  const text = (wanted: number): string | undefined => hexOf(find(wanted));
  const application = record.card?.application ?? text(tag.dfName);
  const facts = {
    label: labelIn(find(tag.applicationLabel)),
    application: application?.toUpperCase(),
    cryptogramType: cryptogramType(find(tag.cryptogramInformationData)?.[0]),
    cryptogram: text(tag.applicationCryptogram),
    tvr: text(tag.terminalVerificationResults),
    entry: entryOf(record),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
};

const sentElements = ({ request }: PaymentRecord): ReadonlyMap<number, Uint8Array> => {
  const field = request?.fields['55'];
  const bytes = typeof field === 'object' ? fromHex(field.hex) : undefined;
  const objects = bytes === undefined ? [] : parseTlvs(bytes);
  return new Map(isMalformed(objects) ? [] : objects.map(({ tag, value }) => [tag, value]));
};

const hexOf = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : toHex(value).toUpperCase();

// Book 3 Table 15: the two highest bits.
const cryptogramType = (information: number | undefined): string | undefined =>
  information === undefined ? undefined : ['AAC', 'TC', 'ARQC'][information >> 6];

// Book 4 11.3: printable characters of ISO/IEC 8859 that all parts share.
const labelIn = (value: Uint8Array | undefined): string | undefined => {
  const text = String.fromCharCode(...(value ?? [])).trim();
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
};

// DE 22, its first two digits. 00: no card was there. Without a message the card was tapped.
const entryOf = ({ request, card, kind }: PaymentRecord): ChipFacts['entry'] | undefined => {
  const mode = request?.fields['22'];
  if (typeof mode === 'string') return ENTRIES[mode.slice(0, 2)];
  return card === undefined || kind === 'completion' ? undefined : 'contactless';
};

const ENTRIES: Readonly<Record<string, NonNullable<ChipFacts['entry']>>> = {
  '01': 'typed',
  '02': 'stripe',
  '03': 'code',
  '05': 'chip',
  '07': 'contactless',
  '90': 'stripe',
  '91': 'contactless',
};
