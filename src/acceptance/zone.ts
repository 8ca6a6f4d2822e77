/** A time zone of the IANA database, as the runtime knows it. */
export interface Zone {
  readonly name: string;
  /** What the clock on the wall shows, as if it were UTC. @param ms since 1970 UTC */
  localMs(ms: number): number;
}

/** Now, and where: all that this room knows of time. */
export interface Moment {
  /** Milliseconds since 1970 UTC. */
  readonly wallMs: number;
  readonly zone: Zone;
}

/** @param name such as "Europe/Berlin" @returns undefined for a zone that nobody knows */
export const zoneOf = (name: string): Zone | undefined => {
  const format = formatIn(name);
  if (format === undefined) return undefined;
  return {
    name,
    localMs: (ms) => {
      const field: Record<string, number> = {};
      for (const { type, value } of format.formatToParts(ms)) field[type] = Number(value);
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
      const seconds = Date.UTC(year, month - 1, day, hour, minute, second);
      return seconds + (((ms % 1000) + 1000) % 1000);
    },
  };
};

/** A zone that is looked for when it is first asked: Intl's time zones take 8 MB, and keep them. */
export const zoneWhenAsked = (find: () => Zone): Zone => {
  let found: Zone | undefined;
  const zone = () => {
    found ??= find();
    return found;
  };
  return {
    get name() {
      return zone().name;
    },
    localMs: (ms) => zone().localMs(ms),
  };
};

/**
 * The next instant after `ms` and up to `limitMs` at which the zone's clocks jump. Looks once a
 * day: no zone has ever jumped there and back within one.
 */
export const nextJump = (zone: Zone, ms: number, limitMs: number): number | undefined => {
  const offset = offsetAt(zone, ms);
  let before = ms;
  while (before < limitMs) {
    const after = Math.min(before + DAY_MS, limitMs);
    if (offsetAt(zone, after) !== offset) return halve(zone, before, after);
    before = after;
  }
  return undefined;
};

/** The same zone, for many questions about the same few instants. */
export const remembering = (zone: Zone): Zone => {
  const known = new Map<number, number>();
  return {
    get name() {
      return zone.name;
    },
    localMs: (ms) => {
      const local = known.get(ms) ?? zone.localMs(ms);
      known.set(ms, local);
      return local;
    },
  };
};

/** "2026-11-22 18:00", by the clock on the wall. */
export const localText = (ms: number, zone: Zone): string =>
  new Date(zone.localMs(ms)).toISOString().slice(0, 16).replace('T', ' ');

export const DAY_MS = 86_400_000;

export const offsetAt = (zone: Zone, ms: number): number => zone.localMs(ms) - ms;

const halve = (zone: Zone, from: number, to: number): number => {
  const offset = offsetAt(zone, from);
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(zone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
};

const formatIn = (timeZone: string): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
};
