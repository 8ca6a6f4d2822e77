import { concatMap, ignoreElements, map, type Observable, pairwise } from 'rxjs';
import type { Books, PaymentRecord } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';

/** Payments that the host refused when they were forwarded: staff have to know of each. */
export interface Refusals {
  /** Keeps the count true while somebody is subscribed. */
  readonly watch$: Observable<never>;
  /** @param mayRead whether there is time to look through everything that isn't settled */
  count(mayRead: boolean): Promise<number | undefined>;
  /** Staff have seen this one. */
  noted(id: string): void;
}

/**
 * Looks through the journal once, when it is first asked; from then on it follows what leaves the
 * forward queue, so that asking costs a busy terminal nothing.
 */
export const createRefusals = (books: Books): Refusals => {
  let known: Set<string> | undefined;
  const refused = async (id: string): Promise<boolean> => {
    const record = await books.find(id);
    return record !== undefined && !isFault(record) && record.state === 'refusedLater';
  };
  return {
    watch$: books.open$.pipe(
      map(queuedIn),
      pairwise(),
      concatMap(async ([before, after]) => {
        if (known === undefined) return;
        for (const id of before) if (!after.has(id) && (await refused(id))) known.add(id);
      }),
      ignoreElements(),
    ),
    count: async (mayRead) => {
      if (known !== undefined || !mayRead) return known?.size;
      const found = new Set<string>();
      known = found;
      const unsettled = await books.unsettled();
      if (isFault(unsettled)) {
        known = undefined;
        return undefined;
      }
      for (const { id, state } of unsettled) if (state === 'refusedLater') found.add(id);
      return found.size;
    },
    noted: (id) => {
      known?.delete(id);
    },
  };
};

const queuedIn = (open: readonly PaymentRecord[]): ReadonlySet<string> =>
  new Set(open.filter(({ state }) => state === 'queued').map(({ id }) => id));
