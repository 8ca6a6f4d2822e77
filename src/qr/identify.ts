import { describeMalformed, isMalformed, type Malformed } from '#bytes/malformed.ts';
import type { CodeForm, CodeTable } from './code-table.ts';
import { type ConsumerCode, decodeConsumerCode, looksLikeConsumerCode } from './consumer-code.ts';
import { isGtin, type ProductForm, productFormOf } from './gtin.ts';
import { looksLikeMerchantCode } from './merchant-code.ts';
import { isRetailerToken, isTypedToken, looksLikeRetailerToken } from './retailer-token.ts';

/** What a scanned or typed text is. */
export type IdentifiedCode =
  /** `code` is what the wallet's host wants: it is money, and never logged. */
  | { readonly kind: 'wallet'; readonly wallet: string; readonly code: string }
  | { readonly kind: 'emvConsumer'; readonly code: ConsumerCode }
  /** `gtin`: the digits as they stand in the barcode. */
  | { readonly kind: 'product'; readonly gtin: string; readonly form: ProductForm }
  /** Several rows fit: names of their wallets, "emvConsumer", "product". Nothing is guessed. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly string[] }
  /** One sentence for staff; holds nothing of the text. */
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Said instead of a symbology of what somebody typed from a phone's screen, where no product is:
 * one in ten typed tokens would be a UPC-A, too.
 */
export const TYPED = 'typed';

/**
 * Tells what a text is, by every row of the table: one fits, or several, or none.
 * @param text as the scanner gave it, or as somebody typed it; blanks around it don't count
 * @param symbology its AIM identifier such as "]Q1"; `TYPED`; undefined where nobody knows
 */
export const identifyCode = (
  text: string,
  symbology: string | undefined,
  table: CodeTable,
): IdentifiedCode => {
  const code = text.trim();
  const decoded = decodeConsumerCode(code);
  const fitting = allFitting(code, decoded, table);
  const allowed = fitting.filter((one) => mayStand(one, symbology));
  const names = [...new Set(allowed.map(({ name }) => name))];
  const [first] = allowed;
  if (first === undefined) {
    const [misplaced] = fitting;
    if (misplaced === undefined) return { kind: 'unknown', why: whyUnknown(code, decoded) };
    const where = symbology === TYPED ? 'typed' : 'in a barcode of this kind';
    const why = `it would be ${misplaced.name}, but not ${where}`;
    return { kind: 'unknown', why };
  }
  return names.length === 1 ? first.is : { kind: 'ambiguous', candidates: names };
};

interface Fitting {
  readonly name: string;
  readonly symbologies: readonly string[];
  readonly is: IdentifiedCode;
}

const allFitting = (
  code: string,
  decoded: ConsumerCode | Malformed,
  { wallets, emvConsumer, products }: CodeTable,
): readonly Fitting[] => {
  const form = productFormOf(code);
  const isProduct = form !== undefined && products.forms.includes(form) && isGtin(code);
  const isConsumer = emvConsumer.accepted && !isMalformed(decoded);
  return [
    ...wallets
      .filter((row) => fits(code, row))
      .map(({ wallet, symbologies }): Fitting => {
        return { name: wallet, symbologies, is: { kind: 'wallet', wallet, code } };
      }),
    ...(isConsumer ? [{ ...emvConsumer, name: EMV, is: { kind: EMV, code: decoded } }] : []),
    ...(isProduct ? [{ ...products, name: PRODUCT, is: { kind: PRODUCT, gtin: code, form } }] : []),
  ];
};

const EMV = 'emvConsumer' as const;
const PRODUCT = 'product' as const;

const fits = (code: string, row: CodeForm): boolean => {
  if (row.form === 'retailerToken') return isRetailerToken(code) || isTypedToken(code);
  if (code.length < row.least || code.length > row.most) return false;
  if (row.form === 'text') return code.startsWith(row.begins) && /^[!-~]+$/.test(code);
  if (!/^[0-9]+$/.test(code)) return false;
  return row.begins.some(({ from, to }) => {
    const head = code.slice(0, from.length);
    return from <= head && head <= to;
  });
};

const mayStand = ({ is, symbologies }: Fitting, symbology: string | undefined): boolean => {
  if (symbology === TYPED) return is.kind === 'wallet';
  const identifier = symbology?.replace(/^\]/, '') ?? '';
  if (identifier === '' || symbologies.length === 0) return true;
  return symbologies.some((one) => identifier.startsWith(one));
};

const whyUnknown = (code: string, decoded: ConsumerCode | Malformed): string => {
  if (code === '') return 'nothing was read';
  if (looksLikeConsumerCode(code)) {
    return isMalformed(decoded)
      ? `an EMV code of a shopper that can't be read: ${describeMalformed(decoded)}`
      : 'an EMV code of a shopper: this shop takes none';
  }
  if (looksLikeMerchantCode(code)) return "a shop's code for phones to scan: it pays nothing here";
  if (looksLikeRetailerToken(code)) {
    return isRetailerToken(code)
      ? "a token of the retailer's wallet, which this shop does not take"
      : "a token of the retailer's wallet that was misread: its check character is wrong";
  }
  if (/^https?:/i.test(code)) return 'a web address';
  if (!/^[0-9]+$/.test(code)) return `${code.length} characters of no form in the table`;
  const form = productFormOf(code);
  return form === undefined || isGtin(code)
    ? `${code.length} digits of no form in the table`
    : `${code.length} digits as ${form} has, but the check digit is wrong`;
};
