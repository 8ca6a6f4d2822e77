import { type Connection, codeOf, LINE, lineOf, number, type SqlRow, text } from './connection.ts';
import { Damage } from './damage.ts';
import { attachedOf, entryOf, hashOf, type Line } from './line.ts';

/**
 * Every entry of a damaged file that can be read and whose own hash fits, oldest first: what lies
 * on damaged pages and what was changed is left out.
 * @param bound the last sequence there may have been, as far as anybody knows
 */
export function* soundLines(connection: Connection, bound: number): Generator<Line> {
  let next: number | undefined = 1;
  while (next !== undefined) {
    let reached = next;
    try {
      const sql = `SELECT ${LINE} FROM entries WHERE sequence >= ? ORDER BY sequence`;
      for (const row of connection.each(sql, next)) {
        reached = number(row, 'sequence') + 1;
        const line = sound(row);
        if (line) yield line;
      }
      next = undefined;
    } catch (error) {
      if (!isDamage(error)) throw error;
      next = readableFrom(connection, reached, bound);
    }
  }
}

/** The largest sequence that table, indexes and their like still know of; 0 when none can tell. */
export const lastKnown = (connection: Connection): number =>
  Math.max(
    0,
    ...[
      'SELECT max(sequence) AS n FROM entries',
      'SELECT max(sequence) AS n FROM payments',
      'SELECT max(sequence) AS n FROM attachments',
    ].map((sql) => attempt(() => Number(connection.get(sql)?.['n'] ?? 0)) ?? 0),
  );

/** The payments that the damaged index knows, with the entry that their row stood in. */
export const indexedPayments = (connection: Connection): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  attempt(() => {
    for (const row of connection.each('SELECT id, sequence FROM payments')) {
      found.set(text(row, 'id'), number(row, 'sequence'));
    }
  });
  return found;
};

/** What `work` gives, undefined where damage is in its way. */
export const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
};

// Unreadable pages, pages that are none of SQLite's, a table that isn't there, a wrong type.
const isDamage = (error: unknown): boolean =>
  error instanceof Damage || [1, 10, 11, 26].includes(codeOf(error) ?? 0);

const sound = (row: SqlRow): Line | undefined =>
  attempt(() => {
    const line = lineOf(row);
    if (hashOf(line) !== line.hash) return undefined;
    entryOf(line);
    attachedOf(line);
    return line;
  });

/** The next entry that can be reached, each asked for alone: a damaged page holds several. */
const readableFrom = (connection: Connection, from: number, bound: number): number | undefined => {
  const sql = 'SELECT sequence, hash FROM entries WHERE sequence = ?';
  for (let sequence = from + 1; sequence <= bound; sequence++) {
    if (attempt(() => connection.get(sql, sequence)) !== undefined) return sequence;
  }
  return undefined;
};
