import type { Observable } from 'rxjs';
import type { Texts } from '#config/texts-config.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import type { Cvm, OutcomeName, Reason } from '#kernels/shared/outcome.ts';
import type { UiRequest } from '#kernels/shared/ui-request.ts';
import type { CardReader } from '#ports/card-reader.ts';
import type { Clock, Entropy } from '#ports/clock.ts';
import type { CustomerDisplay, DisplayView } from '#ports/customer-display.ts';
import type { Log } from '#ports/log.ts';
import type { Uplink } from '#uplink/index.ts';

/** What a shop decides about its payments. */
export interface TerminalSettings {
  readonly merchant: string;
  /** Languages we have texts for; the shop's own is `language`. */
  readonly texts: Readonly<Record<string, Texts>>;
  readonly language: string;
  readonly exchangeDeadlineMs: number;
  readonly cardTimeoutMs: number;
  readonly resultMs: number;
  /** How many cards that can't be used one payment puts up with. */
  readonly attempts: number;
}

export interface TerminalParts {
  readonly reader: CardReader;
  readonly display: CustomerDisplay;
  readonly uplink: Uplink;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly contactless: ReaderConfiguration;
  readonly settings: TerminalSettings;
}

export interface SaleRequest {
  /** Minor units of the currency. */
  readonly amountMinor: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
}

export type SaleStatus = 'approved' | 'declined' | 'cancelled' | 'timedOut' | 'busy' | 'error';

/** How a sale ended. Holds no account data but the masked number. */
export interface SaleResult {
  readonly status: SaleStatus;
  readonly transactionId: string;
  readonly amountMinor: number;
  /** Three letters. */
  readonly currency: string;
  /** One sentence for cashier and log. */
  readonly reason: string;
  readonly scheme?: string;
  readonly application?: string;
  readonly maskedPan?: string;
  readonly cvm?: Cvm;
  /** DE 39 and DE 38 of the host's answer. */
  readonly responseCode?: string;
  readonly authorisationCode?: string;
  readonly retrievalReference?: string;
  readonly outcome?: OutcomeName;
  readonly tap?: TapTimes;
}

/** Where the time of a tap went, from "card seen" to "card read successfully"; milliseconds. */
export interface TapTimes {
  readonly totalMs: number;
  /** Spent in reader and card: powering up and every exchange. */
  readonly cardMs: number;
  /** The rest: ours. */
  readonly ownMs: number;
  readonly commands: readonly { readonly command: string; readonly ms: number }[];
}

/** What happens in the loop, in order; display, log and status are made of it. */
export type TerminalEvent =
  | { readonly event: 'idle' }
  | { readonly event: 'reader'; readonly present: boolean; readonly detail: string }
  | { readonly event: 'saleStarted'; readonly transactionId: string; readonly request: SaleRequest }
  | { readonly event: 'ui'; readonly ui: UiRequest }
  | { readonly event: 'cardRead'; readonly times: TapTimes }
  | { readonly event: 'authorising' }
  | { readonly event: 'outcome'; readonly outcome: OutcomeName; readonly why: readonly Reason[] }
  | {
      readonly event: 'saleEnded';
      readonly result: SaleResult;
      readonly screen: DisplayView['screen'];
    };

export interface TerminalStatus {
  readonly state: 'idle' | 'sale';
  readonly transactionId?: string;
  readonly reader: string;
  readonly readerPresent: boolean;
  readonly link: string;
  readonly linkUp: boolean;
  readonly openReversals: number;
  readonly displays: number;
  readonly lastResult?: SaleResult;
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
  /**
   * Before the end: takes no new sale, cancels the one that is running and resolves when its result
   * is out. The loop must still be subscribed to.
   */
  finish(): Promise<void>;
  status(): TerminalStatus;
}
