import type { Malformed } from '#bytes/malformed.ts';
import type { CodeObject } from './code-object.ts';
import { encodeMerchantCode } from './merchant-code.ts';
import { additionalRows, idsOf, languageRows, merchantRows } from './merchant-table.ts';

/** What a shop asks for with a code of its own. */
export interface MerchantOrder {
  /** Up to 25 and 15 printable ASCII characters; others go into `inLanguage`. */
  readonly merchantName: string;
  readonly merchantCity: string;
  /** Four digits, ISO 18245. */
  readonly merchantCategoryCode: string;
  /** Two letters, ISO 3166-1. */
  readonly country: string;
  readonly currency: { readonly numeric: number; readonly exponent: number };
  /** Minor units; the payer types the amount where there is none. */
  readonly amountMinor?: number;
  /** Where the money goes: objects 02 to 51. */
  readonly accounts: readonly CodeObject[];
  /** For one payment, or to be paid again and again. */
  readonly use: 'dynamic' | 'static';
  readonly postalCode?: string;
  readonly billNumber?: string;
  /** The payment's own id: the acquirer tells by it who paid what. */
  readonly reference?: string;
  readonly terminalLabel?: string;
  /** Name and city as they are written in the shop's own language. */
  readonly inLanguage?: {
    readonly language: string;
    readonly merchantName: string;
    readonly merchantCity?: string;
  };
}

/** The text of the code that asks for this, or which of its objects EMVCo's rules don't allow. */
export const merchantOrderCode = (order: MerchantOrder): string | Malformed =>
  encodeMerchantCode(merchantOrderObjects(order));

/** The objects of that code. */
export const merchantOrderObjects = (order: MerchantOrder): readonly CodeObject[] => [
  ...value(ids.payloadFormatIndicator, '01'),
  ...value(ids.pointOfInitiation, order.use === 'dynamic' ? '12' : '11'),
  ...order.accounts,
  ...value(ids.merchantCategoryCode, order.merchantCategoryCode),
  ...value(ids.currency, String(order.currency.numeric).padStart(3, '0')),
  ...value(ids.amount, amountOf(order)),
  ...value(ids.country, order.country),
  ...value(ids.merchantName, order.merchantName),
  ...value(ids.merchantCity, order.merchantCity),
  ...value(ids.postalCode, order.postalCode),
  ...template(ids.additionalData, [
    ...value(additional.billNumber, order.billNumber),
    ...value(additional.referenceLabel, order.reference),
    ...value(additional.terminalLabel, order.terminalLabel),
  ]),
  ...template(ids.language, [
    ...value(language.languagePreference, order.inLanguage?.language),
    ...value(language.merchantName, order.inLanguage?.merchantName),
    ...value(language.merchantCity, order.inLanguage?.merchantCity),
  ]),
];

const ids = idsOf(merchantRows);
const additional = idsOf(additionalRows);
const language = idsOf(languageRows);

const value = (id: string, text: string | undefined): CodeObject[] =>
  text === undefined ? [] : [{ id, value: text }];

const template = (id: string, objects: readonly CodeObject[]): CodeObject[] =>
  objects.length === 0 ? [] : [{ id, objects }];

// Whole and exact: minor units are integers, and a division could lose the last of 12 digits.
const amountOf = ({ amountMinor, currency }: MerchantOrder): string | undefined => {
  if (amountMinor === undefined) return undefined;
  const { exponent } = currency;
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
};
