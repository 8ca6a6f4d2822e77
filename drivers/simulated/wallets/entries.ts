import type { ShopperName } from './shoppers.ts';

export type WalletName = 'alipay' | 'retailer';

export const walletNames: readonly WalletName[] = ['alipay', 'retailer'];

export const isWalletName = (name: unknown): name is WalletName =>
  name === 'alipay' || name === 'retailer';

/** Where an order stands. `closed`: by a cancel, by time, or by the shopper. */
export type OrderStatus = 'open' | 'awaiting' | 'paid' | 'refused' | 'closed';

export interface Paid {
  readonly paidMinor: number;
  readonly offer?: { readonly name: string; readonly minor: number };
  readonly pointsUsed: number;
  readonly pointsEarned: number;
  /** ISO 8601. */
  readonly at: string;
}

export interface BookedRefund {
  readonly refundId: string;
  readonly amountMinor: number;
  readonly reference: string;
}

/** One order as the host has it. */
export interface Order {
  readonly orderId: string;
  readonly amountMinor: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly subject: string;
  /** The wallet's own number. */
  readonly reference: string;
  readonly status: OrderStatus;
  /** Unpaid until then, it closes by itself. */
  readonly expiresAtMs: number;
  readonly shopper?: ShopperName;
  /** The code that a phone scans, where one was asked for, and when it goes out of use. */
  readonly content?: string;
  readonly digits?: string;
  readonly codeUntilMs?: number;
  readonly payment?: Paid;
  readonly refusal?: { readonly code: string; readonly detail: string };
  /** How a cancel ended it. */
  readonly cancelled?: 'close' | 'refund';
  readonly refunds: readonly BookedRefund[];
}

/** A shopper's one-time code, known by what can't be turned back into it. */
export interface IssuedCode {
  readonly hash: string;
  readonly shopper: ShopperName;
  readonly untilMs: number;
  /** The same token in its other form: one use ends both. */
  readonly other?: string;
  readonly usedBy?: string;
}

/** One line of a ledger: the order, or the code, as it stands from then on. */
export type Entry = { readonly at: string; readonly event: string } & (
  | { readonly order: Order }
  | { readonly code: IssuedCode }
);

/** An entry from its line; undefined when the line is none. */
export const parseEntry = (line: string): Entry | undefined => {
  try {
    const value = JSON.parse(line) as {
      readonly order?: Partial<Order>;
      readonly code?: Partial<IssuedCode>;
    };
    const known = typeof value.order?.orderId === 'string' || typeof value.code?.hash === 'string';
    return known ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
};
