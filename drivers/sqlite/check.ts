import { type Connection, LINE, lineOf, number } from './connection.ts';
import { Damage } from './damage.ts';
import type { Gaps } from './gaps.ts';
import {
  attachedOf,
  type ContentName,
  entryOf,
  hashOf,
  type Line,
  ORIGIN,
  type Point,
} from './line.ts';
import { countOwn, NO_OWN } from './own-counts.ts';
import { content, lineAt, payment, rowsWhere } from './read.ts';
import type { Head } from './write.ts';

/**
 * Looks at up to `count` entries from `from` on: each follows on the one before, its hash fits, and
 * so does what it carries. Throws `Damage` at the first that does not. The last that was looked at,
 * undefined when there was none.
 * @param enough asked after each entry: true ends it early
 */
export const checkFrom = (
  connection: Connection,
  gaps: Gaps,
  from: number,
  count: number,
  enough: () => boolean = () => false,
): { readonly last: Point; readonly checked: number } | undefined => {
  let before = pointBefore(connection, from);
  let checked = 0;
  const sql = `SELECT ${LINE} FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT ?`;
  for (const row of connection.each(sql, from, count)) {
    const line = lineOf(row);
    checkLine(line, before, gaps);
    checkAttached(connection, line);
    before = line;
    checked++;
    if (enough()) break;
  }
  return checked === 0 ? undefined : { last: before, checked };
};

/** The line itself: its place in the chain and its hash. */
export const checkLine = (line: Line, before: Point, gaps: Gaps): void => {
  if (hashOf(line) !== line.hash) throw new Damage(line.sequence, 'it was changed');
  if (!gaps.follows(line, before)) {
    throw new Damage(line.sequence, `it doesn't follow on entry ${before.sequence}`);
  }
  entryOf(line);
};

/** What `payments` and `attachments` hold must be what the entry says, or a later one. */
const checkAttached = (connection: Connection, line: Line): void => {
  const { row, contents = {} } = attachedOf(line);
  if (line.payment === null) return;
  if (row !== undefined) {
    const index = connection.get('SELECT sequence FROM payments WHERE id = ?', line.payment);
    if (index === undefined || number(index, 'sequence') < line.sequence) {
      throw new Damage(line.sequence, `the row of payment ${line.payment} is gone or old`);
    }
    payment(connection, line.payment);
  }
  for (const name of Object.keys(contents) as ContentName[]) {
    checkContent(connection, line, line.payment, name, contents[name] !== null);
  }
};

const checkContent = (
  connection: Connection,
  line: Line,
  id: string,
  name: ContentName,
  wanted: boolean,
): void => {
  const sql = 'SELECT sequence FROM attachments WHERE payment = ? AND name = ?';
  const found = connection.get(sql, id, name);
  const sequence = found && number(found, 'sequence');
  // Compares with the digest at that entry, whichever it is.
  if (sequence !== undefined && sequence >= line.sequence) content(connection, id, name);
  const fits = wanted ? sequence !== undefined && sequence >= line.sequence : !found;
  if (fits || replacedLater(connection, line, id, name)) return;
  throw new Damage(line.sequence, `the ${name} of payment ${id} is not what was written`);
};

const replacedLater = (
  connection: Connection,
  line: Line,
  id: string,
  name: ContentName,
): boolean =>
  connection
    .all(`SELECT ${LINE} FROM entries WHERE payment = ? AND sequence > ?`, id, line.sequence)
    .some((row) => attachedOf(lineOf(row)).contents?.[name] !== undefined);

/** The end of the chain; what the last entry counts must be what `payments` holds. */
export const readHead = (connection: Connection, last: Line | undefined): Head => {
  const count = (condition: string): number =>
    number(connection.get(`SELECT count(*) AS n FROM payments WHERE ${condition}`) ?? {}, 'n');
  const open = count('open = 1');
  const unsettled = count('settled = 0');
  if (last === undefined) {
    if (open + unsettled > 0) throw new Damage(0, 'it has payments and no entries');
    return { ...ORIGIN, open, unsettled, own: NO_OWN };
  }
  const counted = attachedOf(last);
  if (counted.open !== open) throw new Damage(last.sequence, differs('open', counted.open, open));
  if (counted.unsettled !== unsettled) {
    throw new Damage(last.sequence, differs('unsettled', counted.unsettled, unsettled));
  }
  return { sequence: last.sequence, hash: last.hash, open, unsettled, own: countOwn(connection) };
};

/** All open payments, and the latest unsettled ones: reading compares them with the chain. */
export const checkRows = (connection: Connection, unsettled: number): void => {
  rowsWhere(connection, 'WHERE p.open = 1');
  rowsWhere(connection, 'WHERE p.settled = 0 ORDER BY p.started_ms DESC LIMIT ?', unsettled);
};

/** The journal must have come at least as far as its head file says. */
export const checkHeadFile = (
  connection: Connection,
  last: Point,
  noted: Point | undefined,
): void => {
  if (noted === undefined || noted.sequence === 0) return;
  if (noted.sequence > last.sequence) {
    const missing = noted.sequence - last.sequence;
    throw new Damage(0, `its last ${missing} entries, up to ${noted.sequence}, are missing`);
  }
  const line = lineAt(connection, noted.sequence);
  if (line && line.hash !== noted.hash) {
    throw new Damage(noted.sequence, 'it is not the one that the head file knows');
  }
};

const differs = (what: string, written: number | undefined, found: number): string =>
  `it counts ${written ?? 'no'} ${what} payments, and there are ${found}`;

const pointBefore = (connection: Connection, from: number): Point => {
  const sql = `SELECT ${LINE} FROM entries WHERE sequence < ? ORDER BY sequence DESC LIMIT 1`;
  const row = connection.get(sql, from);
  return row ? lineOf(row) : ORIGIN;
};
