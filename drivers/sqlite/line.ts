import { hash } from 'node:crypto';
import type { Entry, Json, JsonObject, PaymentRow } from '#ports/journal.ts';
import { Damage } from './damage.ts';

/** A row of the table `entries`, as it stands there: `data` and `attached` are compact JSON. */
export interface Line {
  readonly sequence: number;
  readonly payment: string | null;
  readonly event: string;
  readonly atMs: number;
  readonly data: string;
  readonly attached: string;
  readonly previous: string;
  readonly hash: string;
}

/** Content that lies beside the chain and can be erased: its digest lies in the chain. */
export type ContentName = 'account' | 'track2' | 'transcript';

/** What an entry carries besides its own data; always of the entry's own payment. */
export interface Attached {
  /** The payment's row as this entry leaves it: the table `payments` is but an index over these. */
  readonly row?: Omit<PaymentRow, 'id'>;
  /** SHA-256 of the content as stored, null where it was erased. */
  readonly contents?: Readonly<Partial<Record<ContentName, string | null>>>;
  /** How many payments are open, and how many unsettled, after this write: on its last entry. */
  readonly open?: number;
  readonly unsettled?: number;
  /** The mark of how many entries of the terminal's own there are: there too. */
  readonly own?: string;
}

/** A place in the chain: the entry and its hash. */
export interface Point {
  readonly sequence: number;
  readonly hash: string;
}

/** What the first entry has before it. */
export const ORIGIN: Point = { sequence: 0, hash: '0'.repeat(64) };

export const digest = (content: string | Uint8Array): string => hash('sha256', content, 'hex');

/**
 * SHA-256 over the JSON text of an array of seven: strings and numbers only, so no two lines have
 * the same text. `data` and `attached` are strings in it: exactly as they are stored.
 */
export const hashOf = (line: Omit<Line, 'hash'>): string =>
  digest(
    JSON.stringify([
      line.previous,
      line.sequence,
      line.payment,
      line.event,
      line.atMs,
      line.data,
      line.attached,
    ]),
  );

export const entryOf = (line: Line): Entry => ({
  sequence: line.sequence,
  payment: line.payment,
  event: line.event,
  atMs: line.atMs,
  data: objectOf(line, 'data'),
  previous: line.previous,
  hash: line.hash,
});

export const attachedOf = (line: Pick<Line, 'sequence' | 'attached'>): Attached =>
  objectOf({ data: '{}', ...line }, 'attached') as Attached;

const objectOf = (
  line: Pick<Line, 'sequence' | 'data' | 'attached'>,
  name: 'data' | 'attached',
): JsonObject => {
  const value = parsed(line[name]);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new Damage(line.sequence, `its ${name} can't be read`);
};

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};
