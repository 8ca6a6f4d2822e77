import { type Conversion, recoded, refuse, takeText } from './conversion.ts';

/**
 * The year, two digits, in which a day (MMDD) is nearest to `localTime` (YYMMDD…): a payment of
 * New Year's Eve that is forwarded in January has the old year.
 */
export const yearOf = (day: string, localTime: string): string => {
  const today = dayNumber(localTime.slice(0, 2), localTime.slice(2, 6));
  const year = Number(localTime.slice(0, 2));
  let best = year;
  for (const candidate of [year - 1, year + 1]) {
    const distance = (of: number) => Math.abs(dayNumber(String(of), day) - today);
    if (distance(candidate) < distance(best)) best = candidate;
  }
  return String((best + 100) % 100).padStart(2, '0');
};

// Months of 31 days: good enough to find the nearest year.
const dayNumber = (year: string, day: string): number =>
  Number(year) * 372 + Number(day.slice(0, 2)) * 31 + Number(day.slice(2, 4));

// Two digits of the century stand in front in 2003. No payment is older than 2000.
const century = (version: '1' | '2'): string => (version === '2' ? '20' : '');

/** DE 12 hhmmss and DE 13 MMDD are one element in the other editions. */
export const localTime: Conversion = {
  to: (left, made, { version, localTime: now }) => {
    const time = takeText(left, 12);
    const day = takeText(left, 13);
    if (time === undefined && day === undefined) return undefined;
    if (time === undefined) return refuse(12, 'goes with DE 13 in this edition');
    if (day === undefined) return refuse(13, 'goes with DE 12 in this edition');
    made.set(12, `${century(version)}${yearOf(day, now)}${day}${time}`);
    return undefined;
  },
  from: (left, made) => {
    const both = takeText(left, 12);
    // DE 13 is another date here.
    left.delete(13);
    if (both === undefined) return undefined;
    made.set(12, both.slice(-6));
    made.set(13, both.slice(-10, -6));
    return undefined;
  },
};

/** DE 15, MMDD, has its year in the other editions. */
export const settlementDate: Conversion = {
  to: (left, made, { version, localTime: now }) => {
    const day = takeText(left, 15);
    if (day !== undefined) made.set(15, `${century(version)}${yearOf(day, now)}${day}`);
    return undefined;
  },
  from: recoded(
    15,
    15,
    (day) => day,
    (date) => date.slice(-4),
  ).from,
};
