import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Lights, Screen } from '#ports/customer-display.ts';
import type { OwnScreen } from './looks.ts';
import { openSound, type PlayTone } from './tone.ts';
import type { Picture } from './use-terminal.ts';

/**
 * Lights two to four come on over 250 ms and stay for 750 ms (Book A, option 1), or two and three
 * over 125 ms, to stay for no less than 750 ms (option 2).
 */
const SUCCESS_MS = 1000;

/**
 * The lights to draw now. Success plays once for each cue, and always to its end, whatever the
 * terminal shows meanwhile (Book A: timed effects of a status finish); then all are off.
 */
export function useLights(picture: Picture): Lights {
  const [playing, setPlaying] = useState<string>();
  const { lights, cue, fresh } = cueOf(picture);
  useOnce(cue, () => {
    if (lights !== 'success' || !fresh) return;
    setPlaying(cue);
    window.setTimeout(() => setPlaying((now) => (now === cue ? undefined : now)), SUCCESS_MS);
  });
  // No light invites anyone where contactless is switched off, or a code is to be scanned.
  if (picture.kind !== 'view' || isDark(picture.view.screen)) return 'off';
  if (playing !== undefined) return 'success';
  return lights === 'success' ? 'off' : lights;
}

/** Screens that have nothing to do with the field of the reader. */
export const BY_CODE: readonly (Screen | OwnScreen)[] = [
  'payByCode',
  'scanCode',
  'showYourCode',
  'confirmOnPhone',
];

/** Nor do these, of which the first needs all the room. */
const DARK: readonly Screen[] = ['contactlessOff', 'question', 'notice'];

const isDark = (screen: Screen): boolean => DARK.includes(screen) || BY_CODE.includes(screen);

/** Plays the view's tone, once for each cue. */
export function useTone(picture: Picture): void {
  const play = useRef<PlayTone>(undefined);
  const { tone, cue, fresh } = cueOf(picture);
  useLayoutEffect(() => {
    play.current = openSound();
  }, []);
  useOnce(cue, () => {
    if (tone && fresh) play.current?.(tone);
  });
}

// A reconnected page sees the same view again: it has had its moment.
function useOnce(cue: string | undefined, act: () => void): void {
  const last = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (cue === undefined || cue === last.current) return;
    last.current = cue;
    act();
  });
}

function cueOf(picture: Picture) {
  if (picture.kind !== 'view') return { lights: 'off', fresh: false } as const;
  const { view, indicators, cue, fresh } = picture;
  const tone = view.tone && indicators.tones[view.tone];
  return { lights: view.lights, tone, cue, fresh };
}
