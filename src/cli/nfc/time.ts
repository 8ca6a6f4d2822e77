import {
  type DecisionProblem,
  decisionProblem,
  isDecisionProblem,
  type Moment,
  type Zone,
} from '#acceptance/index.ts';
import { DAY_MS, localText, offsetAt } from '#acceptance/zone.ts';

/**
 * An instant as a person types it after `--from` and `--until`, by the clock on the shop's wall:
 * "18:00" is today, "tomorrow 06:00", "fri 18:00" the next one, "2026-12-01 06:00", "+2h",
 * "+1h30m". With an offset ("2026-12-01T06:00+01:00", "…Z") it needs no wall.
 * @returns milliseconds since 1970 UTC, or what is wrong with it; a past one is that, too
 */
export const parseInstant = (
  field: 'from' | 'until',
  text: string,
  now: Moment,
): number | DecisionProblem => {
  const words = text.trim().toLowerCase();
  const ms = relative(words, now) ?? absolute(words) ?? onTheWall(field, words, now);
  if (ms === undefined || Number.isNaN(ms)) {
    return decisionProblem(
      field,
      `"${text}" is no time: expected "18:00", "tomorrow 06:00", "fri 18:00", ` +
        '"2026-12-01 06:00" or "+2h"',
    );
  }
  // 10:00 at half a minute past ten is now.
  const least = field === 'from' ? now.wallMs - MINUTE_MS : now.wallMs;
  if (isDecisionProblem(ms) || ms > least) return ms;
  const wall = (instant: number) => localText(instant, now.zone);
  const hint = /^\d/.test(words) && !words.includes('-') ? `; "tomorrow ${words}" is to come` : '';
  return decisionProblem(field, `${wall(ms)} is past: it is ${wall(now.wallMs)}${hint}`);
};

/**
 * The instants at which the clock on the wall shows this: none where it is put forward, two where
 * it is put back.
 * @param localMs as if the wall showed UTC
 */
export const instantsAt = (localMs: number, zone: Zone): readonly number[] => {
  const near = localMs - offsetAt(zone, localMs);
  const offsets = [near - DAY_MS, near, near + DAY_MS].map((ms) => offsetAt(zone, ms));
  return [...new Set(offsets)]
    .map((offset) => localMs - offset)
    .filter((ms) => zone.localMs(ms) === localMs)
    .sort((a, b) => a - b);
};

const relative = (words: string, { wallMs }: Moment): number | undefined => {
  const [, hours, minutes] =
    /^\+\s*(?:(\d{1,4})\s*h)?\s*(?:(\d{1,5})\s*m(?:in)?)?$/.exec(words) ?? [];
  if (hours === undefined && minutes === undefined) return undefined;
  return wallMs + Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS;
};

const absolute = (words: string): number | undefined =>
  /^\d{4}-\d\d-\d\dt\d\d:\d\d(?::\d\d)?(?:z|[+-]\d\d:\d\d)$/.test(words)
    ? Date.parse(words.toUpperCase())
    : undefined;

const onTheWall = (
  field: 'from' | 'until',
  words: string,
  now: Moment,
): number | DecisionProblem | undefined => {
  const [, day = 'today', hour = '', minute = ''] =
    /^(?:(\S+)[\st]+)??(\d{1,2}):(\d\d)$/.exec(words) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  const midnight = midnightOf(day, now, minutes);
  if (hour === '' || midnight === undefined) return undefined;
  if (Number(minute) > 59 || minutes > 24 * 60) return undefined;
  const localMs = midnight + minutes * MINUTE_MS;
  const [first, second] = instantsAt(localMs, now.zone);
  const shown = new Date(localMs).toISOString().slice(0, 16).replace('T', ' ');
  if (first === undefined) {
    return decisionProblem(field, `${shown} never comes: the clocks are put forward over it`);
  }
  if (second === undefined) return first;
  const both = [first, second].map((ms) => `"${withOffset(ms, now.zone)}"`).join(' or ');
  return decisionProblem(field, `${shown} comes twice, as the clocks are put back: say ${both}`);
};

// The date on the wall as a UTC midnight.
const midnightOf = (day: string, { wallMs, zone }: Moment, minutes: number): number | undefined => {
  const localMs = zone.localMs(wallMs);
  const today = Math.floor(localMs / DAY_MS) * DAY_MS;
  if (day === 'today') return today;
  if (day === 'tomorrow') return today + DAY_MS;
  if (/^\d{4}-\d\d-\d\d$/.test(day)) {
    const ms = Date.parse(`${day}T00:00Z`);
    // 30 February is not 2 March.
    const exists = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
    return exists ? ms : undefined;
  }
  const wanted = DAYS.findIndex((name) => day.length >= 3 && name.startsWith(day));
  if (wanted < 0) return undefined;
  const ahead = (wanted - new Date(today).getUTCDay() + 7) % 7;
  const past = ahead === 0 && today + minutes * MINUTE_MS <= localMs;
  return today + (past ? 7 : ahead) * DAY_MS;
};

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const withOffset = (ms: number, zone: Zone): string => {
  const offset = Math.round(offsetAt(zone, ms) / MINUTE_MS);
  const two = (number: number) => String(number).padStart(2, '0');
  const size = Math.abs(offset);
  const sign = offset < 0 ? '-' : '+';
  const wall = localText(ms, zone).replace(' ', 'T');
  return `${wall}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
