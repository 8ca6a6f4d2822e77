import type { Observable } from 'rxjs';
import type { Decision as ShopDecision } from '#acceptance/index.ts';
import type { SurchargeConfig, TipsConfig } from '#config/payment-config.ts';
import type { Texts } from '#config/texts-config.ts';
import type { SignRules } from '#contactless/card-signs.ts';
import type { DecisionBook } from '#decisions/types.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import type { Cvm, OutcomeName, Reason } from '#kernels/shared/outcome.ts';
import type { UiRequest } from '#kernels/shared/ui-request.ts';
import type { Books, OfflineRules, PaymentState, WalletOnRecord } from '#payment/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import type { Clock, Entropy } from '#ports/clock.ts';
import type { CodeScanner } from '#ports/code-scanner.ts';
import type {
  CodeToScan,
  CustomerDisplay,
  DisplayView,
  ReceiptToScan,
} from '#ports/customer-display.ts';
import type { Fault } from '#ports/fault.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import type { Asked, ShopperNotice, ShopperQuestion } from '#ports/shopper-question.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import type { CashierAction, ErrorCondition, Reconciled, Retry, Uplink } from '#uplink/index.ts';
import type { WalletsConfig } from '#wallets/index.ts';
import type { Turn } from './choices.ts';
import type { Identify } from './identified.ts';
import type { TapTimes } from './tap-times.ts';

export type { TapTimes } from './tap-times.ts';

/** What a shop decides about its payments. */
export interface TerminalSettings {
  readonly merchant: string;
  /** The name of the configuration, for transcripts. */
  readonly configuration: string;
  /**
   * Languages we have texts for; the shop's own is `language`. Read anew for each picture, so that
   * a getter can give what is in force now.
   */
  readonly texts: Readonly<Record<string, Texts>>;
  readonly language: string;
  readonly exchangeDeadlineMs: number;
  readonly cardTimeoutMs: number;
  readonly resultMs: number;
  /** How many cards that can't be used one payment puts up with. */
  readonly attempts: number;
  /** What the shop takes without its host. */
  readonly offline: OfflineRules;
  /** Where this terminal stands in the shop. */
  readonly lane: string;
  /** What is offered where a decision names nothing else: "insert", "cash", "qr:alipay". */
  readonly alternatives: readonly string[];
  /** How a phone is told from plastic, where the shop decides about phones. */
  readonly signs: SignRules;
  /** How long a void waits for the host's word before it goes on by itself. */
  readonly answerWithinMs: number;
  /** What is other than usual about payments by wallets' codes. */
  readonly wallets?: Partial<WalletsConfig>;
  /** What a shopper who is asked for a tip is offered; 15, 18 and 20 % unless stated. */
  readonly tips?: TipsConfig;
  /** What ways to pay cost beside the amount. */
  readonly surcharges?: readonly SurchargeConfig[];
  /** Where a payment's receipt can be fetched, for a display in this language; always the same. */
  readonly receiptOnPhone?: ReceiptOnPhone | undefined;
}

export type ReceiptOnPhone = (transactionId: string, language: string) => ReceiptToScan | undefined;

export interface TerminalParts {
  readonly reader: CardReader;
  readonly display: CustomerDisplay;
  readonly uplink: Uplink;
  readonly books: Books;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Read anew at the start of each payment, so that a getter can give what is in force then. */
  readonly contactless: ReaderConfiguration;
  /** The shop's decisions about what is taken. */
  readonly acceptance: Pick<DecisionBook, 'standing$' | 'standing' | 'judge'>;
  readonly settings: TerminalSettings;
  /** The hosts of the wallets that are taken by code, in the order to be offered. */
  readonly wallets: readonly WalletHost[];
  readonly scanner: Pick<CodeScanner, 'scans$'>;
  /** Whether a scanner is there to show a code to; without it nobody is asked to. */
  readonly scannerReady?: () => boolean;
  readonly identify: Identify;
  /** Emits when `settings.texts` has changed: what is shown is shown in the new words. */
  readonly newTexts$?: Observable<unknown>;
}

export interface SaleRequest {
  /** Minor units of the currency. */
  readonly amountMinor: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
  /** A purchase unless stated. */
  readonly kind?: 'purchase' | 'refund' | 'preAuthorisation';
  /** The till's own transaction id: asked again under it, the answer is what happened. */
  readonly tillId?: string;
  /** Whether the till can live with a part of the amount. */
  readonly partial?: boolean;
  /** For a refund without a card: the payment whose card it goes back to, by either id. */
  readonly original?: string;
  /** By one of them only; else by whatever the shop takes. */
  readonly method?: 'card' | 'code';
  /** The shopper's code, which the till scanned or somebody typed: paid with at once. */
  readonly code?: string;
  /** By this wallet; with `code`, what was typed is its code, whatever else it looks like. */
  readonly wallet?: string;
  /** Parts of the amount: what the shopper gives the staff, and what is paid out in cash. */
  readonly tipMinor?: number;
  readonly cashBackMinor?: number;
  /** The shopper is asked for a tip on the display, which comes on top of the amount. */
  readonly askTip?: boolean;
  /** Card schemes that may pay, by the terminal's names for them; all unless stated. */
  readonly brands?: readonly string[];
  /** The token of the only card that may pay: of a card acquisition. */
  readonly cardToken?: string;
  /** The host is asked, whatever card and terminal could decide alone. */
  readonly forceOnline?: boolean;
  /** Two letters: what the display speaks before a card says what its holder does. */
  readonly language?: string;
}

export type SaleStatus = 'approved' | 'declined' | 'cancelled' | 'timedOut' | 'busy' | 'error';

/** How a payment ended. Holds no account data but the masked number. */
export interface SaleResult {
  readonly status: SaleStatus;
  readonly transactionId: string;
  readonly tillId?: string;
  /** A purchase unless stated. */
  readonly kind?: 'refund' | 'preAuthorisation' | 'completion';
  /** All that was to be paid: with a tip and a surcharge that came on top. */
  readonly amountMinor: number;
  /** What was approved, when it is less. */
  readonly approvedMinor?: number;
  /** Parts of the amount. */
  readonly tipMinor?: number;
  readonly cashBackMinor?: number;
  readonly surchargeMinor?: number;
  /** The key store's token of the card: the same each time the card pays. */
  readonly cardToken?: string;
  /** Three letters. */
  readonly currency: string;
  /** One sentence for cashier and log. */
  readonly reason: string;
  /** What the cashier is to do; not for the shopper. */
  readonly cashier?: CashierAction;
  /** Why not, in nexo's words; and whether it makes sense to try again. */
  readonly errorCondition?: ErrorCondition;
  readonly retry?: Retry;
  /** Refused by the shop's own decision, before anybody was charged. */
  readonly restriction?: Restriction;
  /** Approved without the host: by the card itself, or to be authorised later. */
  readonly offline?: 'kernel' | 'deferred' | 'completion';
  /** This was asked before: what the payment has come to since. */
  readonly repeated?: PaymentState;
  readonly scheme?: string;
  readonly application?: string;
  readonly maskedPan?: string;
  /** Paid by a code of this wallet. */
  readonly wallet?: WalletOfResult;
  /** What its offers gave of the amount, in minor units: the shopper paid the rest. */
  readonly discountMinor?: number;
  /** Points, coupons and the like, for the receipt. */
  readonly notes?: readonly string[];
  readonly cvm?: Cvm;
  /** DE 39 and DE 38 of the host's answer. */
  readonly responseCode?: string;
  readonly authorisationCode?: string;
  readonly retrievalReference?: string;
  readonly outcome?: OutcomeName;
  readonly tap?: TapTimes;
}

export interface WalletOfResult
  extends Pick<WalletOnRecord, 'name' | 'title' | 'way' | 'reference' | 'payer'> {}

/** Why a tap is not taken: the shop's own decision. */
export interface Refusal {
  /** Absent when the register can't be read. */
  readonly by?: ShopDecision;
  /** What to offer instead, by name. */
  readonly alternatives: readonly string[];
  /** Nothing of it depends on the card: another one would be refused, too. */
  readonly whole: boolean;
  /** A card would be taken where this phone is not. */
  readonly plasticWelcome: boolean;
  /** For staff: which sign of the card, or that nothing is taken. */
  readonly because: string;
  /** It is this wallet's code that is refused, and no card. */
  readonly wallet?: string;
}

/** The same for till and cashier. */
export interface Restriction {
  /** The decision's id; absent when the register can't be read. */
  readonly decision?: string;
  /** What the shop tells its cashiers, in its own language. */
  readonly cashier?: string;
  /** What to offer instead, by name: "insert", "cash", "qr:alipay". */
  readonly alternatives: readonly string[];
}

/** What the shop's decisions let this terminal take, as far as the counter alone tells. */
export interface Acceptance {
  /** Nothing by contactless. */
  readonly off?: Refusal;
  /** Cards, but no phones and watches. */
  readonly plasticOnly: boolean;
}

/** What happens in the loop, in order; display, log and status are made of it. */
export type TerminalEvent =
  | { readonly event: 'idle' }
  | { readonly event: 'reader'; readonly present: boolean; readonly detail: string }
  | { readonly event: 'acceptance'; readonly acceptance: Acceptance }
  /** The shop's own words are other ones now. */
  | { readonly event: 'texts' }
  /** The card that is there is not taken; the payment goes on with another one. */
  | { readonly event: 'refused'; readonly refusal: Refusal }
  | { readonly event: 'saleStarted'; readonly transactionId: string; readonly request: SaleRequest }
  /** What is to be paid now, in all: a tip was given, or the way to pay costs more or less. */
  | {
      readonly event: 'amount';
      readonly amountMinor: number;
      readonly currency: number;
      readonly tipMinor?: number;
      readonly surchargeMinor?: number;
    }
  /** A card is to be read that pays nothing; and what came of it. */
  | {
      readonly event: 'acquisitionStarted';
      readonly transactionId: string;
      readonly request: SaleRequest;
    }
  | {
      readonly event: 'acquisitionEnded';
      readonly result: SaleResult;
      readonly screen: DisplayView['screen'];
    }
  | { readonly event: 'ui'; readonly ui: UiRequest }
  | { readonly event: 'cardRead'; readonly times: TapTimes }
  | { readonly event: 'authorising' }
  /** What else may be touched now. */
  | {
      readonly event: 'choices';
      readonly tap: boolean;
      readonly wallets: readonly Pick<WalletHost, 'name' | 'title'>[];
      readonly turn?: Turn;
    }
  /** A payment by code: what the shopper is to do. */
  | {
      readonly event: 'code';
      readonly screen: CodeScreen;
      /** As shoppers know the wallet. */
      readonly wallet?: string;
      readonly code?: CodeToScan;
      /** Until when, monotonic milliseconds, and how long that is in all. */
      readonly untilMs?: number;
      readonly ofMs?: number;
    }
  /** A code was scanned; nothing of its text. */
  | {
      readonly event: 'scan';
      readonly kind: 'wallet' | 'emvConsumer' | 'product' | 'ambiguous' | 'unknown';
      readonly wallet?: string;
      /** "unused": the payment goes on without it. "dropped": there is no payment for it. */
      readonly became: 'taken' | 'refused' | 'unused' | 'dropped';
      readonly why?: string;
    }
  /** The shopper is asked, until then: monotonic milliseconds. Another one may take its place. */
  | {
      readonly event: 'question';
      readonly id: string;
      readonly question: ShopperQuestion;
      readonly untilMs: number;
      readonly inPayment: boolean;
    }
  /** Nothing of the answer: it may be the shopper's secret. */
  | {
      readonly event: 'questionEnded';
      readonly kind: Asked['kind'];
      readonly how: 'answered' | 'cancelled' | 'timedOut' | 'aborted';
    }
  /** The shopper is told something; without a notice no longer. */
  | { readonly event: 'notice'; readonly notice?: ShopperNotice }
  | { readonly event: 'outcome'; readonly outcome: OutcomeName; readonly why: readonly Reason[] }
  | {
      readonly event: 'saleEnded';
      readonly result: SaleResult;
      readonly screen: DisplayView['screen'];
    };

export type CodeScreen =
  | 'payByCode'
  | 'scanCode'
  | 'showYourCode'
  | 'confirmOnPhone'
  | 'authorising';

export interface TerminalStatus {
  readonly state: 'idle' | 'sale';
  readonly transactionId?: string;
  readonly reader: string;
  readonly readerPresent: boolean;
  readonly link: string;
  readonly linkUp: boolean;
  readonly openReversals: number;
  /** Approved without the host and not yet forwarded; and how long ago the oldest was taken. */
  readonly toForward: number;
  /** Wallets' orders that are to be closed or given back, and payments that nobody knows of yet. */
  readonly openOrders: number;
  readonly unknown: number;
  readonly wallets?: readonly {
    readonly name: string;
    readonly title: string;
    /** By the shop's decisions, whatever the amount. */
    readonly accepted: boolean;
    readonly decision?: string;
  }[];
  readonly oldestToForwardSeconds?: number;
  /** The reconciliation period that payments count in now. */
  readonly period: number;
  /** Why no payment can be taken: journal or keys, and each by itself. */
  readonly refusal?: string;
  readonly journalRefusal?: string;
  readonly keysRefusal?: string;
  readonly displays: number;
  readonly acceptance: Acceptance;
  readonly lastResult?: SaleResult;
}

export interface OrderResult {
  /**
   * "underWay": it is written, and goes on until the host has acknowledged it. "refused": the
   * payment is not one that this can be done to. "error": no such payment, or no journal.
   */
  readonly status: 'done' | 'underWay' | 'refused' | 'error';
  readonly transactionId?: string;
  readonly reason: string;
}

export interface CompletionOrder {
  /** The pre-authorisation, by either id. */
  readonly original: string;
  readonly amountMinor: number;
  /** ISO 4217 numeric, to be refused when the amount held is in another one. */
  readonly currency?: number;
  readonly tillId?: string;
}

export interface Terminal {
  /** The event loop. Runs while it is subscribed to; never errors, never completes. */
  readonly run$: Observable<TerminalEvent>;
  /**
   * Takes one payment to its end. A second one meanwhile resolves at once to "busy".
   * Aborting `signal` cancels it; what the host may have booked is then reversed.
   */
  sale(
    request: SaleRequest,
    signal: AbortSignal,
    onEvent?: (event: TerminalEvent) => void,
  ): Promise<SaleResult>;
  /** Cancels the payment that is running, or the one with this id; false if there is none. */
  cancel(transactionId?: string): boolean;
  /** Takes a payment back that was approved, by either id. Asked again, it says so again. */
  void(original: string): Promise<OrderResult>;
  /** Collects an amount that is held, or less of it. */
  complete(order: CompletionOrder): Promise<SaleResult>;
  /**
   * Staff have seen that the host refused a payment when it was forwarded. With `giveUp` a payment
   * is closed, too, that the terminal would go on taking back: people have settled it.
   */
  note(id: string, giveUp?: boolean): Promise<OrderResult>;
  /**
   * How many payments the host refused when they were forwarded, and nobody has noted yet.
   * Undefined when the journal can't be read.
   */
  refusedLater(): Promise<number | undefined>;
  /** Closes the period with the host. */
  reconcile(): Promise<Reconciled | Fault>;
  /**
   * Before the end: takes no new sale, cancels the one that is running and resolves when its result
   * is out. The loop must still be subscribed to.
   */
  finish(): Promise<void>;
  status(): TerminalStatus;
}
