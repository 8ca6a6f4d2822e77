import { useLayoutEffect, useState } from 'preact/hooks';
import { ownTexts } from './texts.ts';
import type { Picture } from './use-terminal.ts';

/** What is left of a view's time, in seconds, and of how many. */
export interface TimeLeft {
  readonly seconds: number;
  /** When the view came: what is long past by then is not said. */
  readonly from: number;
  readonly of: number;
}

/** Said aloud once each, when so many seconds are left: often enough, and no more. */
const SAID_AT: readonly number[] = [10, 30, 60];

/** What is left of the time of the view that is shown, second by second; undefined without one. */
export function useTimeLeft(picture: Picture): TimeLeft | undefined {
  const time = picture.kind === 'view' ? picture.time : undefined;
  const endsAtMs = time?.endsAtMs;
  const [, tick] = useState(0);
  useLayoutEffect(() => {
    if (endsAtMs === undefined) return;
    let timer = 0;
    const wait = () => {
      const leftMs = endsAtMs - performance.now();
      if (leftMs > 0) timer = window.setTimeout(next, leftMs % 1000 || 1000);
    };
    const next = () => {
      tick((ticks) => ticks + 1);
      wait();
    };
    wait();
    return () => window.clearTimeout(timer);
  }, [endsAtMs]);
  if (time === undefined) return undefined;
  const leftMs = Math.max(0, time.endsAtMs - performance.now());
  // A timer that fires a touch early must not show the second before again.
  const seconds = Math.ceil(leftMs / 1000 - 0.02);
  return { seconds, from: Math.round(time.fromMs / 1000), of: time.ofMs / 1000 };
}

interface TimeLeftProps {
  readonly left: TimeLeft;
  readonly language: string;
}

/** The time as a bar that gets shorter and as minutes and seconds: neither by colour alone. */
export const Countdown = ({ left: { seconds, of }, language }: TimeLeftProps) => (
  <div class="time" data-short={seconds <= 10 ? '' : undefined}>
    <div class="bar" aria-hidden="true">
      <i style={{ '--left': (of > 0 ? Math.min(1, seconds / of) : 0).toFixed(4) }} />
    </div>
    <p role="timer" aria-live="off">
      {ownTexts(language).code.timeLeft} <bdi class="digits-of-time">{minutesOf(seconds)}</bdi>
    </p>
  </div>
);

/**
 * What a screen reader says of the time, at a few moments: the same words until the next of them.
 * Empty before the first.
 */
export function spokenTime(left: TimeLeft | undefined, language: string): string {
  if (left === undefined || left.seconds === 0) return '';
  const due = SAID_AT.find((seconds) => left.seconds <= seconds);
  if (due === undefined || due >= left.from) return '';
  const unit = { style: 'unit', unit: 'second', unitDisplay: 'long' } as const;
  const seconds = new Intl.NumberFormat(language, { ...unit, numberingSystem: 'latn' }).format(due);
  return `${ownTexts(language).code.timeLeft}: ${seconds}`;
}

const minutesOf = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
