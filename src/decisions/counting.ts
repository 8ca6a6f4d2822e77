import { BehaviorSubject, type Observable } from 'rxjs';
import { inForce, type Moment, nextChange, type Zone } from '#acceptance/index.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import { NOTHING_READ, type Reading } from './reading.ts';
import type { Standing } from './types.ts';

/** What counts, by the register as it was last read and by the clock. */
export interface Counting {
  readonly standing$: Observable<Standing>;
  reading(): Reading;
  /** The register was read, or written: counts from here on. */
  take(reading: Reading): Reading;
  /** What counts by the clock as it is now; tells it, when it is something else than before. */
  look(): Standing;
  isTimed(): boolean;
  now(): Moment;
}

export interface CountingParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly zone: Zone;
}

export const createCounting = ({ clock, log, zone }: CountingParts): Counting => {
  let reading = NOTHING_READ;
  let counted = countOf(reading, { wallMs: clock.wallMs(), zone });
  const standing$ = new BehaviorSubject(counted.standing);
  let told = keyOf(counted, reading);
  const look = (): Standing => {
    const wallMs = clock.wallMs();
    if (!isStill(counted, reading, wallMs)) counted = countOf(reading, { wallMs, zone });
    const key = keyOf(counted, reading);
    if (key !== told) {
      told = key;
      standing$.next(counted.standing);
    }
    return counted.standing;
  };
  return {
    standing$: standing$.asObservable(),
    reading: () => reading,
    take: (next) => {
      tellLog(log, reading, next);
      reading = next;
      look();
      return next;
    },
    look,
    isTimed: () =>
      reading.decisions.some(
        ({ fromMs, untilMs, hours }) => (fromMs ?? untilMs ?? hours) !== undefined,
      ),
    now: () => ({ wallMs: clock.wallMs(), zone }),
  };
};

/** What counts, and for which span of the wall clock: one that is set back leaves it. */
interface Counted {
  readonly standing: Standing;
  readonly reading: Reading;
  readonly fromMs: number;
  readonly untilMs: number;
}

const isStill = ({ reading, fromMs, untilMs }: Counted, now: Reading, wallMs: number): boolean =>
  reading === now && fromMs <= wallMs && wallMs < untilMs;

const countOf = (reading: Reading, now: Moment): Counted => {
  const { decisions, unreadable } = reading;
  const [fromMs, untilMs] = [now.wallMs, Number.POSITIVE_INFINITY];
  if (unreadable !== undefined) {
    const always = { fromMs: Number.NEGATIVE_INFINITY, untilMs };
    return { reading, ...always, standing: { inForce: [], unreadable } };
  }
  const changesAtMs = nextChange(decisions, now);
  const standing = { inForce: inForce(decisions, now) };
  return changesAtMs === undefined
    ? { reading, fromMs, untilMs, standing }
    : { reading, fromMs, untilMs: changesAtMs, standing: { ...standing, changesAtMs } };
};

// A proposal changes nothing yet, and those who show the register want to know of it all the same.
const keyOf = ({ standing }: Counted, { last }: Reading): string => {
  const { unreadable, changesAtMs } = standing;
  return JSON.stringify([unreadable, changesAtMs, last, standing.inForce.map(({ id }) => id)]);
};

const tellLog = (log: Log, before: Reading, { unreadable }: Reading): void => {
  if (unreadable === before.unreadable) return;
  if (unreadable === undefined) log.warn({}, 'the register of decisions can be read again');
  else
    log.error({ problem: unreadable }, "the register of decisions can't be read: nothing is taken");
};
