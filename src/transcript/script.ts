import { equal } from '#bytes/bytes.ts';
import type { Exchange } from './transcript.ts';

/** How commands are looked up: one after the other as they stand, or anywhere in the file. */
export type Order = 'strict' | 'any';

/** The card's part of a transcript. */
export interface CardScript {
  /** What was answered to this command. */
  find(command: Uint8Array): Exchange | undefined;
  /** What stands next in the file; undefined at its end. */
  readonly expected: Exchange | undefined;
  /** How many exchanges were played at least once. */
  readonly played: number;
  readonly left: number;
}

export const cardScript = (exchanges: readonly Exchange[], order: Order): CardScript => {
  const used = new Set<number>();
  const next = (): number => exchanges.findIndex((_, at) => !used.has(at));
  // In any order, a command that comes again is answered like the last time.
  const lookUp = (command: Uint8Array): number => {
    const matches = (at: number): boolean => equal(exchanges[at]?.command ?? NOTHING, command);
    if (order === 'strict') return matches(next()) ? next() : -1;
    const fresh = exchanges.findIndex((_, at) => !used.has(at) && matches(at));
    return fresh >= 0 ? fresh : exchanges.findLastIndex((_, at) => matches(at));
  };
  return {
    find(command) {
      const at = lookUp(command);
      if (at >= 0) used.add(at);
      return exchanges[at];
    },
    get expected() {
      return exchanges[next()];
    },
    get played() {
      return used.size;
    },
    get left() {
      return exchanges.length - used.size;
    },
  };
};

const NOTHING = new Uint8Array(0);
