import {
  BehaviorSubject,
  combineLatest,
  concatMap,
  defer,
  filter,
  finalize,
  first,
  firstValueFrom,
  from,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  race,
  repeat,
  Subject,
  timer,
} from 'rxjs';
import { owed, type PaymentRecord } from '#payment/index.ts';
import { takeOrder } from './order.ts';
import { owesWallet, type Progress, settleOne } from './owed.ts';
import { giveBack } from './refund.ts';
import type { Wallets, WalletsParts, WalletsState } from './types.ts';

/** The wallets that this terminal takes; their hosts are opened and closed by whoever owns them. */
export const createWallets = (parts: WalletsParts): Wallets => {
  const { hosts, books, clock } = parts;
  const now = new Subject<void>();
  const unanswered = new BehaviorSubject<ReadonlySet<string>>(new Set());
  const owed$ = combineLatest([books.open$, unanswered]).pipe(
    map(([open, ours]) => {
      const unresolved = new Set([...books.unresolved, ...ours]);
      return open.filter((record) => owesWallet(record, unresolved));
    }),
  );
  const gone = async (counts: (record: PaymentRecord) => boolean, withinMs: number) => {
    if (!(await firstValueFrom(owed$)).some(counts)) return true;
    now.next();
    const none$ = owed$.pipe(
      filter((all) => !all.some(counts)),
      map(() => true),
    );
    const late$ = timer(withinMs, clock.scheduler).pipe(map(() => false));
    return firstValueFrom(race(none$, late$));
  };
  return {
    hosts,
    prepare: () => {
      for (const host of hosts) host.prepare();
      now.next();
    },
    order: (asked, watch) => takeOrder(asked, watch, parts),
    refund: async (record, original) => {
      const host = hosts.find(({ name }) => name === original.wallet?.name);
      const end = await giveBack(record, original, host, parts);
      if (end.end === 'unknown') unanswered.next(new Set([...unanswered.value, record.id]));
      return end;
    },
    takeBack: (record) =>
      books.note(record, 'reversalOwed', owed('voided', clock.wallMs(), record.state)),
    done: (id, withinMs) => gone((record) => record.id === id, withinMs),
    settled: (withinMs) => gone(() => true, withinMs),
    state$: merge(owed$.pipe(map(stateOf)), work$(parts, owed$, now)),
  };
};

const stateOf = (all: readonly PaymentRecord[]): WalletsState => {
  const openOrders = all.filter(({ state }) => state === 'reversing').length;
  return { openOrders, unknown: all.length - openOrders };
};

/** Each payment that owes something has a try of its own going on: one wallet holds up no other. */
const work$ = (
  parts: WalletsParts,
  owed$: Observable<readonly PaymentRecord[]>,
  now$: Observable<void>,
): Observable<never> =>
  defer(() => {
    const underWay = new Set<string>();
    const ended = new BehaviorSubject<undefined>(undefined);
    return combineLatest([owed$, ended]).pipe(
      concatMap(([all]) => from(all.filter(({ id }) => !underWay.has(id)))),
      mergeMap(({ id }) => {
        if (underWay.has(id)) return [];
        underWay.add(id);
        return untilDone(id, parts, owed$, now$).pipe(
          finalize(() => {
            underWay.delete(id);
            ended.next(undefined);
          }),
        );
      }),
      ignoreElements(),
    );
  });

const untilDone = (
  id: string,
  parts: WalletsParts,
  owed$: Observable<readonly PaymentRecord[]>,
  now$: Observable<void>,
): Observable<Progress> => {
  const { first: firstMs, last: lastMs } = parts.config.repeatAfterMs;
  const pauseMs = (times: number) => Math.min(lastMs, firstMs * 2 ** (times - 1));
  const attempt = async (): Promise<Progress> => {
    for (;;) {
      const record = (await firstValueFrom(owed$)).find((one) => one.id === id);
      if (record === undefined) return 'done';
      const host = parts.hosts.find(({ name }) => name === record.wallet?.name);
      const progress = await settleOne(record, host, parts);
      if (progress !== 'again') return progress;
    }
  };
  return defer(attempt).pipe(
    repeat({ delay: (times) => race(timer(pauseMs(times), parts.clock.scheduler), now$) }),
    first((progress) => progress === 'done'),
  );
};
