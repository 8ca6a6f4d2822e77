import type { ShopperAnswer, ShopperNotice, ShopperQuestion } from '#ports/shopper-question.ts';
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
}

/** Payments, and what else a till may want of the counter. */
export type WholeTerminal = Terminal & ShopperDesk & CardDesk;
