/** The moment, by both clocks of the machine. */
export interface Moment {
  /** Milliseconds since 1970 UTC. Anybody may set it. */
  readonly wallMs: number;
  /** Milliseconds since the machine started; nobody can set it. */
  readonly monotonicMs: number;
  /** Which start of the machine the monotonic clock counts from. */
  readonly boot: string;
}

/** How often a name was tried in vain, and how long nobody may try again, from when on. */
export interface Tries {
  readonly wrong: number;
  readonly waitMs: number;
  readonly since: Moment;
}

/** One more. It counts as wrong until it turns out to be right. */
export const counted = (tries: Tries | undefined, now: Moment): Tries => {
  const wrong = (tries?.wrong ?? 0) + 1;
  return { wrong, waitMs: waitAfter(wrong), since: now };
};

/**
 * How long there is still to wait. By the monotonic clock, so that setting the other one changes
 * nothing; after a start of the machine by the wall clock, and all over again when that shows a
 * time before the try: it is wrong now, or was wrong then.
 */
export const stillToWaitMs = ({ waitMs, since }: Tries, now: Moment): number => {
  const sameStart = since.boot === now.boot && now.monotonicMs >= since.monotonicMs;
  const passedMs = sameStart ? now.monotonicMs - since.monotonicMs : now.wallMs - since.wallMs;
  return passedMs < 0 ? waitMs : Math.max(0, Math.ceil(waitMs - passedMs));
};

/** The same wait, measured from now on. Done once after each start of the machine. */
export const anchored = (tries: Tries, now: Moment): Tries => ({
  wrong: tries.wrong,
  waitMs: stillToWaitMs(tries, now),
  since: now,
});

/** 30 s after the third wrong try, then twice as long each time, up to 15 minutes. */
const waitAfter = (wrong: number): number =>
  wrong < FREE_TRIES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES), LONGEST_WAIT_MS);

const FREE_TRIES = 3;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 900_000;
