import { decimalOf } from './amounts.ts';
import type { TransactionTotals } from './payment-messages.ts';

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
