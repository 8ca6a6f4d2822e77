import { concatMap, EMPTY, type Observable, takeWhile, timer } from 'rxjs';
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
  /** Not healthy in time. */
  readonly giveUp: (why: string) => void;
  /** The state was written anew. */
  readonly changed: (state: State) => void;
}

/**
 * Tells the launcher how the running release is. One that has proved itself is healthy as soon as
 * its process stands. In a probation it is once nothing is wrong with it, and it settles when that
 * is so again after the time it has to last: by a clock that nobody sets.
 */
export const probation$ = (parts: ProbationParts, state: State): Observable<unknown> => {
  const { clock } = parts;
  if (state.phase !== 'probation') return once(parts, () => tellHealthy(parts.place));
  const watch = watchFrom(parts, state);
  return timer(0, LOOK_MS, clock.scheduler).pipe(
    concatMap(() => watch()),
    takeWhile((more) => more),
  );
};

const LOOK_MS = 1_000;
/** Before that a release is only coming up: nothing is wrong with it yet. */
const COMING_UP_MS = 2_000;

/** Looks once; false when there is nothing more to look at. */
const watchFrom = (parts: ProbationParts, { slots, current }: State) => {
  const { place, clock, complaint, floor, healthyWithinMs, giveUp } = parts;
  const startMs = clock.monotonicMs();
  const probationMs = slots[current]?.probationMs ?? 0;
  let healthyMs: number | undefined;
  let told: string | undefined;
  return async (): Promise<boolean> => {
    const why = await complaint();
    const nowMs = clock.monotonicMs();
    if (why === undefined) {
      if (healthyMs === undefined) {
        if (!written(parts, await tellHealthy(place))) return true;
        healthyMs = nowMs;
      }
      if (nowMs - healthyMs < probationMs) return true;
      return !written(parts, await settle(place, await floor()));
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

const once = (parts: ProbationParts, work: () => Promise<State | Refusal>): Observable<never> =>
  timer(0, parts.clock.scheduler).pipe(
    concatMap(async () => written(parts, await work())),
    concatMap(() => EMPTY),
  );

const written = ({ log, changed }: ProbationParts, result: State | Refusal): boolean => {
  if (isRefusal(result)) {
    log.error({ problem: result.detail }, 'how this release is can not be written');
    return false;
  }
  changed(result);
  return true;
};
