import type { Finding } from '#ports/finding.ts';
import { finding } from './say.ts';
import { momentWords } from './words.ts';

/** What there is to hold the machine's clock against. Wall clock, milliseconds since 1970 UTC. */
export interface ClockFacts {
  readonly nowMs: number;
  /** No release of this kind was there before. */
  readonly builtMs: number;
  /** The journal's latest payment. */
  readonly lastPaymentMs?: number | undefined;
  /** By how much the host's clock is ahead, where it tells. */
  readonly hostAheadMs?: number | undefined;
  /** Whether network time is in step; undefined when nobody says. */
  readonly synchronised?: boolean | undefined;
}

/** Two clocks that people set may differ by this. */
const TOLERANCE_MS = 120_000;
const TEN_YEARS_MS = 10 * 365.25 * 86_400_000;

/** A clock that is wrong by years breaks certificates, one by minutes what people look up. */
export const clockFinding = (facts: ClockFacts): Finding => {
  const { nowMs, builtMs, lastPaymentMs, hostAheadMs, synchronised } = facts;
  const now = momentWords(nowMs);
  const built = momentWords(builtMs).slice(0, 10);
  if (nowMs < builtMs) return finding('clock', 'beforeBuild', { now, built });
  if (nowMs > builtMs + TEN_YEARS_MS) return finding('clock', 'farAhead', { now, built });
  if (lastPaymentMs !== undefined && lastPaymentMs > nowMs + TOLERANCE_MS) {
    return finding('clock', 'behindJournal', { now, last: momentWords(lastPaymentMs) });
  }
  const seconds = Math.round(Math.abs(hostAheadMs ?? 0) / 1000);
  if (seconds * 1000 > TOLERANCE_MS) return finding('clock', 'offHost', { now, seconds });
  if (synchronised === true) return finding('clock', 'well', { now });
  if (synchronised === false) return finding('clock', 'drifting', { now });
  if (hostAheadMs !== undefined) return finding('clock', 'ofHost', { now, seconds });
  return finding('clock', 'plausible', { now });
};
