import type { Observable } from 'rxjs';
import type { DialectName } from '#iso8583/index.ts';
import type { Clock } from '#ports/clock.ts';
import type { Screen } from '#ports/customer-display.ts';
import type { Fault } from '#ports/fault.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';
import type { Log } from '#ports/log.ts';

/** Which kernel made the data record: it decides what goes into DE 55. */
export type Kernel = `K${2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** One online authorisation, as the terminal asks for it. */
export interface Payment {
  /** The terminal's own transaction id. For the log only: the host never sees it. */
  readonly id: string;
  /** Positive whole number of the currency's smallest unit; equals 9F02. */
  readonly amountMinor: number;
  /** ISO 4217 numeric, three digits, such as "840"; equals 5F2A. */
  readonly currencyNumeric: string;
  /** Tag 9C as two digits: "00" purchase, "01" cash, "09" with cashback, "20" refund. */
  readonly transactionType: string;
  /** The shop's local time as YYMMDDhhmmss; equals 9A and 9F21. */
  readonly localTime: string;
  readonly kernel: Kernel;
  /** The kernel's data record, by tag: at least 57 (or 5A and 5F24) and what DE 55 needs. */
  readonly data: ReadonlyMap<number, Uint8Array>;
}

/** What an answer means to shopper and terminal: a row of response-codes.ts. */
export interface ResponseCode {
  /** DE 39, two characters. */
  readonly code: string;
  readonly approved: boolean;
  /** What the shopper is shown. */
  readonly shopper: Extract<
    Screen,
    'approved' | 'declined' | 'tryAgain' | 'anotherCard' | 'insertCard' | 'enterPin'
  >;
  /** For staff and log, a few words in English. */
  readonly meaning: string;
}

/** The host's answer. `milliseconds` run from handing the request over to having the answer. */
export interface Answered {
  readonly kind: 'answered';
  readonly approved: boolean;
  readonly responseCode: string;
  readonly meaning: string;
  readonly shopper: ResponseCode['shopper'];
  /** DE 38, when the host gave one. */
  readonly authorisationCode?: string;
  /** Tags 91, 71 and 72 of DE 55 as TLV, for a kernel that asks for a second tap. */
  readonly issuerData?: Uint8Array;
  /** DE 11 and DE 37 of the request: what staff and acquirer find the payment by. */
  readonly stan: string;
  readonly retrievalReference: string;
  readonly milliseconds: number;
}

/**
 * A Fault says that there is no answer: `timeout`, `linkDown` (not sent, or the connection broke
 * while we waited), `aborted` (the signal) or `protocol` (the answer couldn't be understood).
 * Whatever may have reached the host is reversed without being asked.
 */
export type Authorisation = Answered | Fault;

export interface UplinkState {
  readonly link: LinkState;
  /** Whether the host answered the last message we sent; undefined before the first. */
  readonly hostAnswers: boolean | undefined;
  /** Reversals that the host has not acknowledged yet. No payment goes out before they are. */
  readonly openReversals: number;
}

export interface Uplink {
  /**
   * Asks the host for one authorisation. Never throws. One at a time: the caller waits for the
   * end of a payment before it starts another.
   */
  authorise(payment: Payment, signal: AbortSignal): Promise<Authorisation>;
  /**
   * A sale starts: open reversals are tried again at once, while the card is awaited, so that the
   * payment finds none in its way. Does nothing when none is open.
   */
  prepare(): void;
  /**
   * Takes back an approval that the terminal can't complete, such as one that the card declined at
   * its second tap. Queued like every reversal; calling it again, or with a decline, does nothing.
   * Only the latest approval can be taken back, and only until the next payment is asked for.
   */
  takeBack(answered: Answered): void;
  /**
   * For an orderly end. Tries open reversals at once, and resolves to true when no payment is
   * being asked and no reversal is open, to false when `withinMs` have passed before. Needs a
   * subscription to `state$` until then, as all delivery does.
   */
  settled(withinMs: number): Promise<boolean>;
  /**
   * Replays the state, then each change. The uplink's own work (reversals until they are
   * acknowledged, echo when idle, strays logged) goes on while somebody is subscribed: subscribe
   * once, for as long as the terminal runs.
   */
  readonly state$: Observable<UplinkState>;
}

export interface UplinkConfig {
  readonly dialect: DialectName;
  /** DE 41, up to 8 characters; DE 42, up to 15. */
  readonly terminalId: string;
  readonly merchantId: string;
  /** Whether a PIN can be entered at this terminal: the third digit of DE 22. */
  readonly pinPad: boolean;
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
  dialect: 'iso8583-1987-ascii',
  pinPad: false,
  answerWithinMs: 15_000,
  echoAfterMs: 60_000,
  reversalsWithinMs: 5_000,
  repeatAfterMs: { first: 1_000, last: 30_000 },
} as const satisfies Partial<UplinkConfig>;

export interface UplinkParts {
  readonly link: HostLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: UplinkConfig;
  /** The next systems trace audit number, 1 to 999999, never the same twice in a day. */
  readonly nextStan: () => number;
}
