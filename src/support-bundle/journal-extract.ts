import type { Json, JsonObject } from '#ports/journal.ts';
import { withoutRiddles } from './masking.ts';

/** An entry as `countertap journal export` writes it. */
interface Exported {
  readonly sequence: number;
  readonly payment: string | null;
  readonly event: string;
  readonly at: string | null;
  readonly atMs: number;
  readonly hash: string;
  readonly data: JsonObject;
  readonly attached?: JsonObject;
}

/** What of an entry's data may be told, by its path. All else stays in the journal. */
// biome-ignore format: a row stays on its line
const TOLD = [
  ['kind'], ['amountMinor'], ['approvedMinor'], ['currency'], ['period'], ['original'], ['offline'],
  ['card', 'scheme'], ['card', 'application'], ['card', 'maskedPan'],
  ['answer', 'responseCode'], ['answer', 'meaning'],
  ['result', 'status'], ['result', 'reason'], ['result', 'outcome'], ['result', 'cvm'],
  ['result', 'errorCondition'],
  ['reversal', 'reason'], ['wallet', 'name'], ['wallet', 'way'], ['request', 'mti'],
] as const satisfies readonly (readonly string[])[];

/**
 * A line of the extract: what happened when, what the payment was then, and what of it may be told.
 * No sealed data, no card token, no message to the host; of the till's id its end. Undefined for a
 * line that can't be read, or that is older.
 */
export const extractLine = (line: string, sinceMs: number): string | undefined => {
  const entry = parsed(line);
  if (entry === undefined || entry.atMs < sinceMs) return undefined;
  const { sequence, payment, event, at, hash, data, attached } = entry;
  const row = attached?.['row'];
  const known = isObject(row) ? row : {};
  const told = {
    ...{ sequence, at, payment, event },
    state: known['state'] ?? null,
    open: known['open'] ?? null,
    till: endOf(known['tillId']),
    // What the terminal itself wrote names people: that it happened is enough.
    data: payment === null ? {} : toldOf(data),
    hash: `${hash.slice(0, 8)}…`,
  };
  return withoutRiddles(JSON.stringify(told));
};

const parsed = (line: string): Exported | undefined => {
  try {
    return JSON.parse(line) as Exported;
  } catch {
    return undefined;
  }
};

const toldOf = (data: JsonObject): JsonObject =>
  Object.fromEntries(
    TOLD.flatMap((path) => {
      const value = path.reduce<Json | undefined>(
        (at, key) => (isObject(at) ? at[key] : undefined),
        data,
      );
      return value === undefined || isObject(value) ? [] : [[path.join('.'), value]];
    }),
  );

const endOf = (id: Json | undefined): string | null =>
  typeof id === 'string' ? `…${id.slice(-4)}` : null;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
