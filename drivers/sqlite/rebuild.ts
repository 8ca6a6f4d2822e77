import { type Connection, LINE, lineOf, number, text } from './connection.ts';
import { type Gap, readGaps } from './gaps.ts';
import {
  type Attached,
  attachedOf,
  type ContentName,
  entryOf,
  type Line,
  ORIGIN,
  type Point,
} from './line.ts';
import { countOwn, NO_OWN, withMore } from './own-counts.ts';
import { lineAt } from './read.ts';
import type { Rest, Salvage } from './salvage.ts';
import { type Head, insert, insertOwn, putContent, putRow } from './write.ts';

export interface Rebuilt {
  /** Entries that were kept. */
  readonly kept: number;
  /** What is missing between them, or at the end. */
  readonly gaps: readonly Gap[];
  /**
   * Payments whose newest entry may be missing, so that the older state that is left may be wrong:
   * the damaged file knew a later one, or they are open and entries after theirs are gone. Those of
   * an earlier recovery too, while nothing more was written of them.
   */
  readonly doubtful: readonly string[];
  /** Payments of which no entry is left. */
  readonly gone: readonly string[];
  /** Of payments after this entry nothing is certain; undefined when none is missing. */
  readonly uncertainAfter?: number;
  /** Entries of the terminal's own may be among what is missing; absent when none can be. */
  readonly ownUncertain?: true;
  /** Sealed account data and transcripts that can't be read or aren't what was written. */
  readonly contentsLost: number;
}

/**
 * Fills an empty journal from a damaged one, within the caller's transaction.
 * @param source undefined when there is no file any more
 * @param noted where the head file says that the journal ended
 */
export const rebuild = (
  source: Salvage | undefined,
  target: Connection,
  noted: Point | undefined,
  atMs: number,
): Rebuilt & { readonly end: Point } => {
  const newest = copyLines(source, target);
  const { gaps, end, ownUncertain } = gapsOf(target, noted);
  for (const [id, sequence] of newest.rows) {
    const row = attachedOf(lineAt(target, sequence) ?? { sequence, attached: '{}' }).row;
    if (row) putRow(target, { id, ...row }, sequence);
  }
  const rest = source?.rest();
  const lost = copyContents(rest, target, newest.contents);
  const unproven = [...(rest?.contents.keys() ?? [])].filter((key) => !newest.contents.has(key));
  const later = [...(rest?.payments ?? [])]
    .filter(([id, sequence]) => sequence > (newest.rows.get(id) ?? 0))
    .map(([id]) => id);
  const known = later.filter((id) => newest.rows.has(id));
  const lostFrom = lossesOf(gaps, noted, newest.end);
  const open = openBefore(target, Math.max(...lostFrom));
  const doubtful = [...new Set([...known, ...open, ...stillDoubtful(newest)])];
  const gone = later.filter((id) => !newest.rows.has(id));
  const contentsLost = [...lost.values()].flat().length + unproven.length;
  const uncertain = lostFrom.length === 0 ? {} : { uncertainAfter: Math.min(...lostFrom) - 1 };
  const own = ownUncertain ? { ownUncertain: true as const } : {};
  const rebuilt = { kept: newest.kept, gaps, doubtful, gone, contentsLost, ...uncertain, ...own };
  return { ...rebuilt, end: close(target, end, rebuilt, lost, atMs) };
};

type Lost = ReadonlyMap<string, readonly ContentName[]>;

/** The entries that account for what is missing. */
const close = (
  target: Connection,
  end: Point,
  rebuilt: Rebuilt,
  lost: Lost,
  atMs: number,
): Point => {
  const event = 'recovered';
  let point = end;
  for (const [payment, names] of lost) {
    const contents = Object.fromEntries(names.map((name) => [name, null]));
    point = insert(target, point, { payment, event, atMs, data: { lost: names } }, { contents });
  }
  const data = { ...rebuilt, gaps: rebuilt.gaps.map((gap) => ({ ...gap })) };
  const entry = { event, atMs, data };
  const { sequence, hash } = insertOwn(target, { ...point, ...countsIn(target) }, entry);
  return { sequence, hash };
};

/** Where entries begin that are gone; without a head file nobody knows where the journal ended. */
const lossesOf = (gaps: readonly Gap[], noted: Point | undefined, end: number): number[] => [
  ...gaps.filter(({ from, to }) => to >= from).map(({ from }) => from),
  ...(noted === undefined ? [end + 1] : []),
];

/** An open payment may have ended in what is gone, and the shopper have seen how. */
const openBefore = (target: Connection, lost: number): string[] =>
  target
    .all('SELECT id, sequence FROM payments WHERE open = 1 ORDER BY sequence')
    .filter((row) => number(row, 'sequence') < lost)
    .map((row) => text(row, 'id'));

/** What an earlier recovery left in doubt, and nothing was written of since. */
const stillDoubtful = ({ doubted, rows }: Newest): string[] =>
  [...doubted].filter(([id, at]) => (rows.get(id) ?? at) < at).map(([id]) => id);

interface Newest {
  kept: number;
  /** The last that was kept. */
  end: number;
  /** By payment: the latest "recovered" that names it as doubtful. */
  readonly doubted: Map<string, number>;
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

const copyLines = (source: Salvage | undefined, target: Connection): Newest => {
  const newest: Newest = {
    kept: 0,
    end: 0,
    doubted: new Map(),
    rows: new Map(),
    contents: new Map(),
  };
  for (const line of source?.lines() ?? []) {
    copyLine(target, line);
    newest.kept++;
    newest.end = line.sequence;
    for (const id of doubtfulIn(line)) newest.doubted.set(id, line.sequence);
    if (line.payment !== null) remember(newest, line.payment, line, attachedOf(line));
  }
  return newest;
};

const doubtfulIn = (line: Line): readonly string[] => {
  if (line.payment !== null || line.event !== 'recovered') return [];
  const { doubtful } = entryOf(line).data;
  return Array.isArray(doubtful) ? doubtful.filter((id) => typeof id === 'string') : [];
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
): { readonly gaps: readonly Gap[]; readonly end: Point; readonly ownUncertain: boolean } => {
  const known = readGaps(target);
  const gaps: Gap[] = [];
  let before: Point = ORIGIN;
  let own = NO_OWN;
  // A later entry that counts the terminal's own as they are here proves that none is missing.
  let ownUncertain = false;
  for (const row of target.each(`SELECT ${LINE} FROM entries ORDER BY sequence`)) {
    const line = lineOf(row);
    if (!known.follows(line, before)) {
      const { hash: previous, sequence } = before;
      gaps.push({ from: sequence + 1, to: line.sequence - 1, previous, hash: line.previous });
      ownUncertain = true;
    }
    if (line.payment === null) own = withMore(own, [line.event]);
    if (attachedOf(line).own === own.mark) ownUncertain = false;
    before = { sequence: line.sequence, hash: line.hash };
  }
  if (noted !== undefined && noted.sequence > before.sequence) {
    const { hash: previous, sequence } = before;
    gaps.push({ from: sequence + 1, to: noted.sequence, previous, hash: noted.hash });
    before = noted;
    ownUncertain = true;
  }
  return { gaps, end: before, ownUncertain: ownUncertain || noted === undefined };
};

/** Copies what fits its digest; the names of the rest, by payment. */
const copyContents = (
  rest: Rest | undefined,
  target: Connection,
  contents: Newest['contents'],
): Lost => {
  const lost = new Map<string, ContentName[]>();
  for (const [key, { payment, name, sequence, digest }] of contents) {
    if (digest === null) continue;
    const content = rest?.content(key, digest);
    if (content) putContent(target, { payment, name, content }, sequence);
    else lost.set(payment, [...(lost.get(payment) ?? []), name]);
  }
  return lost;
};

const countsIn = (target: Connection): Omit<Head, keyof Point> => {
  const row = target.get(
    `SELECT coalesce(sum(open), 0) AS open, coalesce(sum(1 - settled), 0) AS unsettled
       FROM payments`,
  );
  const [open, unsettled] = [Number(row?.['open']), Number(row?.['unsettled'])];
  return { open, unsettled, own: countOwn(target) };
};
