import * as v from 'valibot';
import { text } from './pieces.ts';
import type { ConfigProblem } from './problem.ts';
import { type ConfigFile, readConfig } from './read.ts';

/** A line of its own: the narrowest paper has 32 columns. */
const line = text(32, 'a line of a receipt');

/** Stands at the left of a value. */
const label = text(18, 'a short label');

/** Stands at the right of a label. */
const value = text(20, 'a few words');

const sentence = text(96, 'a sentence');

const schema = v.strictObject({
  /** What the receipt is about: its heading. */
  kinds: v.strictObject({
    purchase: line,
    refund: line,
    preAuthorisation: line,
    completion: line,
    void: line,
  }),
  /** Whose it is, and that it is one more of the same. */
  copies: v.strictObject({ customer: line, merchant: line, duplicate: line }),
  outcomes: v.strictObject({
    approved: line,
    declined: line,
    cancelled: line,
    timedOut: line,
    failed: line,
    /** The host was asked, and nobody knows yet. */
    unknown: line,
    voided: line,
    /** The host has not acknowledged it yet. */
    voiding: line,
    /** Given back without anybody's wish: the card refused, no answer came. */
    takenBack: line,
    /** Approved here, refused by the host afterwards. */
    refusedLater: line,
    /** By staff, who have settled it otherwise. */
    closed: line,
  }),
  labels: v.strictObject({
    merchant: label,
    terminal: label,
    date: label,
    amount: label,
    /** What was asked for, where less was approved. */
    requested: label,
    /** Parts of the amount, and what it was without them. */
    goods: label,
    tip: label,
    cashBack: label,
    surcharge: label,
    discount: label,
    /** The amount without the discount. */
    paid: label,
    /** What refunds have given back since. */
    refunded: label,
    /** The payment that a refund or a completion is about. */
    original: label,
    card: label,
    number: label,
    /** How the card was read. */
    entry: label,
    /** Where the card didn't say which kind of cryptogram it is. */
    cryptogram: label,
    /** How the cardholder was verified. */
    verification: label,
    authorisation: label,
    response: label,
    /** The retrieval reference number (DE 37). */
    reference: label,
    transaction: label,
    till: label,
    wallet: label,
    walletReference: label,
    payer: label,
    signature: label,
  }),
  entries: v.strictObject({
    contactless: value,
    chip: value,
    stripe: value,
    typed: value,
    code: value,
  }),
  verifications: v.strictObject({ signature: value, pin: value, device: value, none: value }),
  notes: v.strictObject({
    /** Approved without the host. */
    offline: sentence,
    /** Of a pre-authorisation. */
    held: sentence,
    notCharged: sentence,
    keep: sentence,
    /** Under the QR code on the display that leads to the receipt's page. */
    onPhone: sentence,
  }),
  /** The title of the receipt's page. */
  title: line,
});

/** config/NAME/receipts/LANGUAGE.json. */
export type ReceiptWords = v.InferOutput<typeof schema>;

export const parseReceiptWords = (file: ConfigFile): ReceiptWords | ConfigProblem =>
  readConfig(file, schema);
