import { DAYS, type Day, type Hours, type WeeklyHours } from './decision.ts';
import { DAY_MS, nextJump, offsetAt, type Zone } from './zone.ts';

/** What the clock and the calendar on the wall show. */
export interface WallTime {
  readonly day: Day;
  readonly dayBefore: Day;
  /** "17:05" */
  readonly time: string;
}

export const wallTime = (localMs: number): WallTime => {
  const days = Math.floor(localMs / DAY_MS);
  const minutes = Math.floor((localMs - days * DAY_MS) / MINUTE_MS);
  return { day: dayOf(days), dayBefore: dayOf(days - 1), time: timeText(minutes) };
};

export const covers = (hours: WeeklyHours, at: WallTime): boolean =>
  hours.some((one) => coversOne(one, at));

/**
 * The first instant after `ms` at which these hours begin or end, whichever of the two is due.
 * @returns undefined when they never do: they cover the whole week, or nothing
 */
export const nextEdge = (hours: WeeklyHours, ms: number, zone: Zone): number | undefined => {
  const now = covers(hours, wallTime(zone.localMs(ms)));
  const limit = ms + HORIZON_MS;
  let at = ms;
  while (at < limit) {
    const jump = nextJump(zone, at, limit);
    const end = jump ?? limit;
    const edge = edgeBetween(hours, at, end, offsetAt(zone, at), now);
    if (edge !== undefined) return edge;
    if (covers(hours, wallTime(zone.localMs(end))) !== now) return end;
    at = end;
  }
  return undefined;
};

/** Whether some minute of the week lies in both. */
export const hoursMeet = (a: WeeklyHours | undefined, b: WeeklyHours | undefined): boolean => {
  if (a === undefined || b === undefined) return true;
  return DAYS.some((day, index) => {
    const dayBefore = DAYS[(index + 6) % 7] ?? 'sun';
    return ['00:00', ...boundaries(a), ...boundaries(b)].some((time) => {
      const at = { day, dayBefore, time };
      return time !== '24:00' && covers(a, at) && covers(b, at);
    });
  });
};

/** "mon tue 22:00–06:00, sun 00:00–24:00" */
export const hoursText = (hours: WeeklyHours): string =>
  hours.map(({ days, from, to }) => `${days.join(' ')} ${from}–${to}`).join(', ');

const MINUTE_MS = 60_000;
// Two weeks and a day: hours that a clock change skips come again a week later.
const HORIZON_MS = 15 * DAY_MS;

// 1 January 1970, day 0, was a Thursday.
const dayOf = (days: number): Day => DAYS[(((days + 3) % 7) + 7) % 7] ?? 'mon';

const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`);
const timeText = (minutes: number): string =>
  `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const minutesOf = (time: string): number =>
  Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

const coversOne = ({ days, from, to }: Hours, { day, dayBefore, time }: WallTime): boolean =>
  from < to
    ? from <= time && time < to && days.includes(day)
    : (from <= time && days.includes(day)) || (time < to && days.includes(dayBefore));

const boundaries = (hours: WeeklyHours): string[] =>
  [...new Set(hours.flatMap(({ from, to }) => [from, to]))].sort();

/** Between two instants with no jump of the clocks between them. */
const edgeBetween = (
  hours: WeeklyHours,
  from: number,
  to: number,
  offset: number,
  now: boolean,
): number | undefined => {
  const minutes = boundaries(hours).map(minutesOf);
  let midnight = Math.floor((from + offset) / DAY_MS) * DAY_MS;
  for (; midnight - offset < to; midnight += DAY_MS) {
    for (const minute of minutes) {
      const local = midnight + minute * MINUTE_MS;
      const at = local - offset;
      if (at > from && at < to && covers(hours, wallTime(local)) !== now) return at;
    }
  }
  return undefined;
};
