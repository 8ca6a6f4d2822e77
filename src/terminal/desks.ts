import type { ShopperAnswer, ShopperNotice, ShopperQuestion } from '#ports/shopper-question.ts';
import type { AccountType, Balance, ErrorCondition } from '#uplink/index.ts';
import type { Restriction, Terminal, TerminalEvent } from './types.ts';

/** What a till may have a shopper asked or told, while no payment is taken. */
export interface ShopperDesk {
  /**
   * Asks, and resolves to what came of it: see ShopperAnswer. Aborting `signal` takes the question
   * back.
   */
  ask(question: ShopperQuestion, signal: AbortSignal): Promise<ShopperAnswer>;
  /** Changes the question that is open; false if there is none. */
  askInstead(question: ShopperQuestion): boolean;
  /** Shows a text; undefined: the terminal's own picture is back. False: a payment is taken. */
  tell(notice: ShopperNotice | undefined): boolean;
}

/** A card that is read to be known, and pays nothing. */
export interface AcquisitionRequest {
  /** For the display, and for the card's limits: minor units; 0 shows no amount. */
  readonly amountMinor: number;
  readonly currency: number;
  readonly brands?: readonly string[];
  readonly language?: string;
}

export interface AcquisitionResult {
  readonly status: 'acquired' | 'cancelled' | 'timedOut' | 'busy' | 'declined' | 'error';
  readonly transactionId: string;
  /** One sentence for cashier and log. */
  readonly reason: string;
  readonly restriction?: Restriction;
  readonly scheme?: string;
  readonly application?: string;
  readonly maskedPan?: string;
  /** The key store's token of the card. */
  readonly cardToken?: string;
}

/** Whose balance is asked for. */
export interface BalanceRequest {
  readonly account: AccountType;
  /** The shop's, ISO 4217 numeric. */
  readonly currency: number;
  /** The token of the only card that may be asked about: of a card acquisition. */
  readonly cardToken?: string;
  readonly language?: string;
}

export interface BalanceResult extends Omit<AcquisitionResult, 'status'> {
  readonly status: 'told' | Exclude<AcquisitionResult['status'], 'acquired'>;
  /** Account data: for the till that asked. */
  readonly balance?: Balance;
  /** Nobody answered: it may be asked again later. */
  readonly hostUnreachable?: boolean;
  /** Why not, in nexo's words, where the host said no. */
  readonly errorCondition?: ErrorCondition;
  readonly responseCode?: string;
  readonly retrievalReference?: string;
}

export interface CardDesk {
  /**
   * Reads a card until its number is known, and takes nothing. Most cards tell it before they are
   * asked for a cryptogram, and never are; those of Visa, Discover and UnionPay (kernels 3, 6 and
   * 7) tell it beside one, which is over an amount of zero and goes to nobody. Aborting `signal`
   * ends it.
   */
  acquire(
    request: AcquisitionRequest,
    signal: AbortSignal,
    onEvent?: (event: TerminalEvent) => void,
  ): Promise<AcquisitionResult>;
  /**
   * Has a card held to the reader for an amount of zero and asks its host for the balance. Nothing
   * is booked or written. Aborting `signal` ends it.
   */
  inquire(
    request: BalanceRequest,
    signal: AbortSignal,
    onEvent?: (event: TerminalEvent) => void,
  ): Promise<BalanceResult>;
}

/** The code, and its AIM identifier where the scanner tells it; or why there is none. */
export type CodeRead =
  | { readonly kind: 'read'; readonly text: string; readonly symbology?: string }
  | { readonly kind: 'timedOut' | 'aborted' | 'busy' | 'noScanner' };

export interface ScanDesk {
  /**
   * Waits for a code at the scanner, while no payment is taken. One that may pay is not given out:
   * it waits for a payment, as always. Aborting `signal` ends it.
   */
  readCode(withinMs: number, signal: AbortSignal): Promise<CodeRead>;
}

/** Payments, and what else a till may want of the counter. */
export type WholeTerminal = Terminal & ShopperDesk & CardDesk & ScanDesk;
