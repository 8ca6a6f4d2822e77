import type { Indicators } from '#data/indicators.ts';
import type { AnswerGiven, DisplayView } from '#ports/customer-display.ts';

/**
 * What travels from the terminal to the page, as JSON in a Server-Sent Event named "view". The
 * first of a connection comes at once, whether there is a view or not: it replaces what the page
 * drew before, so nothing older than the connection can stay.
 */
export interface KioskMessage {
  /** Names this run of the terminal: its sequence numbers begin anew with each. */
  readonly run: string;
  /** Version of the built page; a page that sees it change loads itself again. */
  readonly page: string | null;
  /** How long ago the view was shown, in milliseconds: an old one makes no sound. */
  readonly ageMs: number;
  /** How this terminal's lights and tones are set. */
  readonly indicators: Indicators;
  /** Null while the terminal has shown nothing yet. */
  readonly view: DisplayView | null;
}

/** What travels back when a shopper touches a choice: `POST /choice`, as JSON. */
export interface Touch {
  /** The run whose view was touched: an earlier one had the same numbers. */
  readonly run?: string;
  /** Of the view that was touched. */
  readonly sequence: number;
  readonly id: string;
}

/** What travels back when a shopper answers a question: `POST /answer`, as JSON. */
export interface AnswerPosted extends AnswerGiven {
  readonly run?: string;
}
