import type { TransactionReference } from '../client/index.ts';
import type { TillFacts } from './facts.ts';
import { toMain } from './money.ts';
import type { Order } from './use-till.ts';

/** What a cashier may want of a payment. */
export interface PayOptions {
  /** The shopper is asked for a tip on the terminal. */
  readonly askTip: boolean;
  /** The amount is held now and collected later. */
  readonly hold: boolean;
  /** Paid out in cash, on top of the goods. */
  readonly cashbackMinor: number;
}

export const NO_OPTIONS: PayOptions = { askTip: false, hold: false, cashbackMinor: 0 };

interface Payment {
  readonly totalMinor: number;
  readonly what: string;
  readonly method: 'card' | 'code';
  /** By this wallet only. */
  readonly wallet?: string;
  readonly options: PayOptions;
  readonly facts: TillFacts;
  readonly basket?: number | undefined;
}

export const payOrder = (payment: Payment): Order => {
  const { totalMinor, what, method, wallet, options, facts, basket } = payment;
  const { currency } = facts;
  const { askTip, hold, cashbackMinor } = options;
  return {
    kind: hold ? 'held' : 'sale',
    amountMinor: totalMinor,
    what,
    ...(basket === undefined ? {} : { basket }),
    send: (client, how) =>
      client.pay(
        {
          amount: toMain(totalMinor, currency),
          currency: currency.code,
          method,
          askTip,
          kind: hold ? 'preAuthorisation' : 'purchase',
          // The rest is collected here by another way.
          partial: !hold,
          ...(wallet === undefined ? {} : { brands: [wallet] }),
          ...(cashbackMinor > 0 ? { cashback: toMain(cashbackMinor, currency) } : {}),
        },
        how,
      ),
  };
};

/** A refund: of a sale without a card, or without a sale to the card that is tapped. */
export const refundOrder = (
  amountMinor: number,
  { currency }: TillFacts,
  original?: TransactionReference,
): Order => ({
  kind: 'refund',
  amountMinor,
  what: original ? `Of ${original.id}` : 'Without a sale',
  send: (client, how) =>
    client.refund(
      { amount: toMain(amountMinor, currency), currency: currency.code, original },
      how,
    ),
});

export const reverseOrder = (amountMinor: number, original: TransactionReference): Order => ({
  kind: 'reversal',
  amountMinor,
  what: `Of ${original.id}`,
  send: (client, how) => client.reverse({ original }, how),
});

/** Collects what is held. */
export const collectOrder = (
  amountMinor: number,
  { currency }: TillFacts,
  original: TransactionReference,
): Order => ({
  kind: 'collected',
  amountMinor,
  what: `Of ${original.id}`,
  send: (client, how) =>
    client.pay(
      {
        kind: 'completion',
        amount: toMain(amountMinor, currency),
        currency: currency.code,
        original,
      },
      how,
    ),
});
