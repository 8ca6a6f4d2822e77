import type { Fault } from './fault.ts';

/** One payment as a wallet's host knows it. */
export interface WalletOrder {
  /** Ours, 12 digits of 0-9 and A-F: asked again under it, the host books nothing twice. */
  readonly orderId: string;
  /** Minor units of the currency. */
  readonly amountMinor: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
  /** What the shopper reads in the wallet: the shop's name. */
  readonly subject: string;
  /** How long the shopper has: the host closes the order by itself after that, where it can. */
  readonly validForMs: number;
}

/** What the host says of an order. */
export type WalletAnswer =
  /** Money has moved. `paidMinor` is what the shopper paid, `discountMinor` what offers gave. */
  | {
      readonly status: 'paid';
      /** The wallet's own number for it. */
      readonly reference: string;
      readonly paidMinor: number;
      readonly discountMinor?: number;
      /** Points, coupons and the like, ready for the receipt. */
      readonly notes?: readonly string[];
      /** The payer as people may know it: masked. */
      readonly payer?: string;
    }
  /** The shopper has not scanned yet, or has to confirm: ask again. */
  | { readonly status: 'waiting'; readonly detail: string }
  /** Not paid, and never will be under this order. */
  | { readonly status: 'refused'; readonly code: string; readonly detail: string }
  /** Closed by a cancel, or by the host; what had been paid went back. */
  | { readonly status: 'cancelled' }
  /** The host never heard of the order. */
  | { readonly status: 'unknown' };

/** A code of ours for the shopper's phone to scan. */
export interface PresentedCode {
  /** The text that the QR code holds. */
  readonly content: string;
  /** For people to type where a phone can't scan. */
  readonly digits?: string;
}

export interface WalletRefund {
  /** The payment's order. */
  readonly orderId: string;
  /** Ours: asked again under it, the host gives nothing back twice. */
  readonly refundId: string;
  readonly amountMinor: number;
  readonly currency: number;
}

export type RefundAnswer =
  | { readonly status: 'refunded'; readonly reference: string }
  | { readonly status: 'waiting'; readonly detail: string }
  | { readonly status: 'refused'; readonly code: string; readonly detail: string }
  | { readonly status: 'unknown' };

/** When to ask for an order that is waiting. */
export interface PollingPlan {
  readonly firstAfterMs: number;
  readonly everyMs: number;
}

/**
 * The host of one wallet. Whatever it is asked can be asked again: an answer that never came is no
 * answer, not a refusal. Each question resolves within `deadlineMs`; a host that can't be reached,
 * or whose answer can't be trusted (signature, form), is a Fault `linkDown`, `timeout` or
 * `protocol`.
 */
export interface WalletHost {
  /** As decisions and configuration name it: "alipay". */
  readonly name: string;
  /** As shoppers know it: "Alipay". */
  readonly title: string;
  /** Which sides can show a code. */
  readonly presents: { readonly shopper: boolean; readonly shop: boolean };
  readonly polling: PollingPlan;
  /**
   * How long after a payment began "unknown" may still become an order: a host that hears of it
   * from the shopper's phone alone can't know of a code that was shown before a restart.
   */
  readonly unknownForMs: number;
  /** Somebody is about to need it: loads and connects what takes time. */
  prepare(): void;
  /** Pays with the code that the shopper's phone shows, or whose digits were typed. */
  pay(order: WalletOrder, code: string, deadlineMs: number): Promise<WalletAnswer | Fault>;
  /** Opens an order and gives the code that the shopper's phone is to scan. */
  present(
    order: WalletOrder,
    deadlineMs: number,
  ): Promise<PresentedCode | Extract<WalletAnswer, { status: 'refused' }> | Fault>;
  query(orderId: string, deadlineMs: number): Promise<WalletAnswer | Fault>;
  /**
   * Closes the order, and gives back what was paid. "cancelled" is proof that it is so; "unknown"
   * that there is nothing to close, and nothing will come of it. "refused": it can't be cancelled
   * any more.
   */
  cancel(
    orderId: string,
    deadlineMs: number,
  ): Promise<Extract<WalletAnswer, { status: 'cancelled' | 'unknown' | 'refused' }> | Fault>;
  refund(refund: WalletRefund, deadlineMs: number): Promise<RefundAnswer | Fault>;
  findRefund(refund: WalletRefund, deadlineMs: number): Promise<RefundAnswer | Fault>;
  close(): Promise<void>;
}
