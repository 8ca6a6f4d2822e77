import { bytes, type Connection, LINE, lineOf } from './connection.ts';
import { type Gap, readGaps } from './gaps.ts';
import {
  type Attached,
  attachedOf,
  type ContentName,
  digest,
  type Line,
  ORIGIN,
  type Point,
} from './line.ts';
import { lineAt } from './read.ts';
import { attempt, indexedPayments, lastKnown, soundLines } from './salvage.ts';
import { insert, putContent, putRow } from './write.ts';

export interface Rebuilt {
  /** Entries that were kept. */
  readonly kept: number;
  /** What is missing between them, or at the end. */
  readonly gaps: readonly Gap[];
  /** Payments whose newest entry may be missing: the older state that is left may be wrong. */
  readonly doubtful: readonly string[];
  /** Payments of which no entry is left. */
  readonly gone: readonly string[];
  /** Sealed account data and transcripts that can't be read or aren't what was written. */
  readonly contentsLost: number;
}

/**
 * Fills an empty journal from a damaged one, within the caller's transaction.
 * @param source undefined when nothing of it can be opened
 * @param noted where the head file says that the journal ended
 */
export const rebuild = (
  source: Connection | undefined,
  target: Connection,
  noted: Point | undefined,
  atMs: number,
): Rebuilt & { readonly end: Point } => {
  const newest = source ? copyLines(source, target, noted) : nothing();
  const { gaps, end } = gapsOf(target, noted);
  for (const [id, sequence] of newest.rows) {
    const row = attachedOf(lineAt(target, sequence) ?? { sequence, attached: '{}' }).row;
    if (row) putRow(target, { id, ...row }, sequence);
  }
  const lost = source ? copyContents(source, target, newest.contents) : new Map();
  const before = source ? indexedPayments(source) : new Map<string, number>();
  const known = [...before].filter(([id, sequence]) => sequence > (newest.rows.get(id) ?? 0));
  const doubtful = known.map(([id]) => id).filter((id) => newest.rows.has(id));
  const gone = known.map(([id]) => id).filter((id) => !newest.rows.has(id));
  let point = end;
  for (const [payment, names] of lost) {
    const entry = { payment, event: 'recovered', atMs, data: { lost: [...names] } };
    const contents = Object.fromEntries([...names].map((name) => [name, null]));
    point = insert(target, point, entry, { contents });
  }
  const unproven = source ? countUnproven(source, newest.contents) : 0;
  const contentsLost = [...lost.values()].reduce((sum, names) => sum + names.length, unproven);
  const data = { kept: newest.kept, gaps: gaps.map((gap) => ({ ...gap })), doubtful, gone };
  const last = { payment: null, event: 'recovered', atMs, data: { ...data, contentsLost } };
  point = insert(target, point, last, countsOf(target));
  return { kept: newest.kept, gaps, doubtful, gone, contentsLost, end: point };
};

interface Newest {
  kept: number;
  /** By payment: the entry with its newest row. */
  readonly rows: Map<string, number>;
  readonly contents: Map<string, Digest>;
}

interface Digest {
  readonly payment: string;
  readonly name: ContentName;
  readonly sequence: number;
  readonly digest: string | null;
}

const nothing = (): Newest => ({ kept: 0, rows: new Map(), contents: new Map() });

const copyLines = (source: Connection, target: Connection, noted: Point | undefined): Newest => {
  const newest = nothing();
  const bound = Math.max(lastKnown(source), noted?.sequence ?? 0);
  for (const line of soundLines(source, bound)) {
    copyLine(target, line);
    newest.kept++;
    if (line.payment !== null) remember(newest, line.payment, line, attachedOf(line));
  }
  return newest;
};

const copyLine = (target: Connection, line: Line): void =>
  target.run(
    'INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    line.sequence,
    line.payment,
    line.event,
    line.atMs,
    line.data,
    line.attached,
    line.previous,
    line.hash,
  );

const remember = (newest: Newest, payment: string, line: Line, attached: Attached): void => {
  const { sequence } = line;
  if (attached.row) newest.rows.set(payment, sequence);
  for (const [name, value] of Object.entries(attached.contents ?? {})) {
    const one = { payment, name: name as ContentName, sequence, digest: value };
    newest.contents.set(JSON.stringify([payment, name]), one);
  }
};

/** Where neighbours don't follow on each other, and no gap of before accounts for it. */
const gapsOf = (
  target: Connection,
  noted: Point | undefined,
): { readonly gaps: readonly Gap[]; readonly end: Point } => {
  const known = readGaps(target);
  const gaps: Gap[] = [];
  let before: Point = ORIGIN;
  for (const row of target.each(`SELECT ${LINE} FROM entries ORDER BY sequence`)) {
    const line = lineOf(row);
    if (!known.follows(line, before)) {
      const { hash: previous, sequence } = before;
      gaps.push({ from: sequence + 1, to: line.sequence - 1, previous, hash: line.previous });
    }
    before = { sequence: line.sequence, hash: line.hash };
  }
  if (noted !== undefined && noted.sequence > before.sequence) {
    const { hash: previous, sequence } = before;
    gaps.push({ from: sequence + 1, to: noted.sequence, previous, hash: noted.hash });
    before = noted;
  }
  return { gaps, end: before };
};

/** Copies what fits its digest; the names of the rest, by payment. */
const copyContents = (
  source: Connection,
  target: Connection,
  contents: Newest['contents'],
): ReadonlyMap<string, readonly ContentName[]> => {
  const lost = new Map<string, ContentName[]>();
  const sql = 'SELECT content FROM attachments WHERE payment = ? AND name = ?';
  for (const { payment, name, sequence, digest: wanted } of contents.values()) {
    if (wanted === null) continue;
    const row = attempt(() => source.get(sql, payment, name));
    const content = row && attempt(() => bytes(row, 'content'));
    if (content && digest(content) === wanted) {
      putContent(target, { payment, name, content }, sequence);
    } else lost.set(payment, [...(lost.get(payment) ?? []), name]);
  }
  return lost;
};

/** Contents whose digest was in an entry that is missing: nobody can say what they are. */
const countUnproven = (source: Connection, contents: Newest['contents']): number => {
  let count = 0;
  attempt(() => {
    for (const { payment, name } of source.each('SELECT payment, name FROM attachments')) {
      if (!contents.has(JSON.stringify([payment, name]))) count++;
    }
  });
  return count;
};

const countsOf = (target: Connection): Attached => {
  const row = target.get(
    `SELECT coalesce(sum(open), 0) AS open, coalesce(sum(1 - settled), 0) AS unsettled
       FROM payments`,
  );
  return { open: Number(row?.['open']), unsettled: Number(row?.['unsettled']) };
};
