import { hex } from '#bytes/hex.ts';
import table from './kernel-8-vectors.json' with { type: 'json' };

/** One computation with its inputs and results; see `source` in the table. */
export interface Vector {
  readonly id: string;
  readonly note: string;
  readonly in: Readonly<Record<string, string | undefined>>;
  readonly out: Readonly<Record<string, string | undefined>>;
}

export const VECTORS: readonly Vector[] = table.vectors;

/** Those whose ids match. A pattern that matches none is a mistake. */
export const vectors = (pattern: RegExp): readonly Vector[] => {
  const found = VECTORS.filter(({ id }) => pattern.test(id));
  if (found.length === 0) throw new RangeError(`no vector is called ${pattern}`);
  return found;
};

/** A value of one vector as bytes. */
export const given = (values: Vector['in'], name: string): Uint8Array => hex(values[name] ?? '?');

/** A public key that is written as 04||x||y, without its first byte. */
export const point = (values: Vector['in'], name: string): Uint8Array =>
  given(values, name).subarray(1);
