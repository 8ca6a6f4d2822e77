import { type Door, nameOf } from './doors.ts';

/** What is wrong with each door, as far as it was tried. */
export interface Troubles {
  happened(at: number, why: string): void;
  /** A door works. Why it isn't the primary that does is still worth knowing. */
  over(at: number): void;
  /** Of every door that was tried in vain, in one sentence. */
  all(): string;
  /** Which door we are connected to, and why it isn't the primary. */
  peer(at: number, protocol: string): string;
}

export const createTroubles = (doors: readonly [Door, ...Door[]]): Troubles => {
  const known = new Map<number, string>();
  const name = (at: number) => nameOf(doors[at] ?? doors[0]);
  return {
    happened: (at, why) => void known.set(at, why),
    over: (at) => {
      for (const other of known.keys()) if (at === 0 || other !== 0) known.delete(other);
    },
    all: () => doors.flatMap((_, at) => known.get(at) ?? []).join('; '),
    peer: (at, protocol) => {
      if (doors.length === 1) return `${name(at)}, ${protocol}`;
      if (at === 0) return `primary ${name(at)}, ${protocol}`;
      const why = known.get(0) ?? `${name(0)} is not tried yet`;
      return `backup ${name(at)}, ${protocol} (${why})`;
    },
  };
};
