import { setImmediate as pause } from 'node:timers/promises';
import { type Fault, isFault } from '#ports/fault.ts';
import type { PaymentQuery, PaymentRow } from '#ports/journal.ts';
import { isBefore, isFound } from '#ports/payment-search.ts';
import type { Connection } from './connection.ts';
import { rowsWhere } from './read.ts';

/**
 * Newest first, by start and then id. A text is looked for in one payment after another, the newest
 * first: no index knows what people type. Others have their turn after every page.
 */
export const findPayments = async (
  reading: <T>(work: (connection: Connection) => T) => Promise<T | Fault>,
  query: PaymentQuery,
): Promise<readonly PaymentRow[] | Fault> => {
  const { text, state, count } = query;
  const found: PaymentRow[] = [];
  let { before } = query;
  for (let looked = 0; found.length < count && looked < MOST_LOOKED; looked += PAGE) {
    const rows = await reading((connection) => pageOf(connection, state, before));
    if (isFault(rows)) return rows;
    found.push(...rows.filter((row) => text === undefined || isFound(row, text)));
    before = rows.at(-1);
    if (rows.length < PAGE) return found.slice(0, count);
    await pause();
  }
  if (text === undefined || found.length >= count) return found.slice(0, count);
  const old = await reading((connection) => byId(connection, text, state));
  if (isFault(old)) return old;
  return [...found, ...old.filter((row) => before === undefined || isBefore(row, before))];
};

// A page takes about a millisecond.
const PAGE = 100;
const MOST_LOOKED = 50_000;

const pageOf = (
  connection: Connection,
  state: string | undefined,
  before: PaymentQuery['before'],
): readonly PaymentRow[] => {
  const conditions = [
    ...(state === undefined ? [] : ['p.state = ?']),
    ...(before === undefined ? [] : ['(p.started_ms, p.id) < (?, ?)']),
  ];
  return rowsWhere(
    connection,
    `${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
      ORDER BY p.started_ms DESC, p.id DESC LIMIT ?`,
    ...(state === undefined ? [] : [state]),
    ...(before === undefined ? [] : [before.startedMs, before.id]),
    PAGE,
  );
};

const byId = (
  connection: Connection,
  text: string,
  state: string | undefined,
): readonly PaymentRow[] =>
  rowsWhere(
    connection,
    'WHERE p.id = ?1 OR p.till_id = ?1 ORDER BY p.started_ms DESC, p.id DESC',
    text.trim(),
  ).filter((row) => state === undefined || row.state === state);
