import * as v from 'valibot';
import { flag, port, text, wholeNumber } from './pieces.ts';

const PRINT = ['asked', 'customer', 'both'] as const;
const ORIGIN = 'how phones reach it, such as "https://receipts.shop.example"';

const page = v.strictObject({
  /** Of the shop's network: a phone must reach it. */
  host: text(253, 'an address to listen on'),
  port,
  /** Where phones know it by another address than that which is listened on. */
  origin: v.optional(v.pipe(v.string(ORIGIN), v.regex(/^https?:\/\/[^\s/?#]{1,200}$/, ORIGIN))),
  /** How long an address is good. */
  days: v.optional(wholeNumber(1, 365, 'days'), 7),
});

/** What becomes of receipts by itself: nothing unless stated. */
export const receiptOptions = v.strictObject({
  /** "asked": when somebody asks (`countertap receipt ID --print`); else when a payment ends. */
  print: v.optional(v.picklist(PRINT, '"asked", "customer" or "both"'), 'asked'),
  /** Whether there is paper about what was refused after its host was asked, too. */
  declined: v.optional(flag, false),
  /** Receipts as pages, behind a code on the display. */
  page: v.optional(page),
});

export type ReceiptOptionsConfig = v.InferOutput<typeof receiptOptions>;
export type ReceiptPageConfig = NonNullable<ReceiptOptionsConfig['page']>;
