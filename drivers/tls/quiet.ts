/** Knows whether somebody may be waiting for an answer. */
export interface Quiet {
  /** A connection is new: nothing was sent over it. */
  start(): void;
  sent(): void;
  heard(): void;
  now(): boolean;
}

/**
 * It is quiet when every message was answered and nothing was said for a moment, or when nothing
 * was said for so long that nobody waits any more.
 */
export const createQuiet = (after: {
  readonly quietMs: number;
  readonly silenceMs: number;
}): Quiet => {
  let unanswered = 0;
  let lastMs = performance.now();
  return {
    start: () => {
      unanswered = 0;
    },
    sent: () => {
      unanswered++;
      lastMs = performance.now();
    },
    heard: () => {
      unanswered = Math.max(0, unanswered - 1);
      lastMs = performance.now();
    },
    now: () => performance.now() - lastMs >= (unanswered === 0 ? after.quietMs : after.silenceMs),
  };
};
