/**
 * The instant at which a wall clock in this zone shows this. In the hour that it shows twice, the
 * first; in the hour that it skips, as many minutes after the jump.
 * @param local as a field of type datetime-local has it: "2026-11-22T18:00"
 */
export const zoneMs = (local: string, timeZone: string): number | undefined => {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The offset before and after any jump of that day.
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((ms) => offsetAt(ms, timeZone));
  const fitting = offsets
    .map((offset) => asUtc - offset)
    .filter((ms) => shows(ms, asUtc, timeZone));
  return fitting.length > 0 ? Math.min(...fitting) : asUtc - (offsets[0] ?? 0);
};

/** "2026-11-22T18:00" */
export const zoneText = (ms: number, timeZone: string): string =>
  new Date(ms + offsetAt(ms, timeZone)).toISOString().slice(0, 16);

const DAY_MS = 86_400_000;

const shows = (ms: number, asUtc: number, timeZone: string): boolean =>
  ms + offsetAt(ms, timeZone) === asUtc;

const offsetAt = (ms: number, timeZone: string): number => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const field: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) field[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return shown - Math.floor(ms / 1000) * 1000;
};
