import { concatMap, defer, EMPTY, ignoreElements, type Observable, takeWhile, timer } from 'rxjs';
import type { Clock } from '#ports/clock.ts';
import type { Disk } from '#ports/disk.ts';
import type { Log } from '#ports/log.ts';
import { settle, tellHealthy, tellUnhealthy } from './health.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import type { State } from './types.ts';

export interface ProbationParts {
  readonly place: { readonly disk: Disk; readonly root: string };
  readonly clock: Clock;
  readonly log: Log;
  /** Why the running release isn't what it should be, in a sentence; undefined when it is. */
  readonly complaint: () => Promise<string | undefined>;
  /** What the running release says of older ones: its manifest's floor. */
  readonly floor: () => Promise<string>;
  /** A release in its probation that isn't healthy by then ends itself, to be started anew. */
  readonly healthyWithinMs: number;
  /** Whether another release is current: nothing may be said of it in this one's name. */
  readonly isOver: () => boolean;
  /** Not healthy in time. */
  readonly giveUp: (why: string) => void;
  /** The state was written anew. */
  readonly changed: (state: State) => void;
}

/** A release that has proved itself is healthy as soon as its process stands. */
export const sayHealthy$ = (parts: ProbationParts, { phase }: State): Observable<never> =>
  defer(async () => {
    if (phase !== 'probation') written(parts, await tellHealthy(parts.place));
  }).pipe(ignoreElements());

/**
 * Tells the launcher how a release is in its probation: healthy once nothing is wrong with it, and
 * settled when that is so again after the time it has to last, by a clock that nobody sets.
 */
export const probation$ = (parts: ProbationParts, state: State): Observable<unknown> => {
  if (state.phase !== 'probation') return EMPTY;
  const watch = watchFrom(parts, state);
  return timer(0, LOOK_MS, parts.clock.scheduler).pipe(
    concatMap(() => watch()),
    takeWhile((more) => more),
  );
};

const LOOK_MS = 1_000;
/** Before that a release is only coming up: nothing is wrong with it yet. */
const COMING_UP_MS = 2_000;

/** Looks once; false when there is nothing more to look at. */
const watchFrom = (parts: ProbationParts, { slots, current }: State) => {
  const { place, clock, complaint, floor, healthyWithinMs, giveUp, isOver } = parts;
  const startMs = clock.monotonicMs();
  const probationMs = slots[current]?.probationMs ?? 0;
  let healthyMs: number | undefined;
  let told: string | undefined;
  return async (): Promise<boolean> => {
    const why = await complaint();
    if (isOver()) return false;
    const nowMs = clock.monotonicMs();
    if (why === undefined) {
      if (healthyMs === undefined) {
        if (!written(parts, await tellHealthy(place))) return true;
        healthyMs = nowMs;
      }
      if (nowMs - healthyMs < probationMs) return true;
      const oldest = await floor();
      return !isOver() && !written(parts, await settle(place, oldest));
    }
    // What fails later than that is the launcher's affair only if it ends the process.
    if (healthyMs !== undefined) return true;
    if (why !== told && nowMs - startMs >= Math.min(COMING_UP_MS, healthyWithinMs)) {
      told = why;
      written(parts, await tellUnhealthy(place, why));
    }
    if (nowMs - startMs < healthyWithinMs) return true;
    giveUp(why);
    return false;
  };
};

const written = ({ log, changed }: ProbationParts, result: State | Refusal): boolean => {
  if (isRefusal(result)) {
    log.error({ problem: result.detail }, 'how this release is can not be written');
    return false;
  }
  changed(result);
  return true;
};
