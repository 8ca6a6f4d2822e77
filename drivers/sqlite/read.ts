import { inflateRawSync } from 'node:zlib';
import type { Entry, PaymentRow } from '#ports/journal.ts';
import { bytes, type Connection, LINE, lineOf, number, type SqlRow, text } from './connection.ts';
import { Damage } from './damage.ts';
import { attachedOf, type ContentName, digest, entryOf, type Line } from './line.ts';

/**
 * Rows live in the chain; `payments` is an index over them. Each reading compares the two, so a
 * changed state, flag or amount is found before anybody acts on it.
 */
export const rowsWhere = (
  connection: Connection,
  condition: string,
  ...values: readonly (string | number)[]
): readonly PaymentRow[] => connection.all(`${ROW} ${condition}`, ...values).map(paymentRow);

/** Of the index alone: a number for people, on which nothing depends. */
export const countUnsettled = (connection: Connection, state: string): number =>
  number(
    connection.get(
      'SELECT count(*) AS count FROM payments WHERE settled = 0 AND state = ?',
      state,
    ) ?? {},
    'count',
  );

export const payment = (connection: Connection, id: string): PaymentRow | undefined =>
  rowsWhere(connection, 'WHERE p.id = ?', id)[0];

export const lineAt = (connection: Connection, sequence: number): Line | undefined => {
  const row = connection.get(`SELECT ${LINE} FROM entries WHERE sequence = ?`, sequence);
  return row && lineOf(row);
};

export const lastLine = (connection: Connection): Line | undefined => {
  const row = connection.get(`SELECT ${LINE} FROM entries ORDER BY sequence DESC LIMIT 1`);
  return row && lineOf(row);
};

export const entriesOf = (connection: Connection, id: string): readonly Entry[] =>
  connection
    .all(`SELECT ${LINE} FROM entries WHERE payment = ? ORDER BY sequence`, id)
    .map((row) => entryOf(lineOf(row)));

// From the end: among the latest entries is one that is looked for.
export const latestOf = (connection: Connection, events: readonly string[]): Entry | undefined => {
  const row = connection.get(
    `SELECT ${LINE} FROM entries
      WHERE event IN (${events.map(() => '?').join(', ')}) ORDER BY sequence DESC LIMIT 1`,
    ...events,
  );
  return row && entryOf(lineOf(row));
};

export const latestOwn = (connection: Connection, event: string): Entry | undefined => {
  const row = connection.get(
    `SELECT ${LINE} FROM entries
      WHERE payment IS NULL AND event = ? ORDER BY sequence DESC LIMIT 1`,
    event,
  );
  return row && entryOf(lineOf(row));
};

/** Content that lies beside the chain, compared with its digest in it. */
export const content = (
  connection: Connection,
  id: string,
  name: ContentName,
): Uint8Array | undefined => {
  const row = connection.get(
    `SELECT a.content, a.sequence, e.attached, e.payment
       FROM attachments a LEFT JOIN entries e USING (sequence)
      WHERE a.payment = ? AND a.name = ?`,
    id,
    name,
  );
  if (row === undefined) return undefined;
  const sequence = number(row, 'sequence');
  const stored = bytes(row, 'content');
  const attached =
    row['payment'] === id ? attachedOf({ sequence, attached: text(row, 'attached') }) : {};
  if (attached.contents?.[name] === digest(stored)) return stored;
  throw new Damage(sequence, `the ${name} of payment ${id} is not what was written`);
};

export const transcript = (connection: Connection, id: string): string | undefined => {
  const stored = content(connection, id, 'transcript');
  return stored && inflateRawSync(stored).toString('utf8');
};

const ROW = `SELECT p.id, p.till_id, p.state, p.open, p.settled, p.started_ms, p.sequence,
                    e.payment, e.attached
               FROM payments p LEFT JOIN entries e USING (sequence)`;

const paymentRow = (found: SqlRow): PaymentRow => {
  const id = text(found, 'id');
  const sequence = number(found, 'sequence');
  const row =
    found['payment'] === id
      ? attachedOf({ sequence, attached: text(found, 'attached') }).row
      : undefined;
  const same =
    row !== undefined &&
    row.tillId === found['till_id'] &&
    row.state === found['state'] &&
    Number(row.open) === found['open'] &&
    Number(row.settled) === found['settled'] &&
    row.startedMs === found['started_ms'];
  if (!same) throw new Damage(sequence, `the row of payment ${id} is not what was written`);
  return { id, ...row };
};
