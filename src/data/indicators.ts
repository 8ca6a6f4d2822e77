/** How the four contactless indicators and the tones of a display are set. */
export interface Indicators {
  /** Book A: 1, four of one colour; 2, the fourth is red and says that something went wrong. */
  readonly option: 1 | 2;
  readonly tones: { readonly success: ToneSetting; readonly alert: ToneSetting };
}

/** A sine tone: `times` times `onMs`, `offMs` apart; none at all with `times` 0. */
export interface ToneSetting {
  readonly hertz: number;
  readonly onMs: number;
  readonly offMs: number;
  readonly times: number;
}

/** As Book A recommends them, in its first option. */
export const BOOK_A_INDICATORS: Indicators = {
  option: 1,
  tones: {
    success: { hertz: 1500, onMs: 500, offMs: 0, times: 1 },
    alert: { hertz: 750, onMs: 200, offMs: 200, times: 2 },
  },
};
