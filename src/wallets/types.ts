import type { Observable } from 'rxjs';
import type { Books, PaymentRecord, WalletOnRecord } from '#payment/index.ts';
import type { Clock } from '#ports/clock.ts';
import type { Fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { PresentedCode, WalletAnswer, WalletHost } from '#ports/wallet-host.ts';

export interface WalletsConfig {
  /** What the shopper reads in the wallet: the shop's name. */
  readonly subject: string;
  /** How long the shopper has, from the order on. */
  readonly payWithinMs: number;
  /** How long the host has for one answer. */
  readonly answerWithinMs: number;
  /** How long till and shopper wait for the proof that an order is closed. */
  readonly closeWithinMs: number;
  /** Pause before what is owed is tried again; it doubles up to the last. */
  readonly repeatAfterMs: { readonly first: number; readonly last: number };
}

/** What a shop needs not state. A wallet's code of today is good for one or two minutes. */
export const walletDefaults = {
  payWithinMs: 90_000,
  answerWithinMs: 10_000,
  closeWithinMs: 8_000,
  repeatAfterMs: { first: 1_000, last: 30_000 },
} as const satisfies Partial<WalletsConfig>;

export interface WalletsParts {
  readonly hosts: readonly WalletHost[];
  readonly books: Books;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: WalletsConfig;
}

/** What a wallet's host is to be asked for. */
export interface OrderAsked {
  /** In state "new", or "choosing": an earlier order of the same payment is closed. */
  readonly record: PaymentRecord;
  readonly host: WalletHost;
  /** The shopper's code, which is money; absent: ours is presented. */
  readonly code?: string;
  /** Somebody typed it. */
  readonly typed?: boolean;
  /** At the host: the payment's id, but for what comes after an order that was closed. */
  readonly orderId: string;
}

/** For the display. */
export type OrderStep =
  | { readonly step: 'asking' }
  | { readonly step: 'present'; readonly code: PresentedCode; readonly untilMs: number }
  /** The wallet waits for the shopper's word. */
  | { readonly step: 'confirm'; readonly untilMs: number };

export interface OrderWatch {
  /** Till or cashier cancel the payment. */
  readonly signal: AbortSignal;
  /** The shopper wants to pay in another way: what is paid already stands. */
  readonly leave: AbortSignal;
  readonly onStep: (step: OrderStep) => void;
}

/** How an order ended. The caller writes what came of it. */
export type OrderEnd = {
  /** In state "asking"; as it was when nothing could be written. */
  readonly record: PaymentRecord;
} & (
  | { readonly end: 'paid'; readonly paid: Paid; readonly wallet: WalletOnRecord }
  /** Not paid, and never will be. */
  | { readonly end: 'refused'; readonly code: string; readonly detail: string }
  /** The host has proved that nothing was taken, or that it went back. */
  | { readonly end: 'closed'; readonly why: Closing; readonly detail: string }
  /** It may be paid, or still be: it has to be taken back. */
  | { readonly end: 'open'; readonly why: Closing; readonly detail: string }
  /** Nothing could be written, and so nothing was asked. */
  | { readonly end: 'unsent'; readonly fault: Fault }
);

export type Paid = Extract<WalletAnswer, { status: 'paid' }>;

/** `noAnswer`: the host didn't say in time what came of it. `short`: less was paid than asked. */
export type Closing = 'cancelled' | 'timedOut' | 'otherWay' | 'noAnswer' | 'short';

export type RefundEnd = { readonly record: PaymentRecord } & (
  | { readonly end: 'refunded'; readonly wallet: WalletOnRecord }
  | { readonly end: 'refused'; readonly code: string; readonly detail: string }
  /** It goes on being asked for until it is known. */
  | { readonly end: 'unknown'; readonly detail: string }
  | { readonly end: 'unsent'; readonly fault: Fault }
);

export interface WalletsState {
  /** Orders that are to be closed or given back, and the host has not said that they are. */
  readonly openOrders: number;
  /** What a crash left unanswered, or a refund without an answer. */
  readonly unknown: number;
}

export interface Wallets {
  readonly hosts: readonly WalletHost[];
  /** A sale starts: hosts connect, and what is owed is tried again at once. */
  prepare(): void;
  /** One order to its end: written before the host is asked. Never throws. */
  order(asked: OrderAsked, watch: OrderWatch): Promise<OrderEnd>;
  /** Gives back what a payment took, or a part: `record` is the refund, in state "new". */
  refund(record: PaymentRecord, original: PaymentRecord): Promise<RefundEnd>;
  /** Writes that a payment is to be taken back, as a void; its host is told until it is. */
  takeBack(record: PaymentRecord): Promise<PaymentRecord | Fault>;
  /** Tries at once; whether nothing is owed for this payment any more within the time. */
  done(id: string, withinMs: number): Promise<boolean>;
  /** The same for all. */
  settled(withinMs: number): Promise<boolean>;
  /** Replays. What is owed is worked off while somebody is subscribed: once, for all the time. */
  readonly state$: Observable<WalletsState>;
}
