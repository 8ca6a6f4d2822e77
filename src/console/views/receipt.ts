import type { Zone } from '#acceptance/index.ts';
import { localText } from '#acceptance/zone.ts';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { amountOf, type PaymentRecord, states } from '#payment/index.ts';
import { codeOf, formatAmount } from '#terminal/format.ts';
import type { Exchange } from '#transcript/index.ts';
import type { ReceiptView } from '../api.ts';
import type { Shop } from '../parts.ts';
import { findElement } from './find-element.ts';
import { CVM_WORDS, chipDataOf, resultIn } from './payments.ts';

/** What a receipt printer takes. */
const COLUMNS = 42;

interface Setting {
  readonly shop: Shop;
  readonly zone: Zone;
  readonly exchanges: readonly Exchange[];
}

/** A copy of a payment's receipt: of the account number, the last four digits. */
export const receiptOf = (record: PaymentRecord, setting: Setting): ReceiptView => {
  const { shop, zone } = setting;
  const lines = [
    centred(shop.merchant),
    pair(`Terminal ${shop.terminalId}`, localText(record.startedMs, zone)),
    '',
    centred(KINDS[record.kind]),
    ...amountLines(record, shop.language),
    '',
    centred(outcomeWords(record)),
    '',
    ...cardLines(record, setting.exchanges),
    ...chipLines(record, setting.exchanges),
    ...pairs([
      ['Authorisation', record.answer?.authorisationCode],
      ['Response', record.answer?.responseCode],
      ['Reference', resultIn(record)?.retrievalReference],
      ['Payment', record.id],
      ['Till', record.tillId],
    ]),
    ...signatureLines(record),
    '',
    centred('COPY'),
  ];
  return { lines: lines.flatMap(folded), copy: true };
};

const KINDS: Readonly<Record<PaymentRecord['kind'], string>> = {
  purchase: 'PURCHASE',
  refund: 'REFUND',
  preAuthorisation: 'PRE-AUTHORISATION',
  completion: 'COMPLETION',
};

const amountLines = (record: PaymentRecord, language: string): readonly string[] => {
  const { currency, amountMinor, approvedMinor, refundedMinor } = record;
  const money = (minor: number) =>
    `${codeOf(currency)} ${formatAmount({ amountMinor: minor, currency }, language)}`;
  return [
    pair('Amount', money(amountOf(record))),
    ...(approvedMinor === undefined ? [] : [pair('Asked for', money(amountMinor))]),
    ...(refundedMinor ? [pair('Given back since', money(refundedMinor))] : []),
  ];
};

const outcomeWords = (record: PaymentRecord): string => {
  const told = resultIn(record)?.status ?? 'error';
  const stands = told === 'approved' && !UNDONE.has(record.state);
  return (stands ? 'approved' : states[record.state].meaning).toUpperCase();
};

const UNDONE: ReadonlySet<string> = new Set([
  'reversing',
  'reversed',
  'refusedLater',
  'writtenOff',
]);

const cardLines = (record: PaymentRecord, exchanges: readonly Exchange[]): readonly string[] => {
  const { card } = record;
  const label = labelIn(exchanges) ?? card?.scheme;
  const lastFour = card?.maskedPan?.slice(-4);
  return [
    ...pairs([
      ['Card', label],
      ['Number', lastFour === undefined ? undefined : `**** **** **** ${lastFour}`],
      ['AID', card?.application?.toUpperCase()],
      ['Entry', record.kind === 'completion' || card === undefined ? undefined : 'contactless'],
    ]),
  ];
};

/** The name that the card itself gives its application: what its holder knows it by. */
const labelIn = (exchanges: readonly Exchange[]): string | undefined => {
  const label = lastAnswered(exchanges, tag.applicationLabel);
  const text = String.fromCharCode(...(label ?? [])).trim();
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
};

const lastAnswered = (exchanges: readonly Exchange[], wanted: number): Uint8Array | undefined => {
  for (const exchange of exchanges.toReversed()) {
    if ('fault' in exchange) continue;
    const found = findElement(exchange.response.subarray(0, -2), wanted);
    if (found !== undefined) return found;
  }
  return undefined;
};

// As the host was sent them; what the host was never asked, as the card said it.
const chipLines = (record: PaymentRecord, exchanges: readonly Exchange[]): readonly string[] => {
  const data = chipDataOf(record);
  const find = (wanted: number) => findElement(data, wanted) ?? lastAnswered(exchanges, wanted);
  const text = (wanted: number): string | undefined => {
    const value = find(wanted);
    return value === undefined ? undefined : toHex(value);
  };
  const { cvm } = resultIn(record) ?? {};
  return pairs([
    [cryptogramName(find(tag.cryptogramInformationData)?.[0]), text(tag.applicationCryptogram)],
    ['TVR', text(tag.terminalVerificationResults)],
    ['ATC', text(tag.applicationTransactionCounter)],
    ['Cardholder', cvm === undefined ? undefined : CVM_WORDS[cvm]],
  ]);
};

// Book 3 Table 15: the two highest bits.
const cryptogramName = (information: number | undefined): string =>
  (information === undefined ? undefined : ['AAC', 'TC', 'ARQC'][information >> 6]) ?? 'Cryptogram';

const signatureLines = (record: PaymentRecord): readonly string[] =>
  resultIn(record)?.cvm === 'obtainSignature' ? ['', '', `Signature ${'.'.repeat(32)}`] : [];

const pairs = (rows: readonly (readonly [string, string | undefined])[]): readonly string[] =>
  rows.flatMap(([name, value]) => (value === undefined ? [] : [pair(name, value)]));

const pair = (name: string, value: string): string => {
  const blank = COLUMNS - name.length - value.length;
  return blank < 1 ? `${name} ${value}` : `${name}${' '.repeat(blank)}${value}`;
};

const centred = (text: string): string =>
  text.length >= COLUMNS ? text : ' '.repeat((COLUMNS - text.length) >> 1) + text;

const folded = (line: string): readonly string[] =>
  line.length <= COLUMNS ? [line] : (line.match(new RegExp(`.{1,${COLUMNS}}`, 'gu')) ?? []);
