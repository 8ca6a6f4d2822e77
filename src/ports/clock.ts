import type { SchedulerLike } from 'rxjs';

export interface Clock {
  /** Wall clock, milliseconds since 1970 UTC. May jump. */
  wallMs(): number;
  /** CLOCK_MONOTONIC in milliseconds with fractions: one clock for all processes of a machine. */
  monotonicMs(): number;
  /** Timers of the event loop run on this, so that tests can own the time. */
  readonly scheduler: SchedulerLike;
}

export interface Entropy {
  /** Cryptographically strong random bytes. */
  bytes(length: number): Uint8Array;
}
