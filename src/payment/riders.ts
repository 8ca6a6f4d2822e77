import type { Journal, NewEntry } from '#ports/journal.ts';

/** A journal that takes entries along with its next write, whoever's that is. */
export interface RidingJournal extends Journal {
  /**
   * Has an entry written with the next write, before what that writes. For what is worth nothing
   * by itself: it costs no write of its own, and a crash before the next one takes it along.
   */
  ride(entry: NewEntry): void;
}

export const withRiders = (journal: Journal): RidingJournal => {
  let riders: readonly NewEntry[] = [];
  return {
    ...journal,
    ride: (entry) => {
      riders = [...riders, entry].slice(-MOST);
    },
    append: async (write) => {
      const taken = riders;
      riders = [];
      const problem = await journal.append({ ...write, entries: [...taken, ...write.entries] });
      if (problem !== undefined) riders = [...taken, ...riders].slice(-MOST);
      return problem;
    },
  };
};

const MOST = 100;
