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
