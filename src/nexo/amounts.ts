import { currencyByCode } from '#data/currencies.ts';
import type { TransactionTotals } from './payment-messages.ts';

/**
 * Minor units of an amount in the currency's main unit, as nexo writes amounts.
 * @returns undefined when it has more decimal places than the currency, or nobody knows that one
 */
export const minorOf = (decimal: number, code: string): number | undefined => {
  const exponent = currencyByCode(code)?.exponent;
  if (exponent === undefined) return undefined;
  // The schema's six places, as a whole number: exact up to its largest amount.
  const millionths = Math.round(decimal * 1_000_000);
  const unit = 10 ** (PLACES - exponent);
  return millionths % unit === 0 ? millionths / unit : undefined;
};

/** In the currency's main unit: 1099 is 10.99 in EUR and 1099 in JPY. */
export const decimalOf = (minor: number, code: string): number =>
  minor / 10 ** (currencyByCode(code)?.exponent ?? 0);

/** What stands of a period in one currency. */
export interface CurrencyTotals {
  /** Three letters. */
  readonly currency: string;
  readonly debits: { readonly count: number; readonly amountMinor: number };
  readonly credits: { readonly count: number; readonly amountMinor: number };
}

/** Totals as GetTotals and Reconciliation tell them: a row a currency, without what is nothing. */
export const transactionTotals = (
  totals: readonly CurrencyTotals[],
  poiId: string,
): readonly TransactionTotals[] =>
  totals.map(({ currency, debits, credits }) => ({
    PaymentInstrumentType: 'Card',
    POIID: poiId,
    PaymentCurrency: currency,
    PaymentTotals: ([['Debit', debits] as const, ['Credit', credits] as const] as const)
      .filter(([, { count }]) => count > 0)
      .map(([TransactionType, { count, amountMinor }]) => ({
        TransactionType,
        TransactionCount: count,
        TransactionAmount: decimalOf(amountMinor, currency),
      })),
  }));

const PLACES = 6;
