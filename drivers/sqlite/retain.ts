import { setImmediate as pause } from 'node:timers/promises';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Journal, PaymentRow } from '#ports/journal.ts';
import { type Connection, number, text } from './connection.ts';
import type { Gap } from './gaps.ts';
import { advance, failed, type Holder, ready } from './holder.ts';
import { rowsWhere } from './read.ts';
import { type Head, insertOwn } from './write.ts';

/**
 * Removes in small transactions, each with its own entry "removed", and lets others have their turn
 * between them. Then gives the room back to the disk, and says so when the file is still too large.
 */
export const retain = async (
  holder: Holder,
  limits: Parameters<Journal['retain']>[0],
): Promise<number | Fault> => {
  let removed = 0;
  const nowMs = step(holder, (connection) => believable(connection, limits.nowMs));
  if (isFault(nowMs)) return nowMs;
  for (;;) {
    const gone = step(holder, (connection) => removeSome(holder, connection, { ...limits, nowMs }));
    if (isFault(gone)) return gone;
    if (gone === 0) break;
    removed += gone;
    await pause();
  }
  for (;;) {
    const free = step(holder, (connection) => giveBack(connection));
    if (isFault(free)) return free;
    if (free === 0) break;
    await pause();
  }
  const size = step(holder, sizeOf);
  if (isFault(size)) return size;
  if (size > limits.largerThanBytes) tellSize(holder, size, limits.largerThanBytes);
  return removed;
};

// A till that asks again for a payment of a moment ago must find it, however large the file is: it
// would be charged anew.
const LEAST_AGE_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;

/**
 * A clock that was set far ahead makes nothing old: the journal knows about when it was written.
 * Removals of before prove nothing: each would let the clock come a day nearer.
 */
const believable = (connection: Connection, nowMs: number): number => {
  const last = connection.get(
    "SELECT at_ms FROM entries WHERE event <> 'removed' ORDER BY sequence DESC LIMIT 1",
  );
  return last === undefined ? nowMs : Math.min(nowMs, number(last, 'at_ms') + DAY_MS);
};

const tellSize = ({ options: { log, path } }: Holder, bytes: number, wanted: number): void =>
  log.warn(
    { journal: path, bytes, wanted },
    'the journal is larger than it should be: what is left is too young or not settled',
  );

// A turn of each takes some milliseconds: a tap may come meanwhile.
const BATCH = 25;
const PAGES = 100;

const step = <T>(holder: Holder, work: (connection: Connection) => T): T | Fault => {
  const opened = ready(holder);
  if (isFault(opened)) return opened;
  try {
    return work(opened.connection);
  } catch (error) {
    return failed(holder, error);
  }
};

const removeSome = (
  holder: Holder,
  connection: Connection,
  { olderThanMs, largerThanBytes, nowMs }: Parameters<Journal['retain']>[0],
): number => {
  const tooLarge = sizeOf(connection) > largerThanBytes;
  const bound = nowMs - (tooLarge ? Math.min(olderThanMs, LEAST_AGE_MS) : olderThanMs);
  const rows = rowsWhere(
    connection,
    'WHERE p.settled = 1 AND p.started_ms < ? ORDER BY p.started_ms, p.rowid LIMIT ?',
    Math.trunc(bound),
    tooLarge ? fewer(connection, largerThanBytes) : BATCH,
  );
  const { head } = holder;
  if (rows.length === 0 || head === undefined) return 0;
  const { gaps, end } = connection.transaction(() => remove(connection, rows, head, nowMs));
  for (const gap of gaps) holder.opened?.gaps.add(gap);
  advance(holder, end);
  return rows.length;
};

/** Without the pages that are free already. */
const sizeOf = (connection: Connection): number => {
  const value = (name: string): number => number(connection.get(`PRAGMA ${name}`) ?? {}, name);
  return (value('page_count') - value('freelist_count')) * value('page_size');
};

// Not more than needed: about as many as the excess is a part of the whole.
const fewer = (connection: Connection, largerThanBytes: number): number => {
  const size = sizeOf(connection);
  const all = number(connection.get('SELECT count(*) AS n FROM payments') ?? {}, 'n');
  return Math.max(1, Math.min(BATCH, Math.floor((all * (size - largerThanBytes)) / size)));
};

const remove = (
  connection: Connection,
  rows: readonly PaymentRow[],
  head: Head,
  atMs: number,
): { readonly gaps: readonly Gap[]; readonly end: Head } => {
  connection.run('INSERT INTO removing VALUES (1)');
  const gone: Gap[] = [];
  for (const { id } of rows) {
    gone.push(...placesOf(connection, id));
    connection.run('DELETE FROM payments WHERE id = ?', id);
    connection.run('DELETE FROM attachments WHERE payment = ?', id);
    connection.run('DELETE FROM entries WHERE payment = ?', id);
  }
  connection.run('DELETE FROM removing');
  const gaps = joined(gone.sort((a, b) => a.from - b.from));
  const data = { payments: rows.length, gaps: gaps.map((gap) => ({ ...gap })) };
  return { gaps, end: insertOwn(connection, head, { event: 'removed', atMs, data }) };
};

const placesOf = (connection: Connection, id: string): Gap[] =>
  connection
    .all('SELECT sequence, previous, hash FROM entries WHERE payment = ?', id)
    .map((row) => {
      const sequence = number(row, 'sequence');
      return {
        from: sequence,
        to: sequence,
        previous: text(row, 'previous'),
        hash: text(row, 'hash'),
      };
    });

/** Neighbours that fit each other become one. */
const joined = (gaps: readonly Gap[]): readonly Gap[] => {
  const result: Gap[] = [];
  for (const gap of gaps) {
    const before = result.at(-1);
    const fits = before?.to === gap.from - 1 && before.hash === gap.previous;
    if (before && fits) result[result.length - 1] = { ...before, to: gap.to, hash: gap.hash };
    else result.push(gap);
  }
  return result;
};

const giveBack = (connection: Connection): number => {
  connection.exec(`PRAGMA incremental_vacuum(${PAGES})`);
  const free = number(connection.get('PRAGMA freelist_count') ?? {}, 'freelist_count');
  // Only a checkpoint shortens the file itself.
  if (free === 0) connection.get('PRAGMA wal_checkpoint(TRUNCATE)');
  return free;
};
