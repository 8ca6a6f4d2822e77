import type { ReceiptWords } from '#config/receipts-config.ts';
import { type Currency, currencyByNumeric } from '#data/currencies.ts';
import type { PaymentRecord } from '#payment/record.ts';
import { amountOf } from '#payment/record.ts';
import type { Receipt, ReceiptPart } from '#ports/receipt-printer.ts';
import { shownNumber, withoutAccount } from './account.ts';
import { type ChipFacts, chipFacts } from './chip.ts';
import { isNothing, kindOf, outcomeOf, type ReceiptOutcome } from './outcome.ts';
import { type ReceiptOptions, type Told, toldOf } from './source.ts';

/**
 * A payment's receipt as it stands now, with what the schemes ask for. Of the account number the
 * shopper's copy has the last four digits, the shop's the first six too.
 */
export const receiptFor = (record: PaymentRecord, options: ReceiptOptions): Receipt => {
  const { shop, language, words, code } = options;
  const outcome = outcomeOf(record);
  const parts: readonly ReceiptPart[] = [
    { part: 'title', text: shop.merchant },
    ...pairs([
      [words.labels.merchant, shop.merchantId],
      [words.labels.terminal, shop.terminalId],
      [words.labels.date, dateText(options.localMs(record.startedMs))],
    ]),
    { part: 'rule' },
    strong(words.kinds[kindOf(record)]),
    { part: 'line', text: words.copies[options.copy] },
    ...(options.duplicate === true ? [strong(words.copies.duplicate)] : []),
    { part: 'space' },
    ...amountParts(record, options),
    { part: 'space' },
    strong(words.outcomes[outcome]),
    ...notesOn(record, outcome, words),
    { part: 'rule' },
    ...cardParts(record, options),
    ...walletParts(record, words),
    ...hostParts(record, words),
    ...closing(record, outcome, options),
    ...(code === undefined ? [] : [{ part: 'space' } as const, { part: 'qr', ...code } as const]),
  ];
  return { language, parts };
};

/** "EUR 1,234.50", as the language writes it, in digits and letters that every printer has. */
export const receiptMoney = (amountMinor: number, currency: number, language: string): string => {
  const known = currencyByNumeric(currency);
  if (known === undefined) return `${amountMinor} ${currency.toString().padStart(3, '0')}`;
  const text = formatOf(language, known).format(amountMinor / 10 ** known.exponent);
  // Blanks that don't break, and Arabic's marks of direction.
  return text.replaceAll(/[\u00A0\u202F]/g, ' ').replaceAll(/[\u200E\u200F\u061C]/g, '');
};

// Making one takes longer than all else of a receipt, and most are in the shop's language.
let latest: { readonly name: string; readonly format: Intl.NumberFormat } | undefined;

const formatOf = (language: string, { code, exponent }: Currency): Intl.NumberFormat => {
  const name = `${language} ${code}`;
  if (latest?.name === name) return latest.format;
  const format = new Intl.NumberFormat(`${language}-u-nu-latn`, {
    style: 'currency',
    currency: code,
    currencyDisplay: 'code',
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  latest = { name, format };
  return format;
};

type Row = readonly [label: string, value: string | undefined];

const pairs = (rows: readonly Row[]): readonly ReceiptPart[] =>
  rows.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [{ part: 'pair', label, value } as const],
  );

const strong = (text: string): ReceiptPart => ({ part: 'line', text, strong: true });

// The order of ISO 8601 is the same in every language.
const dateText = (localMs: number): string =>
  new Date(localMs).toISOString().slice(0, 19).replace('T', ' ');

const amountParts = (
  record: PaymentRecord,
  { words: { labels }, language }: ReceiptOptions,
): readonly ReceiptPart[] => {
  const { currency, amountMinor, approvedMinor, refundedMinor = 0, wallet } = record;
  const money = (minor: number) => receiptMoney(minor, currency, language);
  const amount = amountOf(record);
  const discount = wallet?.discountMinor ?? 0;
  const { tipMinor = 0, cashBackMinor = 0, surchargeMinor = 0 } = record;
  const more = tipMinor + cashBackMinor + surchargeMinor;
  const part = (minor: number) => (minor === 0 ? undefined : money(minor));
  return [
    // A sum and, beneath it, what it comes to: of a part that was approved nobody knows which.
    ...pairs([
      [labels.goods, more === 0 ? undefined : money(amountMinor - more)],
      [labels.tip, part(tipMinor)],
      [labels.cashBack, part(cashBackMinor)],
      [labels.surcharge, part(surchargeMinor)],
    ]),
    { part: 'pair', label: labels.amount, value: money(amount), strong: true },
    ...pairs([
      [labels.requested, approvedMinor === undefined ? undefined : money(amountMinor)],
      [labels.discount, discount === 0 ? undefined : money(-discount)],
      [labels.paid, discount === 0 ? undefined : money(amount - discount)],
      [labels.refunded, refundedMinor === 0 ? undefined : money(refundedMinor)],
    ]),
  ];
};

const notesOn = (
  { kind, state, offline }: PaymentRecord,
  outcome: ReceiptOutcome,
  { notes }: ReceiptWords,
): readonly ReceiptPart[] => {
  const said: string[] = [];
  if (state === 'queued' && offline !== 'completion') said.push(notes.offline);
  if (kind === 'preAuthorisation' && state === 'preAuthorised') said.push(notes.held);
  if (kind !== 'refund' && isNothing(outcome)) said.push(notes.notCharged);
  return said.map((text) => ({ part: 'line', text }));
};

const cardParts = (
  record: PaymentRecord,
  { copy, words: { labels, entries, verifications }, elements }: ReceiptOptions,
): readonly ReceiptPart[] => {
  const { card } = record;
  if (card === undefined) return [];
  const chip = chipFacts(record, elements);
  const verification = verificationOf(toldOf(record));
  const name = chip.label === undefined ? card.scheme : withoutAccount(chip.label);
  return pairs([
    [labels.card, name],
    [labels.number, card.maskedPan === undefined ? undefined : shownNumber(card.maskedPan, copy)],
    [labels.entry, chip.entry && entries[chip.entry]],
    ['AID', chip.application],
    cryptogramRow(chip, labels.cryptogram),
    ['TVR', chip.tvr],
    [labels.verification, verification && verifications[verification]],
  ]);
};

const cryptogramRow = ({ cryptogramType, cryptogram }: ChipFacts, label: string): Row =>
  cryptogram === undefined ? [label, cryptogramType] : [cryptogramType ?? label, cryptogram];

const verificationOf = ({ cvm }: Told): keyof ReceiptWords['verifications'] | undefined =>
  cvm === undefined || cvm === 'none' ? undefined : VERIFICATIONS[cvm];

const VERIFICATIONS = {
  noCvm: 'none',
  obtainSignature: 'signature',
  onlinePin: 'pin',
  confirmationCodeVerified: 'device',
} as const;

const walletParts = (
  { wallet }: PaymentRecord,
  { labels, entries }: ReceiptWords,
): readonly ReceiptPart[] =>
  wallet === undefined
    ? []
    : [
        ...pairs([
          [labels.wallet, wallet.title ?? wallet.name],
          [labels.entry, wallet.way === 'typed' ? entries.typed : entries.code],
          [labels.payer, wallet.payer && withoutAccount(wallet.payer)],
          // The wallet's own number: it may look like a card's, and stays whole to be found by.
          [labels.walletReference, wallet.reference],
        ]),
        ...(wallet.notes ?? []).map(
          (text) => ({ part: 'line', text: withoutAccount(text) }) as const,
        ),
      ];

const hostParts = (record: PaymentRecord, { labels }: ReceiptWords): readonly ReceiptPart[] => {
  const { id, tillId, original, answer, request } = record;
  const field = (number: string): string | undefined => {
    const value = request?.fields[number];
    return typeof value === 'string' ? value : undefined;
  };
  return pairs([
    [labels.authorisation, answer?.authorisationCode ?? field('38')],
    // DE 39 of an advice says how the terminal itself decided: Y1.
    [labels.response, answer?.responseCode ?? field('39')],
    [labels.reference, toldOf(record).retrievalReference ?? field('37')],
    [labels.transaction, id],
    [labels.original, original],
    [labels.till, tillId && withoutAccount(tillId)],
  ]);
};

const closing = (
  record: PaymentRecord,
  outcome: ReceiptOutcome,
  { copy, words: { labels, notes } }: ReceiptOptions,
): readonly ReceiptPart[] => {
  const signs = outcome === 'approved' && toldOf(record).cvm === 'obtainSignature';
  return [
    ...(signs && copy === 'merchant'
      ? [{ part: 'space' } as const, { part: 'signature', label: labels.signature } as const]
      : []),
    { part: 'rule' },
    { part: 'line', text: notes.keep },
  ];
};
