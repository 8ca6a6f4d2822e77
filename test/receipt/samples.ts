import { readFileSync } from 'node:fs';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { isConfigProblem } from '#config/problem.ts';
import { parseReceiptWords, type ReceiptWords } from '#config/receipts-config.ts';
import { tag } from '#data/dictionary.ts';
import type { PaymentRecord } from '#payment/record.ts';
import type { Receipt } from '#ports/receipt-printer.ts';
import { type ReceiptOptions, receiptFor } from '#receipt/index.ts';
import { encodeTlv } from '#tlv/tlv.ts';

const FOLDER = 'config/base/receipts';

export const wordsIn = (language: string): ReceiptWords => {
  const name = `${FOLDER}/${language}.json`;
  const words = parseReceiptWords({ name, text: readFileSync(name, 'utf8') });
  if (isConfigProblem(words)) throw new Error(JSON.stringify(words));
  return words;
};

/** The shop's clock is an hour ahead of UTC. */
const options = (language: string): ReceiptOptions => ({
  copy: 'customer',
  shop: { merchant: 'Corner Shop', merchantId: 'CORNERSHOP00001', terminalId: 'CTAP0001' },
  language,
  words: wordsIn(language),
  localMs: (ms) => ms + 3_600_000,
});

export const receiptOf = (
  record: PaymentRecord,
  { language = 'en', ...more }: Partial<ReceiptOptions> = {},
): Receipt => receiptFor(record, { ...options(language), ...more });

/** DE 55 of a contactless chip, an ARQC unless stated. Book 3 Table 15. */
export const chipData = (information = 0x80): { readonly hex: string } => ({
  hex: toHex(
    concat(
      encodeTlv(tag.dfName, hex('A0000000031010')),
      encodeTlv(tag.terminalVerificationResults, hex('0000000000')),
      encodeTlv(tag.applicationCryptogram, hex('0123456789ABCDEF')),
      encodeTlv(tag.cryptogramInformationData, Uint8Array.of(information)),
    ),
  ),
});

const request = {
  mti: '0100',
  localTime: '261122180009',
  fields: { 4: '000000001250', 22: '072', 37: '632618000042', 55: chipData() },
};

/** An approved purchase of 12.50 euros by an emulated Visa card. */
export const purchase: PaymentRecord = {
  id: '4f1c2a9b7d30',
  tillId: 'till-7-0042',
  kind: 'purchase',
  state: 'approved',
  startedMs: Date.UTC(2026, 10, 22, 17, 0, 9),
  amountMinor: 1250,
  currency: 978,
  card: { scheme: 'Visa', application: 'a0000000031010', maskedPan: '476173******0119' },
  request,
  answer: { responseCode: '00', meaning: 'approved', authorisationCode: 'A1B2C3' },
  result: { status: 'approved', cvm: 'noCvm', retrievalReference: '632618000042' },
};

const { answer: _, ...unanswered } = purchase;

/** One of each kind of receipt, by its name. */
export const kinds = {
  approved: purchase,
  signed: { ...purchase, result: { status: 'approved', cvm: 'obtainSignature' } },
  declined: {
    ...purchase,
    state: 'declined',
    answer: { responseCode: '51', meaning: 'not sufficient funds' },
    result: { status: 'declined', cvm: 'confirmationCodeVerified' },
  },
  refund: {
    ...unanswered,
    id: '77aa01e4c955',
    kind: 'refund',
    original: '4f1c2a9b7d30',
    request: { ...request, mti: '0200', fields: { 22: '002', 37: '632618000043' } },
    answer: { responseCode: '00', meaning: 'approved' },
    result: { status: 'approved' },
  },
  preAuthorisation: { ...purchase, kind: 'preAuthorisation', state: 'preAuthorised' },
  completion: {
    ...unanswered,
    id: '0b5e66f1d2a8',
    kind: 'completion',
    state: 'queued',
    offline: 'completion',
    original: '4f1c2a9b7d30',
    amountMinor: 1100,
    request: {
      ...request,
      mti: '0220',
      fields: { 22: '002', 37: '632618000044', 38: 'A1B2C3', 39: '00' },
    },
    result: { status: 'approved' },
  },
  void: {
    ...purchase,
    state: 'reversed',
    reversal: { reason: 'voided', transmitted: '1122170500' },
  },
  offline: {
    ...unanswered,
    state: 'queued',
    offline: 'kernel',
    request: {
      ...request,
      mti: '0220',
      fields: { ...request.fields, 39: 'Y1', 55: chipData(0x40) },
    },
    result: { status: 'approved', cvm: 'noCvm', offline: 'kernel' },
  },
  partial: { ...purchase, approvedMinor: 1000, refundedMinor: 300 },
  wallet: {
    id: '9c0d1e2f3a4b',
    kind: 'purchase',
    state: 'approved',
    startedMs: purchase.startedMs,
    amountMinor: 1250,
    currency: 978,
    result: { status: 'approved' },
    wallet: {
      name: 'alipay',
      title: 'Alipay',
      way: 'shopperCode',
      reference: '2026112222001499991234567890',
      payer: 'l***n@example.com',
      discountMinor: 150,
      notes: ['125 points earned'],
    },
  },
} as const satisfies Readonly<Record<string, PaymentRecord>>;
