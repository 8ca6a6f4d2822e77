import { type Connection, LINE, lineOf } from './connection.ts';
import { entryOf, type Line, type Point } from './line.ts';

/**
 * Entries that are gone, and by whose leave: an entry of the journal's own says so. Retention
 * removed them, or a recovery didn't find them. `previous` is the hash before the first, `hash` the
 * last one's: so the chain goes on across them. `to` is `from` - 1 where nothing is gone, and two
 * neighbours don't fit each other.
 */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly previous: string;
  readonly hash: string;
}

/** The events, of no payment, whose `data.gaps` is a list of gaps. Nobody else may write them. */
export const GAP_EVENTS: readonly string[] = ['removed', 'recovered'];

export interface Gaps {
  add(gap: Gap): void;
  /** Whether `line` follows on `point`: at once, or across gaps that are accounted for. */
  follows(line: Pick<Line, 'sequence' | 'previous'>, point: Point): boolean;
}

export const makeGaps = (): Gaps => {
  const byStart = new Map<string, Gap>();
  const key = (sequence: number, hash: string): string => `${sequence} ${hash}`;
  return {
    add: (gap) => void byStart.set(key(gap.from, gap.previous), gap),
    follows: (line, point) => {
      let { sequence, hash } = point;
      for (let steps = 0; steps <= byStart.size; steps++) {
        if (line.sequence === sequence + 1 && line.previous === hash) return true;
        const gap = byStart.get(key(sequence + 1, hash));
        if (gap === undefined || gap.to >= line.sequence) return false;
        sequence = gap.to;
        hash = gap.hash;
      }
      return false;
    },
  };
};

/** All gaps that the journal accounts for. */
export const readGaps = (connection: Connection): Gaps => {
  const gaps = makeGaps();
  const sql = `SELECT ${LINE} FROM entries WHERE payment IS NULL AND event IN (?, ?)`;
  for (const row of connection.all(sql, ...GAP_EVENTS)) {
    for (const gap of gapsIn(lineOf(row))) gaps.add(gap);
  }
  return gaps;
};

export const gapsIn = (line: Line): readonly Gap[] => {
  if (line.payment !== null || !GAP_EVENTS.includes(line.event)) return [];
  const { gaps } = entryOf(line).data;
  return Array.isArray(gaps) ? gaps.filter(isGap) : [];
};

const isGap = (value: unknown): value is Gap =>
  typeof value === 'object' &&
  value !== null &&
  'from' in value &&
  typeof value.from === 'number' &&
  'to' in value &&
  typeof value.to === 'number' &&
  'previous' in value &&
  typeof value.previous === 'string' &&
  'hash' in value &&
  typeof value.hash === 'string';
