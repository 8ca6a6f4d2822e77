import { useEffect, useState } from 'preact/hooks';
import type { Indicators } from '#data/indicators.ts';
import type { DisplayView } from '#ports/customer-display.ts';
import type { KioskMessage } from '../message.ts';
import { followTerminal, type News } from './connection.ts';

/** What the page draws: nothing yet, a state of its own, or what the terminal shows. */
export type Picture =
  | { readonly kind: 'blank' }
  | { readonly kind: 'away'; readonly language: string }
  | { readonly kind: 'starting'; readonly language: string }
  | {
      readonly kind: 'view';
      readonly view: DisplayView;
      readonly indicators: Indicators;
      /** The run of the terminal that shows it. */
      readonly run: string;
      /** Names this view among all that this page ever drew. */
      readonly cue: string;
      /** True when the moment is now: lights and tone that play once may play. */
      readonly fresh: boolean;
      readonly time?: ViewTime;
    };

/** When a view's time is up, on this page's own clock; what was left when it came, and of what. */
export interface ViewTime {
  readonly endsAtMs: number;
  readonly fromMs: number;
  readonly ofMs: number;
}

/** A view older than this, drawn by a display that was away, is shown without its tone. */
const FRESH_MS = 1500;

/** The picture of the moment, kept up to date with the terminal. */
export function useTerminal(): Picture {
  const [picture, setPicture] = useState<Picture>({ kind: 'blank' });
  useEffect(() => {
    let pageVersion: string | undefined;
    followTerminal('events', (news) => {
      const built = news.link === 'up' ? news.message.page : null;
      pageVersion ??= built ?? undefined;
      if (built !== null && built !== pageVersion) return window.location.reload();
      setPicture((before) => pictureOf(news, languageOf(before)));
    });
  }, []);
  return picture;
}

function pictureOf(news: News, language: string): Picture {
  if (news.link === 'away') return { kind: 'away', language };
  const { view, run, ageMs, indicators }: KioskMessage = news.message;
  if (view === null) return { kind: 'starting', language };
  return {
    kind: 'view',
    view,
    indicators,
    run,
    cue: `${run}/${view.sequence}`,
    fresh: ageMs < FRESH_MS,
    ...(view.timeLeft && { time: timeOf(view.timeLeft, ageMs) }),
  };
}

function timeOf({ ms, ofMs }: NonNullable<DisplayView['timeLeft']>, ageMs: number): ViewTime {
  const fromMs = ms - ageMs;
  return { endsAtMs: performance.now() + fromMs, fromMs, ofMs };
}

/** The terminal's language stays on the display while the terminal is away. */
const languageOf = (picture: Picture): string =>
  picture.kind === 'view' ? picture.view.language : 'language' in picture ? picture.language : 'en';
