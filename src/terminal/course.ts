import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import type { Activation } from '#entry-point/run.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import type {
  EventName,
  PaymentRecord,
  ProtectedAccount,
  ReversalReason,
  WalletOnRecord,
} from '#payment/index.ts';
import type { Screen } from '#ports/customer-display.ts';
import type { ShopperAnswer, ShopperQuestion } from '#ports/shopper-question.ts';
import type { Tape } from '#transcript/record.ts';
import type { AccountType, Answered, BalanceAnswer, Payment, Unanswered } from '#uplink/index.ts';
import type { Wallets } from '#wallets/index.ts';
import type { Quiet } from './quiet.ts';
import type { SaleRequest, SaleResult, SaleStatus, TerminalEvent, TerminalParts } from './types.ts';
import type { Wishes } from './wishes.ts';

/** What one payment is taken with. */
export interface PaymentContext {
  readonly parts: TerminalParts;
  readonly request: SaleRequest;
  /** In state "new". */
  readonly record: PaymentRecord;
  /** For a refund without a card: the payment whose card it goes back to. */
  readonly original?: PaymentRecord;
  readonly currencyCode: string;
  readonly signal: AbortSignal;
  readonly emit: (event: TerminalEvent) => void;
  readonly quiet: Quiet;
  readonly wallets: Wallets;
  readonly wishes: Wishes;
  /** Asks the shopper, before a card is asked for. The end of the payment takes it back, too. */
  readonly ask: (question: ShopperQuestion, signal: AbortSignal) => Promise<ShopperAnswer>;
  /** When the last card that paid was first seen, monotonic: it must leave to pay again. */
  readonly servedCardMs: number;
}

/** A payment on its way. */
export interface Course {
  readonly context: PaymentContext;
  /** The shop's local time, YYMMDDhhmmss. */
  readonly time: string;
  /** What a card is asked about first: anew when the amount has changed. */
  first: Activation;
  /** As it was in force when the payment began: it stays so to the end. */
  readonly contactless: ReaderConfiguration;
  /** Begins anew when a shopper comes back from another way to pay. */
  cardDeadlineMs: number;
  readonly tape: Tape;
  /** As the books have it. */
  record: PaymentRecord;
  /** What is known of the card and its tap so far; goes into the result. */
  known: Partial<SaleResult>;
  /** Of the latest tap. */
  outcome?: Outcome;
  account?: ProtectedAccount;
  cardSeenMs?: number;
  answer?: Answered;
  /** Paid by it. */
  wallet?: WalletOnRecord;
  /** A card is read and pays nothing: see CardDesk. */
  readonly acquiring?: Acquiring;
  /** The shopper was shown another amount because of the card's scheme. */
  repriced?: boolean;
  /** Why the present card was not asked for its cryptogram. */
  objection?: Objection | undefined;
  /** Ends what the present tap waits for: the till's word, or the shop's. */
  stop: AbortSignal;
}

/** What a card is read for that pays nothing: to be known, or for its balance. */
export type Acquiring = 'card' | BalanceQuestion;

export interface BalanceQuestion {
  readonly account: AccountType;
  /** What the host said. It stays here: events are logged and shown. */
  answer?: BalanceAnswer | Unanswered;
}

/** Why a card is not asked for its cryptogram, beside the shop's decisions. */
export type Objection =
  /** Its scheme has another surcharge than what the shopper is shown. */
  | { readonly what: 'otherPrice'; readonly scheme: string | undefined }
  | { readonly what: 'otherCard'; readonly because: string }
  /** A card acquisition: what it was read for is known. */
  | { readonly what: 'known' };

/** How a payment ends, before that is written. */
export interface Decision {
  readonly step: 'ended';
  readonly status: SaleStatus;
  readonly reason: string;
  readonly screen: Screen;
  readonly how:
    | { readonly event: Exclude<EventName, 'reversalOwed' | 'acceptedOffline'> }
    /** Nothing is known that could be written: it goes on being asked for. */
    | { readonly event: 'none' }
    | { readonly event: 'reversalOwed'; readonly why: ReversalReason }
    | {
        readonly event: 'acceptedOffline';
        readonly why: 'kernel' | 'deferred';
        readonly payment: Payment;
      };
}

/** What follows on a tap. */
export type Next =
  | Decision
  | { readonly step: 'restart'; readonly activation: Activation }
  | { readonly step: 'anotherCard' }
  /** Not by a card: the wish that waits, or a choice among the wallets. */
  | { readonly step: 'otherWay' };

/** How a payment ended, and what the shopper is to see of it. */
export interface PaymentEnd {
  readonly result: SaleResult;
  readonly screen: Screen;
  /** When its last card was first seen, monotonic milliseconds; undefined if there was none. */
  readonly cardSeenMs?: number;
}

/** An end that leaves nothing at the host. */
export const over = (
  status: 'declined' | 'cancelled' | 'timedOut',
  reason: string,
  screen: Screen = status,
): Decision => ({ step: 'ended', status, reason, screen, how: { event: status } });

/** An end that takes back what the host has, or may have. */
export const takenBack = (
  status: 'declined' | 'cancelled',
  reason: string,
  why: ReversalReason,
  screen: Screen,
): Decision => ({ step: 'ended', status, reason, screen, how: { event: 'reversalOwed', why } });

/** Tag 9C: 20 refund, 09 purchase with cashback, 00 purchase. */
export const transactionType = ({ record }: Pick<PaymentContext, 'record'>): string => {
  if (record.kind === 'refund') return '20';
  return record.cashBackMinor ? '09' : '00';
};

// For a refund the card only says which account it is for: it declines with an AAC, or asks to go
// online, and both are as good.
export const isRefund = ({ record }: Pick<Course, 'record'>): boolean => record.kind === 'refund';
