import type { AuditLine } from './audit.ts';

/** So many refusals of one kind are written as they come; then they are counted. */
export const WRITTEN_AS_THEY_COME = 3;
/** So many kinds are told apart of one person, and of all strangers together. */
export const MOST_KINDS = 12;

/** A person, or all strangers: they choose their names. */
export interface Source {
  readonly kinds: Map<string, Kind>;
  /** Since the last sums. */
  heard: boolean;
}

/** Refusals that say the same. */
export interface Kind {
  readonly line: AuditLine;
  /** How many are still written as they come. */
  left: number;
  counted: Counted;
}

/** Refusals that were not written one by one. */
export interface Counted {
  readonly times: number;
  /** By the monotonic clock. */
  readonly sinceMs: number;
  readonly addresses: ReadonlySet<string>;
}

export const sourceOf = (sources: Map<string, Source>, { role, person }: AuditLine): Source => {
  const key = role === 'unknown' ? '' : person;
  const source = sources.get(key) ?? { kinds: new Map<string, Kind>(), heard: true };
  sources.set(key, source);
  source.heard = true;
  return source;
};

export const kindOf = ({ kinds }: Source, line: AuditLine): Kind => {
  const { person, from, action, subject, says } = line;
  // How long there is to wait is another number each time.
  const key = [person, from, action, subject, says.replace(/\d+/g, '0')].join('\n');
  const isOther = !kinds.has(key) && kinds.size >= MOST_KINDS;
  const kind = kinds.get(isOther ? from : key) ?? {
    line: isOther ? othersLike(line) : line,
    left: isOther ? 0 : WRITTEN_AS_THEY_COME,
    counted: NOTHING,
  };
  kinds.set(isOther ? from : key, kind);
  return kind;
};

export const count = (kind: Kind, address: string | undefined, nowMs: number): void => {
  const { times, sinceMs, addresses } = kind.counted;
  const named = address === undefined || addresses.size > NAMED ? [] : [address];
  kind.counted = {
    times: times + 1,
    sinceMs: times === 0 ? nowMs : sinceMs,
    addresses: new Set([...addresses, ...named]),
  };
};

/** What was counted by now, to be written: the count begins anew. */
export const taken = (kind: Kind): Counted => {
  const { counted } = kind;
  kind.counted = NOTHING;
  return counted;
};

/** It could not be written. */
export const putBack = (kind: Kind, { times, ...counted }: Counted): void => {
  kind.counted = { ...counted, times: times + kind.counted.times };
};

export const sumOf = ({ says }: AuditLine, counted: Counted, nowMs: number): string => {
  const { times, sinceMs, addresses } = counted;
  const minutes = Math.max(1, Math.round((nowMs - sinceMs) / 60_000));
  const within = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  const named = [...addresses].slice(0, NAMED).join(', ');
  const others = addresses.size > NAMED ? ' and others' : '';
  const from = named === '' ? '' : `, from ${named}${others}`;
  return `${says}, ${times === 1 ? 'once' : `${times} times`} more within ${within}${from}`;
};

const NAMED = 3;
const NOTHING: Counted = { times: 0, sinceMs: 0, addresses: new Set() };

const othersLike = (line: AuditLine): AuditLine => ({
  ...line,
  person: line.role === 'unknown' ? 'several' : line.person,
  action: 'different requests',
  subject: '',
  says: 'refused',
});
