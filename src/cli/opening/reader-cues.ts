import type { CardReader, Cue } from '#ports/card-reader.ts';
import type { CustomerDisplay, DisplayView, Screen } from '#ports/customer-display.ts';

/** The same picture by the reader's own lights and buzzer, where it has them. */
export const withReaderCues = (
  display: CustomerDisplay,
  reader: Pick<CardReader, 'signal'>,
): CustomerDisplay => ({
  ...display,
  show: (view) => {
    display.show(view);
    const cue = cueOf(view);
    if (cue !== undefined) reader.signal?.(cue);
  },
});

/** What a view changes for a reader; undefined where its lights stay as they are. */
export const cueOf = ({
  screen,
  lights,
  tone,
}: Pick<DisplayView, 'screen' | 'lights' | 'tone'>): Cue | undefined => {
  if (AWAITS_CARD.includes(screen)) return 'ready';
  if (tone !== undefined) return tone === 'success' ? 'success' : 'error';
  if (lights === 'off') return OUT_OF_SERVICE.includes(screen) ? 'off' : undefined;
  // A sequence plays once, with its tone.
  return lights === 'success' || lights === 'error' ? undefined : lights;
};

/** A card is asked for, or is about to be, whatever became of the one before. */
const AWAITS_CARD: readonly Screen[] = [
  'presentCard',
  'takeCardAway',
  'tryAgain',
  'seePhone',
  'oneCardOnly',
  'anotherCard',
];

const OUT_OF_SERVICE: readonly Screen[] = ['notReady', 'contactlessOff'];
