import { type Currency, currencyByNumeric } from '#data/currencies.ts';
import type { SaleRequest } from './types.ts';

/** "$12.50", as the language writes it. */
export const formatAmount = (
  { amountMinor, currency }: Pick<SaleRequest, 'amountMinor' | 'currency'>,
  language: string,
): string => {
  const known = currencyByNumeric(currency);
  if (known === undefined) return `${amountMinor}`;
  const format = formatOf(language, known);
  // Arabic comes with marks that would put the sign of "US$" before its letters.
  return format.format(amountMinor / 10 ** known.exponent).replace(/[\u200E\u200F]/g, '');
};

/** A currency's three letters, or its number where it has none that we know. */
export const codeOf = (numeric: number): string =>
  currencyByNumeric(numeric)?.code ?? numeric.toString().padStart(3, '0');

// Making one takes longer than all else of a view; most amounts come in the shop's language.
let latest: { readonly name: string; readonly format: Intl.NumberFormat } | undefined;

const formatOf = (language: string, { code, exponent }: Currency): Intl.NumberFormat => {
  const name = `${language} ${code}`;
  if (latest?.name === name) return latest.format;
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency: code,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  latest = { name, format };
  return format;
};
