import { scalar } from './rules.ts';

/**
 * Date and time as RFC 3339 has it. Any form of ISO 8601 is taken, without seconds, colons or zone
 * too; what has no zone is UTC. What was RFC 3339 stays as the till wrote it: it looks for its own
 * time stamp in our answer.
 */
export const dateTime = scalar(
  'a date and time such as 2026-01-31T12:00:00+00:00',
  (value) => (typeof value === 'string' ? rfc3339(value.trim()) : undefined),
  (value) => typeof value === 'string' && RFC3339.test(value) && isDate(value),
);

/** A day: 2026-01-31. Of a date with a time, its day. */
export const date = scalar(
  'a date such as 2026-01-31',
  (value) => (typeof value === 'string' ? rfc3339(value.trim())?.slice(0, 10) : undefined),
  (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && isDate(value),
);

/** A moment as we write it. @param ms since 1970 UTC */
export const timeStamp = (ms: number): string => new Date(ms).toISOString();

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const DAY = String.raw`(\d{4})-?(\d\d)-?(\d\d)`;
const TIME = String.raw`(\d\d)(?::?(\d\d)(?::?(\d\d)([.,]\d+)?)?)?`;
const ZONE = String.raw`([Zz]|[+-]\d\d(?::?\d\d)?)`;
const FORMS = new RegExp(String.raw`^${DAY}(?:[Tt ]${TIME}\s*${ZONE}?)?$`);

const rfc3339 = (written: string): string | undefined => {
  if (RFC3339.test(written)) return written;
  const parts = FORMS.exec(written);
  if (parts === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = ''] = parts;
  const time = `${hour}:${minute}:${second}${fraction.replace(',', '.')}`;
  return `${year}-${month}-${day}T${time}${zone(parts[8] ?? 'Z')}`;
};

const zone = (written: string): string => {
  if (/^z$/i.test(written)) return 'Z';
  const digits = written.slice(1).replace(':', '').padEnd(4, '0');
  return `${written[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
};

// The calendar's rules: Date rolls 31 February over instead of refusing it.
const isDate = (written: string): boolean => {
  const day = written.slice(0, 10);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return false;
  return !Number.isNaN(Date.parse(written.replace(/:60/, ':59')));
};
