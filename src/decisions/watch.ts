import {
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  ignoreElements,
  map,
  merge,
  type Observable,
  repeat,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import type { Clock } from '#ports/clock.ts';
import type { Standing } from './types.ts';

export interface Watched {
  readonly clock: Clock;
  readonly standing$: Observable<Standing>;
  /** Whether any decision has a time, past ones too: a clock may be set back. */
  readonly isTimed: () => boolean;
  /** Looks at the clock. */
  readonly look: () => Standing;
  /** Reads the register again. */
  readonly read: () => Promise<unknown>;
  readonly checkMs: number;
}

/**
 * Looks at the clock when something begins or ends, and every second while anything is timed: a
 * clock that is set has no event of its own. Reads the register again now and then; more often
 * while it can't be read, as somebody is about to mend it.
 */
export const watch$ = (parts: Watched): Observable<never> => {
  const { clock, standing$, isTimed, look, read, checkMs } = parts;
  const untilLookMs = (): number => {
    const { changesAtMs = Number.POSITIVE_INFINITY } = look();
    return Math.max(1, Math.min(changesAtMs - clock.wallMs(), LOOK_MS));
  };
  const looks$ = defer(() => timer(untilLookMs(), clock.scheduler)).pipe(tap(look), repeat());
  const clock$ = standing$.pipe(
    map(isTimed),
    distinctUntilChanged(),
    switchMap((timed) => (timed ? looks$ : EMPTY)),
  );
  const untilReadMs = (): number =>
    look().unreadable === undefined ? checkMs : Math.min(checkMs, UNREADABLE_MS);
  const register$ = defer(() => timer(untilReadMs(), clock.scheduler)).pipe(
    concatMap(read),
    repeat(),
  );
  return merge(clock$, register$).pipe(ignoreElements());
};

const LOOK_MS = 1000;
const UNREADABLE_MS = 5000;
