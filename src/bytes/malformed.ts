/** Bytes that can't be what they should be: returned, never thrown. */
export interface Malformed {
  readonly malformed: true;
  /** Names from the outside in, such as ['77', '9F10'] or ['DE 55', '9F26']. */
  readonly path: readonly string[];
  /** Offset in bytes from the start of the outermost input. */
  readonly offset: number;
  /** What is wrong, in a few words, such as "length 12 runs past the end". No account data. */
  readonly problem: string;
}

export const malformed = (path: readonly string[], offset: number, problem: string): Malformed => ({
  malformed: true,
  path,
  offset,
  problem,
});

export const isMalformed = (value: unknown): value is Malformed =>
  typeof value === 'object' && value !== null && 'malformed' in value;

/** "77 › 9F10 at 12: length 12 runs past the end" */
export const describeMalformed = ({ path, offset, problem }: Malformed): string =>
  `${path.length > 0 ? `${path.join(' › ')} ` : ''}at ${offset}: ${problem}`;
