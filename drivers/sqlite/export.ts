import type { Fault } from '#ports/fault.ts';
import type { ChainState, Entry, PaymentRow } from '#ports/journal.ts';
import { type Connection, LINE, lineOf } from './connection.ts';
import { attachedOf, entryOf, ORIGIN } from './line.ts';
import { entriesOf, payment, rowsWhere, transcript } from './read.ts';
import { troubleOf } from './reasons.ts';
import { brokenBy, withFile } from './verify.ts';

/**
 * Every entry as one line of JSON, oldest first, for people and other programs: what happened, and
 * with `attached` the rows and digests that its hash covers. No sealed data, no transcript. Works
 * beside a running terminal, on a view of one moment.
 * @param out takes a line, without its end
 * @returns how many entries there were and the last hash; broken where reading came to an end
 */
export const exportJournal = (path: string, out: (line: string) => void): ChainState | Fault => {
  try {
    return withFile(path, (connection) => {
      let entries = 0;
      let head = ORIGIN.hash;
      for (const row of connection.each(`SELECT ${LINE} FROM entries ORDER BY sequence`)) {
        const line = lineOf(row);
        const { data, ...entry } = entryOf(line);
        const at = timeOf(entry.atMs);
        out(JSON.stringify({ ...entry, at, data, attached: attachedOf(line) }));
        entries++;
        head = line.hash;
      }
      return { chain: 'whole', entries, head };
    });
  } catch (error) {
    return brokenBy(error, path);
  }
};

/** One payment, by its id or the till's, with its entries; undefined when there is none. */
export const showPayment = (
  path: string,
  id: string,
): { readonly row: PaymentRow; readonly entries: readonly Entry[] } | undefined | Fault =>
  reading(path, (connection) => {
    const row = payment(connection, id) ?? rowsWhere(connection, 'WHERE p.till_id = ?', id)[0];
    return row && { row, entries: entriesOf(connection, row.id) };
  });

/** The redacted transcript of a payment's tap, by the terminal's id; undefined without one. */
export const showTranscript = (path: string, id: string): string | undefined | Fault =>
  reading(path, (connection) => transcript(connection, id));

/** The latest payments, newest first. */
export const listPayments = (path: string, count: number): readonly PaymentRow[] | Fault =>
  reading(path, (connection) =>
    rowsWhere(connection, 'ORDER BY p.started_ms DESC, p.rowid DESC LIMIT ?', count),
  );

// A time that no calendar has was never ours, but the line is shown all the same.
const timeOf = (ms: number): string | null =>
  Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null;

const reading = <T>(path: string, work: (connection: Connection) => T): T | Fault => {
  try {
    return withFile(path, work);
  } catch (error) {
    return troubleOf(error, path).fault;
  }
};
