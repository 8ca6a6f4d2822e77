import type { Observable } from 'rxjs';
import type { Fault } from './fault.ts';

/** What the reader sees. `sinceMs` is monotonic time (see Clock) of the last change. */
export type ReaderState =
  | { readonly reader: 'absent'; readonly why: Fault; readonly sinceMs: number }
  | {
      readonly reader: 'present';
      readonly name: string;
      readonly card: 'absent' | 'present';
      readonly sinceMs: number;
      /** There while the reader is silenced: its antenna is down, or no command puts it down. */
      readonly silenced?: 'antennaOff' | 'antennaOn';
    };

/** A card that is powered up and answers commands. */
export interface ActivatedCard {
  /** Answer to reset, as the reader made it up from the card's activation; never empty. */
  readonly atr: Uint8Array;
  /** When the reader first saw this card: monotonic milliseconds (see Clock). */
  readonly seenAtMs: number;
  /** Reader time spent on powering the card up, in microseconds. */
  readonly microseconds: number;
}

export interface Exchange {
  /** The whole response APDU: data and SW1 SW2, so at least two bytes. */
  readonly response: Uint8Array;
  /** Time between the command's hand-over to the reader and its answer, in microseconds. */
  readonly microseconds: number;
}

/** What a reader's own lights and buzzer are to tell, after the UI requests of Book A clause 9. */
export type Cue = 'off' | 'idle' | 'ready' | 'processing' | 'success' | 'error';

/**
 * A contactless reader. One card at a time. Nothing touches the card, and the driver makes no
 * connection to it, until `activate` is called: what is switched off stays silent.
 */
export interface CardReader {
  /** Replays the present state to a new subscriber, then each change. Never errors. */
  readonly state$: Observable<ReaderState>;
  /**
   * Waits until one card is in the field and powers it up. A card that is there already counts.
   * Waits through an absent reader or service as well; resolves to a Fault when the card that came
   * can't be powered up (`protocol`, `cardLost`, …) or `signal` is aborted (`aborted`).
   */
  activate(signal: AbortSignal): Promise<ActivatedCard | Fault>;
  /**
   * Sends one command APDU to the activated card. Resolves to a Fault `timeout` after `deadlineMs`
   * (the reader is then reset), `cardLost` when the card was torn away, and so on.
   */
  exchange(command: Uint8Array, deadlineMs: number): Promise<Exchange | Fault>;
  /** Powers the card down and keeps it down for at least `holdMs`. Resolves when it is off. */
  fieldOff(holdMs: number): Promise<void>;
  /**
   * Silenced, the reader powers an activated card down, connects to nothing and transmits nothing:
   * `activate` waits, `exchange` resolves to a Fault `aborted`; one under way is answered first.
   * Its antenna is put down where it has a command for that, which is an escape to the reader and
   * none to a card. Resolves when it is so; holds for readers that are plugged in later, too.
   */
  silence(silent: boolean): Promise<void>;
  /**
   * Tells the shopper by the reader's own lights and buzzer, where it has commands for them. Best
   * effort: what would come between a card and its payment is left out, of several only the last
   * is told, and nothing while silenced, which puts the lights out.
   */
  signal?(cue: Cue): void;
  /** Releases reader and processes. */
  close(): Promise<void>;
}
