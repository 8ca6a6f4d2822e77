import { randomBytes } from 'node:crypto';
import { asyncScheduler } from 'rxjs';
import type { Clock, Entropy } from '#ports/clock.ts';

/** The machine's own clock and entropy. */
export const clock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  scheduler: asyncScheduler,
};

export const entropy: Entropy = { bytes: (length) => new Uint8Array(randomBytes(length)) };

/**
 * Systems trace audit numbers out of the time of day: six digits that don't come again the same
 * day, also across a restart, as long as there are fewer than ten payments a second.
 */
export const stanSource = (wallMs: () => number): (() => number) => {
  let last = 0;
  return () => {
    const tenths = Math.floor((wallMs() % 86_400_000) / 100) + 1;
    last = tenths > last || last - tenths > 10_000 ? tenths : last + 1;
    return last;
  };
};
