import type { Observable } from 'rxjs';
import type { Codec } from '#iso8583/index.ts';
import type { Books, PaymentRecord } from '#payment/index.ts';
import type { Clock } from '#ports/clock.ts';
import type { Screen } from '#ports/customer-display.ts';
import type { Fault } from '#ports/fault.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';
import type { JsonObject, SealedData } from '#ports/journal.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';

/** Which kernel made the data record: it decides what goes into DE 55. */
export type Kernel = `K${2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** What the host is asked about, or told of. */
export interface Payment {
  /** In state "new": what is known before the host hears of it. */
  readonly record: PaymentRecord;
  /** Tag 9C as two digits: "00" purchase, "01" cash, "09" with cashback, "20" refund. */
  readonly transactionType: string;
  /** The shop's local time as YYMMDDhhmmss; equals 9A and 9F21. */
  readonly localTime: string;
  /** What a tap gave; absent for a refund or a completion without a card. */
  readonly tap?: TapData;
  /** What a code of a card scheme held that was scanned (EMVCo consumer-presented), by tag. */
  readonly scanned?: ReadonlyMap<number, Uint8Array>;
  /** The payment that a refund or a completion is about. */
  readonly original?: PaymentRecord;
  /** Account data under seal, for the journal. */
  readonly sealed: readonly SealedData[];
  /** The redacted transcript of the tap. */
  readonly transcript?: string;
}

export interface TapData {
  readonly kernel: Kernel;
  /** The kernel's data record, by tag. */
  readonly data: ReadonlyMap<number, Uint8Array>;
  /** Whether it has a cryptogram that the host can verify: DE 55 goes with it. */
  readonly cryptogram: boolean;
}

/** What an answer means to shopper, cashier and till: a row of response-codes.ts. */
export interface ResponseCode {
  /** DE 39, two characters. */
  readonly code: string;
  readonly approved: boolean;
  /** For staff and log, a few words in English. */
  readonly meaning: string;
  /** What the shopper is shown. */
  readonly shopper: Extract<Screen, 'approved' | 'declined' | 'anotherCard' | 'insertCard'>;
  /** What the cashier is to do; never shown to the shopper. */
  readonly cashier?: CashierAction;
  /** What the till gets, in nexo's words (ErrorCondition); absent for an approval. */
  readonly till?: ErrorCondition;
  /** Whether and how it makes sense to try again. */
  readonly retry: Retry;
}

export type CashierAction = 'callIssuer' | 'keepCard' | 'checkIdentity';

export type ErrorCondition =
  | 'Refusal'
  | 'InvalidCard'
  | 'WrongPIN'
  | 'NotAllowed'
  | 'UnavailableService'
  | 'MessageFormat'
  | 'NotFound'
  | 'PaymentRestriction';

export type Retry =
  | 'never' // the issuer has spoken
  | 'otherCard'
  | 'insert' // the same card by its contacts
  | 'pin'
  | 'later' // host or issuer is out of order
  | 'afterCall'; // with the issuer's code

/** The host's answer. `milliseconds` run from handing the request over to having the answer. */
export interface Answered {
  readonly kind: 'answered';
  readonly approved: boolean;
  /** Approved for less than was asked for (DE 39 10), minor units. */
  readonly approvedMinor?: number;
  readonly row: ResponseCode;
  /** DE 38, when the host gave one. */
  readonly authorisationCode?: string;
  /** Tags 91, 71 and 72 of DE 55 as TLV, for a kernel that asks for a second tap. */
  readonly issuerData?: Uint8Array;
  /** DE 37 of the request: what staff and acquirer find the payment by. */
  readonly retrievalReference: string;
  readonly milliseconds: number;
}

/**
 * There is no answer: `timeout`, `linkDown` (not sent, or the connection broke while we waited),
 * `aborted` (the signal), `protocol` (the answer couldn't be understood), `journal` or `keys`.
 */
export interface Unanswered {
  readonly kind: 'unanswered';
  readonly fault: Fault;
  /** The host may have acted on the request all the same: it has to be taken back. */
  readonly mayHaveArrived: boolean;
}

export interface Authorisation {
  /** In state "asking"; "new" when nothing could be written, and so nothing was sent. */
  readonly record: PaymentRecord;
  readonly outcome: Answered | Unanswered;
}

export interface UplinkState {
  readonly link: LinkState;
  /** Whether the host answered the last message we sent; undefined before the first. */
  readonly hostAnswers: boolean | undefined;
  /** Reversals that the host has not acknowledged yet. No payment goes out before they are. */
  readonly openReversals: number;
  /** Approved without the host and not yet forwarded. */
  readonly toForward: number;
}

/** How a reconciliation ended: one row a currency; none when there was nothing to reconcile. */
export interface Reconciled {
  readonly period: number;
  readonly currencies: readonly ReconciledCurrency[];
  /** One that ended when nobody waited for it any more, and was told to nobody. */
  readonly earlier?: Reconciled;
}

export interface ReconciledCurrency {
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly totals: Totals;
  /** Whether the host's sums are the same (DE 66). */
  readonly inBalance: boolean;
}

/** What stands of one period, in one currency's minor units. */
export interface Totals {
  readonly debits: { readonly count: number; readonly amountMinor: number };
  readonly credits: { readonly count: number; readonly amountMinor: number };
}

/** Whose balance: of the account that the card has as its own, or another one of its holder. */
export type AccountType = 'default' | 'savings' | 'cheque' | 'credit';

/** What the host is asked about an account. */
export interface BalanceInquiry {
  readonly account: AccountType;
  /** The shop's, ISO 4217 numeric: as the cryptogram has it. */
  readonly currency: number;
  /** As a payment's. */
  readonly localTime: string;
  /** A tap for an amount of zero and of transaction type 31, whose card wants the host asked. */
  readonly tap: TapData;
}

/** Account data: for whoever asked, and for no log, journal or display. */
export interface Balance {
  readonly kind: 'available' | 'ledger';
  /** Negative where the account is overdrawn. */
  readonly amountMinor: number;
  /** ISO 4217 numeric: the account's, whatever the shop's is. */
  readonly currency: number;
}

/** The host's answer; without a balance it is a refusal. */
export interface BalanceAnswer
  extends Pick<Answered, 'kind' | 'row' | 'retrievalReference' | 'milliseconds'> {
  readonly balance?: Balance;
}

/** An echo that came back. */
export interface Echo {
  readonly milliseconds: number;
  /** By how much the host's clock is ahead of ours, where its answer has a time of its own. */
  readonly aheadMs?: number;
}

export interface Uplink {
  /**
   * Asks the host for one authorisation: written before it is sent. The caller writes what came of
   * it. Never throws. One at a time.
   */
  authorise(payment: Payment, signal: AbortSignal): Promise<Authorisation>;
  /**
   * Writes a payment that was approved without the host, to be forwarded: by a kernel, by the
   * shop's rule, or as the completion of an amount that is held.
   * @param result what shopper and till will be told once it is written
   * @param completes the pre-authorisation that ends with it, in the same write
   */
  accept(
    payment: Payment,
    why: 'kernel' | 'deferred' | 'completion',
    result: JsonObject,
    completes?: PaymentRecord,
  ): Promise<PaymentRecord | Fault>;
  /**
   * Writes that a payment is to be taken back, as a void; the host is told until it has
   * acknowledged it. A Fault when that can't be written, or its period is being closed.
   */
  takeBack(record: PaymentRecord): Promise<PaymentRecord | Fault>;
  /**
   * Asks the host for a balance. Nothing is written, and nothing can be owed for it. Never throws.
   */
  inquire(inquiry: BalanceInquiry, signal: AbortSignal): Promise<BalanceAnswer | Unanswered>;
  /** Resolves to whether the host has acknowledged this payment's reversal within the time. */
  reversed(id: string, withinMs: number): Promise<boolean>;
  /**
   * Closes the period: our sums against the host's. Nothing may be under way: what is owed is
   * delivered before, and no payment may be at the host.
   */
  reconcile(): Promise<Reconciled | Fault>;
  /**
   * A sale starts: what is owed is tried again at once, while the card is awaited, so that the
   * payment finds none of it in its way.
   */
  prepare(): void;
  /**
   * For an orderly end. Tries at once what is owed, and resolves to true when no payment is being
   * asked and no reversal is open, to false when `withinMs` have passed before. Needs a
   * subscription to `state$` until then, as all delivery does.
   */
  settled(withinMs: number): Promise<boolean>;
  /** Asks the host for a sign of life now; a Fault when none comes back. */
  echo(signal: AbortSignal): Promise<Echo | Fault>;
  /** When the host last answered anything, monotonic milliseconds; undefined: never yet. */
  lastAnswerMs(): number | undefined;
  /**
   * Replays the state, then each change. The uplink's own work (what is owed until it is
   * acknowledged, sign-on, echo when idle, strays logged) goes on while somebody is subscribed:
   * subscribe once, for as long as the terminal runs.
   */
  readonly state$: Observable<UplinkState>;
}

export interface UplinkConfig {
  /** DE 41, up to 8 characters; DE 42, up to 15. */
  readonly terminalId: string;
  readonly merchantId: string;
  /** Whether a PIN can be entered at this terminal: the third digit of DE 22. */
  readonly pinPad: boolean;
  /** A payment is one message (0200), or an authorisation (0100) that the host captures. */
  readonly messages: 'single' | 'dual';
  /** Whether the host wants to be signed on to (0800, DE 70 001) on each connection. */
  readonly signOn: boolean;
  /** How long the host may take to answer. */
  readonly answerWithinMs: number;
  /** How long without any message before an echo goes out. */
  readonly echoAfterMs: number;
  /** How long a new payment waits for open reversals. */
  readonly reversalsWithinMs: number;
  /** Pause before the first repeat of a reversal; it doubles up to the last. */
  readonly repeatAfterMs: { readonly first: number; readonly last: number };
}

/** What a shop needs not state. */
export const uplinkDefaults = {
  pinPad: false,
  messages: 'dual',
  signOn: true,
  answerWithinMs: 15_000,
  echoAfterMs: 60_000,
  reversalsWithinMs: 5_000,
  repeatAfterMs: { first: 1_000, last: 30_000 },
} as const satisfies Partial<UplinkConfig>;

export interface UplinkParts {
  readonly link: HostLink;
  readonly books: Books;
  readonly keys: KeyStore;
  /** The host's dialect. */
  readonly codec: Codec;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: UplinkConfig;
}
