import type { Day, WeeklyHours } from '#acceptance/index.ts';
import { T } from '../texts.ts';

/** The week's days as the acceptance rules name them, in order. */
export const WEEK: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** "Mon, Tue 22:00–06:00; Sun 00:00–24:00" */
export const hoursWords = (hours: WeeklyHours): string =>
  hours
    .map(({ days, from, to }) => `${days.map((day) => T.days[day]).join(', ')} ${from}–${to}`)
    .join('; ');
