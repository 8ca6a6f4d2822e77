import { firstValueFrom, fromEvent, map, race, timer } from 'rxjs';
import type { Clock } from '#ports/clock.ts';
import type { ScannedCode } from '#ports/code-scanner.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import type { ConsumerCode } from './identified.ts';

/** How a shopper wants to pay instead. */
export type Wish =
  | {
      readonly wish: 'scan';
      readonly scan: ScannedCode;
      /** Absent for a code of a card scheme. */
      readonly host?: WalletHost;
      readonly code?: string;
      readonly consumer?: ConsumerCode;
    }
  /** The id of a choice that was touched: "tap", "wallet:alipay". */
  | { readonly wish: 'choice'; readonly id: string };

/** The shopper's wishes during one payment: the latest counts, but no touch undoes a scan. */
export interface Wishes {
  /** One that arrives; gives back the one that it takes the place of. */
  wish(wish: Wish): Wish | undefined;
  choose(id: string): void;
  /** What may be touched now, by id. */
  offer(ids: readonly string[]): void;
  /** Aborted as soon as there is one; at once if there is, unless they are held. */
  signal(): AbortSignal;
  /** What is under way is past recall: wishes wait. */
  hold(): void;
  release(): void;
  readonly waiting: boolean;
  take(): Wish | undefined;
  /** What was scanned before may be scanned once more: the shopper was shown another amount. */
  again(): void;
  /** The next one, or undefined when the time is over or `signal` is aborted. */
  next(signal: AbortSignal, withinMs: number): Promise<Wish | undefined>;
}

/** @param again see Wishes.again: whoever brings scans has to know */
export const createWishes = (clock: Clock, again: () => void = () => {}): Wishes => {
  let waiting: Wish | undefined;
  let offered: readonly string[] = [];
  let held = false;
  let stop = new AbortController();
  const look = () => {
    if (!held && waiting !== undefined) stop.abort();
  };
  const wish = (next: Wish): Wish | undefined => {
    if (next.wish === 'choice' && waiting?.wish === 'scan') return undefined;
    const before = waiting;
    waiting = next;
    look();
    return before;
  };
  const signal = () => {
    if (stop.signal.aborted) stop = new AbortController();
    held = false;
    look();
    return stop.signal;
  };
  const take = () => {
    const taken = waiting;
    waiting = undefined;
    return taken;
  };
  return {
    wish,
    choose: (id) => {
      if (offered.includes(id)) wish({ wish: 'choice', id });
    },
    offer: (ids) => {
      offered = ids;
    },
    signal,
    hold: () => {
      held = true;
    },
    release: () => {
      held = false;
      look();
    },
    get waiting() {
      return waiting !== undefined;
    },
    take,
    again,
    next: async (cancel, withinMs) => {
      const either = AbortSignal.any([signal(), cancel]);
      if (!either.aborted) {
        const late$ = timer(Math.max(0, withinMs), clock.scheduler);
        await firstValueFrom(race(fromEvent(either, 'abort').pipe(map(() => 0)), late$));
      }
      return cancel.aborted ? undefined : take();
    },
  };
};
