import { Damage } from './damage.ts';
import { attachedOf, type ContentName, digest, entryOf, hashOf, type Line } from './line.ts';
import { openPages, type Pages } from './pages.ts';
import { type Found, foundAt, foundRows } from './records.ts';

/** What can still be read of a damaged file, page by page. */
export interface Salvage {
  /** Every entry that fits its own hash, oldest first. */
  lines(): Generator<Line>;
  /** What else the file holds, as far as it can be read: nothing proves it but a digest. */
  rest(): Rest;
  close(): void;
}

export interface Rest {
  /** The payments that the damaged index knows, with the entry that their row stood in. */
  readonly payments: ReadonlyMap<string, number>;
  /** Sealed data and transcripts, by payment and name as JSON: all that were found. */
  readonly contents: ReadonlyMap<string, readonly Place[]>;
  /** The one among them that has this digest. */
  content(key: string, wanted: string): Uint8Array | undefined;
}

type Place = Pick<Found, 'page' | 'cell'>;

export const salvage = (path: string): Salvage => {
  const pages = openPages(path);
  return {
    lines: () => linesOf(pages),
    rest: () => restOf(pages),
    close: () => pages.close(),
  };
};

function* linesOf(pages: Pages): Generator<Line> {
  // The places alone: all entries of years wouldn't fit in memory.
  const places = new Map<number, Place>();
  for (const found of foundRows(pages)) {
    const line = lineOf(found);
    if (line) places.set(line.sequence, { page: found.page, cell: found.cell });
  }
  for (const [, { page, cell }] of [...places].sort(([a], [b]) => a - b)) {
    const found = foundAt(pages, page, cell);
    const line = found && lineOf(found);
    if (line) yield line;
  }
}

const lineOf = ({ rowid, values }: Found): Line | undefined => {
  const [, payment, event, atMs, data, attached, previous, hash] = values;
  const fits =
    values.length === 8 &&
    (payment === null || typeof payment === 'string') &&
    typeof event === 'string' &&
    typeof atMs === 'number' &&
    typeof data === 'string' &&
    typeof attached === 'string' &&
    typeof previous === 'string' &&
    typeof hash === 'string';
  if (!fits) return undefined;
  const line = { sequence: rowid, payment, event, atMs, data, attached, previous, hash };
  return hashOf(line) === hash && isReadable(line) ? line : undefined;
};

const isReadable = (line: Line): boolean => {
  try {
    entryOf(line);
    attachedOf(line);
    return true;
  } catch (error) {
    if (error instanceof Damage) return false;
    throw error;
  }
};

const NAMES: readonly ContentName[] = ['account', 'track2', 'transcript'];

const restOf = (pages: Pages): Rest => {
  const payments = new Map<string, number>();
  const contents = new Map<string, Place[]>();
  for (const { page, cell, values } of foundRows(pages)) {
    const [first, second] = values;
    if (typeof first !== 'string') continue;
    // id, till_id, state, open, settled, started_ms, sequence
    if (values.length === 7 && typeof values[6] === 'number') payments.set(first, values[6]);
    // payment, name, sequence, content
    if (values.length === 4 && NAMES.some((name) => name === second)) {
      const key = JSON.stringify([first, second]);
      contents.set(key, [...(contents.get(key) ?? []), { page, cell }]);
    }
  }
  const content = (key: string, wanted: string): Uint8Array | undefined => {
    for (const { page, cell } of contents.get(key) ?? []) {
      const value = foundAt(pages, page, cell)?.values[3];
      if (value instanceof Uint8Array && digest(value) === wanted) return value;
    }
    return undefined;
  };
  return { payments, contents, content };
};
