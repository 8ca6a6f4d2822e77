import type { SessionView } from '../api.ts';
import { zoneMs } from './zone-time.ts';

/** Amounts and times as this shop writes them. */
export interface Format {
  /** "€12.50" @param currency of the shop unless stated */
  amount(minor: number, currency?: string): string;
  /** "12.50", as it stands in a field. */
  plainAmount(minor: number, currency?: string): string;
  /** Minor units of what a person typed, with point or comma; undefined when it is no amount. */
  minorOf(typed: string, currency?: string): number | undefined;
  /** "22 Nov 2026, 18:00"; of today the time alone. */
  moment(ms: number): string;
  date(ms: number): string;
  /** "18:00:07" */
  time(ms: number): string;
  /** "412 ms" */
  duration(ms: number): string;
  count(value: number): string;
}

export const formatFor = (session: SessionView): Format => {
  const { timeZone, currency: own } = session;
  const language = known(session.language);
  // 24 hours, as in the sentences of the terminal beside which these stand.
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { timeZone, hourCycle: 'h23', ...options });
  const whole = dates({ dateStyle: 'medium', timeStyle: 'short' });
  const [day, clock, minutes] = [
    dates({ dateStyle: 'medium' }),
    dates({ timeStyle: 'medium' }),
    dates({ timeStyle: 'short' }),
  ];
  const numbers = new Intl.NumberFormat(language);
  return {
    amount: (minor, currency = own) =>
      money(language, currency).format(minor / 10 ** exponentOf(currency)),
    plainAmount: (minor, currency = own) => {
      const exponent = exponentOf(currency);
      return (minor / 10 ** exponent).toFixed(exponent);
    },
    minorOf: (typed, currency = own) => minorOf(typed, exponentOf(currency)),
    moment: (ms) =>
      day.format(ms) === day.format(Date.now()) ? minutes.format(ms) : whole.format(ms),
    date: (ms) => day.format(ms),
    time: (ms) => clock.format(ms),
    duration: (ms) => `${numbers.format(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms))} ms`,
    count: (value) => numbers.format(value),
  };
};

/** Digits after the point: 2 for EUR, 0 for JPY. */
export const exponentOf = (currency: string): number =>
  money('en', currency).resolvedOptions().maximumFractionDigits ?? 2;

/** The last midnight's successor in the shop, milliseconds since 1970. */
export const endOfToday = (nowMs: number, timeZone: string): number => {
  const { year, month, day } = partsOf(nowMs, timeZone);
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return zoneMs(`${next.toISOString().slice(0, 10)}T00:00`, timeZone) ?? nowMs;
};

const partsOf = (ms: number, timeZone: string) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const field: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) field[type] = Number(value);
  const { year = 1970, month = 1, day = 1 } = field;
  return { year, month, day };
};

const minorOf = (typed: string, exponent: number): number | undefined => {
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(typed.trim());
  const fraction = match?.[2] ?? '';
  if (match?.[1] === undefined || fraction.length > exponent) return undefined;
  return Number(match[1]) * 10 ** exponent + Number(fraction.padEnd(exponent, '0'));
};

const kept = new Map<string, Intl.NumberFormat>();

const money = (language: string, currency: string): Intl.NumberFormat => {
  const key = `${language} ${currency}`;
  const format = kept.get(key) ?? new Intl.NumberFormat(language, { style: 'currency', currency });
  kept.set(key, format);
  return format;
};

const known = (language: string): string =>
  Intl.DateTimeFormat.supportedLocalesOf(language)[0] ?? 'en';
