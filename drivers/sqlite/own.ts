import type { Entry } from '#ports/journal.ts';
import { checkLine } from './check.ts';
import { type Connection, LINE, lineOf, number, type SqlRow, text } from './connection.ts';
import { Damage } from './damage.ts';
import type { Gaps } from './gaps.ts';
import { entryOf, hashOf, type Line, ORIGIN, type Point } from './line.ts';
import { countOwn } from './own-counts.ts';
import type { Head } from './write.ts';

/**
 * All of the terminal's own entries with this event, oldest first. Throws `Damage` where one of
 * them doesn't fit its hash or its neighbours, or where there are more or fewer than were written.
 * Its cost is that of these entries, however long the journal is.
 */
export const ownEntries = (
  connection: Connection,
  gaps: Gaps,
  head: Head,
  event: string,
): readonly Entry[] => {
  const found = connection.all(WITH_NEIGHBOURS, event);
  const lines = found.map((row) => {
    const line = lineOf(row);
    checkOne(connection, gaps, head, line, row);
    return line;
  });
  const written = head.own.counts.get(event) ?? 0;
  if (lines.length !== written) {
    nameWrong(connection, gaps, head, SEARCH_MS);
    throw new Damage(0, `it has ${lines.length} of ${written} entries "${event}"`);
  }
  return lines.map(entryOf);
};

/** Newest first. */
export const latestOwnEntries = (
  connection: Connection,
  events: readonly string[],
  count: number,
): readonly Entry[] =>
  [...new Set(events)]
    .flatMap((event) => connection.all(LATEST, event, count).map((row) => entryOf(lineOf(row))))
    .sort((a, b) => b.sequence - a.sequence)
    .slice(0, count);

/**
 * What the last entry says of the terminal's own must be what there is. Entries of a version that
 * didn't count them say nothing.
 */
export const checkOwn = (
  connection: Connection,
  gaps: Gaps,
  head: Head,
  marked: string | undefined,
): void => {
  if (marked === undefined || marked === countOwn(connection).mark) return;
  nameWrong(connection, gaps, head, Number.POSITIVE_INFINITY);
  throw new Damage(head.sequence, "it doesn't count the terminal's own entries as they are");
};

// Longer than that nobody waits for a name; what is known by then is enough to refuse.
const SEARCH_MS = 1000;

const LATEST = `SELECT ${LINE} FROM entries WHERE payment IS NULL AND event = ?
  ORDER BY sequence DESC LIMIT ?`;

const WITH_NEIGHBOURS = `
  SELECT ${LINE.split(', ')
    .map((column) => `e.${column}`)
    .join(', ')},
    b.hash AS hash_before, a.previous AS previous_after
  FROM entries e
    LEFT JOIN entries b ON b.sequence = e.sequence - 1
    LEFT JOIN entries a ON a.sequence = e.sequence + 1
  WHERE e.payment IS NULL AND e.event = ? ORDER BY e.sequence`;

const checkOne = (
  connection: Connection,
  gaps: Gaps,
  head: Point,
  line: Line,
  row: SqlRow,
): void => {
  const { sequence, hash, previous } = line;
  if (hashOf(line) !== hash) throw new Damage(sequence, 'it was changed');
  if (row['hash_before'] !== previous) {
    const before = pointAt(connection, '<', 'DESC', sequence) ?? ORIGIN;
    if (!gaps.follows(line, before)) {
      throw new Damage(sequence, `it doesn't follow on entry ${before.sequence}`);
    }
  }
  if (row['previous_after'] === hash) return;
  const after = pointAt(connection, '>', 'ASC', sequence);
  // Nothing has come after the last one; that it is as it was, only we remember.
  const stands =
    after === undefined
      ? head.sequence === sequence && head.hash === hash
      : gaps.follows(after, line);
  if (!stands) {
    const next = after === undefined ? 'the end of the journal' : `entry ${after.sequence}`;
    throw new Damage(sequence, `it was changed: ${next} doesn't follow on it`);
  }
};

const pointAt = (
  connection: Connection,
  side: '<' | '>',
  order: 'ASC' | 'DESC',
  sequence: number,
): (Point & { readonly previous: string }) | undefined => {
  const row = connection.get(
    `SELECT sequence, previous, hash FROM entries
      WHERE sequence ${side} ? ORDER BY sequence ${order} LIMIT 1`,
    sequence,
  );
  return (
    row && {
      sequence: number(row, 'sequence'),
      previous: text(row, 'previous'),
      hash: text(row, 'hash'),
    }
  );
};

/** Something is wrong with the chain: looks for the entry, and throws with its name. */
const nameWrong = (connection: Connection, gaps: Gaps, head: Head, withinMs: number): void => {
  const endMs = performance.now() + withinMs;
  let before: Point = ORIGIN;
  for (const row of connection.each(`SELECT ${LINE} FROM entries ORDER BY sequence`)) {
    const line = lineOf(row);
    const missing = before.sequence + 1;
    if (line.sequence > missing && !gaps.follows(line, before)) {
      throw new Damage(missing, 'it is gone');
    }
    checkLine(line, before, gaps);
    before = line;
    if (performance.now() > endMs) return;
  }
  if (before.sequence < head.sequence) throw new Damage(before.sequence + 1, 'it is gone');
};
