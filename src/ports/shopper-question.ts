/** What a shopper is asked on the display, in words that are shown as they stand. */
export interface ShopperQuestion {
  /** One line above the question; may be empty. */
  readonly title: string;
  /** The question itself; lines are parted by "\n". */
  readonly text: string;
  readonly ask: Asked;
  /** How long the shopper has. */
  readonly withinMs: number;
}

/** What kind of answer is wanted. */
export type Asked =
  /** Two buttons. Words of the display's language where they are absent. */
  | { readonly kind: 'confirmation'; readonly yes?: string; readonly no?: string }
  | {
      readonly kind: 'digits';
      readonly minLength: number;
      readonly maxLength: number;
      /** Digits after the point that may be typed; 0: a whole number. */
      readonly decimals: number;
      /** What stands there at first. */
      readonly initial: string;
      /** Not to be read by others: dots are shown. */
      readonly masked: boolean;
    }
  | {
      readonly kind: 'text';
      readonly minLength: number;
      readonly maxLength: number;
      readonly initial: string;
      readonly masked: boolean;
    }
  /** Entries to be touched, one or, with `several`, any number of them and "done". */
  | {
      readonly kind: 'menu';
      readonly entries: readonly string[];
      readonly several: boolean;
      /** Indexes of those that are chosen at first. */
      readonly initial: readonly number[];
    }
  | { readonly kind: 'signature' };

/** What a display sends back; what doesn't fit the question that is open is left out. */
export type DisplayAnswer =
  | { readonly kind: 'confirmation'; readonly confirmed: boolean }
  | { readonly kind: 'digits' | 'text'; readonly typed: string }
  | { readonly kind: 'menu'; readonly chosen: readonly number[] }
  | { readonly kind: 'signature'; readonly signature: Signature }
  /** The shopper pressed "cancel". */
  | { readonly kind: 'cancelled' };

/** Strokes of a pen; coordinates from 0 in the upper left corner, whole numbers up to 0xFFFE. */
export interface Signature {
  readonly width: number;
  readonly height: number;
  readonly strokes: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** What came of a question. */
export type ShopperAnswer =
  | Exclude<DisplayAnswer, { readonly kind: 'cancelled' }>
  /**
   * "timedOut": nobody touched it in time. "aborted": whoever asked took it back. "busy": a payment
   * is being taken, or another question is open. "noDisplay": nobody would see it.
   */
  | { readonly kind: 'cancelled' | 'timedOut' | 'aborted' | 'busy' | 'noDisplay' };

/** A text of the till's on the display, until another picture takes its place. */
export interface ShopperNotice {
  readonly title: string;
  readonly text: string;
}
