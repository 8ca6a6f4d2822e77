import { type Connection, number, text } from './connection.ts';
import { digest } from './line.ts';

/**
 * How many entries of the terminal's own there are, by event. They are never removed, so an entry
 * that was given another event or a payment, or taken out, shows at once: the last entry of every
 * write carries the mark of these counts.
 */
export interface OwnCounts {
  readonly counts: ReadonlyMap<string, number>;
  /** 16 hexadecimal digits: short, as every write has it. */
  readonly mark: string;
}

export const ownCountsOf = (counts: ReadonlyMap<string, number>): OwnCounts => {
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return { counts, mark: digest(JSON.stringify(sorted)).slice(0, 16) };
};

export const NO_OWN: OwnCounts = ownCountsOf(new Map());

/** With one entry more of each of these events. */
export const withMore = (own: OwnCounts, events: readonly string[]): OwnCounts => {
  if (events.length === 0) return own;
  const counts = new Map(own.counts);
  for (const event of events) counts.set(event, (counts.get(event) ?? 0) + 1);
  return ownCountsOf(counts);
};

export const countOwn = (connection: Connection): OwnCounts =>
  ownCountsOf(
    new Map(
      connection
        .all('SELECT event, count(*) AS n FROM entries WHERE payment IS NULL GROUP BY event')
        .map((row) => [text(row, 'event'), number(row, 'n')]),
    ),
  );
