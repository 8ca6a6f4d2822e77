import {
  concat,
  concatMap,
  connect,
  defer,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  Subject,
  scan,
  startWith,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import type { ReaderState } from '#ports/card-reader.ts';
import { isFault } from '#ports/fault.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import { createWallets, type Wallets, walletDefaults } from '#wallets/index.ts';
import { acquire, acquisition$, inquire } from './acquisition.ts';
import { createCodeDesk } from './code-desk.ts';
import type { WholeTerminal } from './desks.ts';
import { logEvent } from './event-log.ts';
import { acceptanceOf } from './gate.ts';
import { firstStatus, type Now, type Sale, type Workings } from './now.ts';
import { payment$ } from './one-payment.ts';
import { createOrders } from './order-desk.ts';
import { firstPresenter, isDrawn, present, toPresentation } from './presenter.ts';
import { keepQuiet, type Quiet } from './quiet.ts';
import { sell } from './sell.ts';
import { createShopperDesk } from './shopper-desk.ts';
import type { TerminalEvent, TerminalParts, TerminalStatus } from './types.ts';
import { walletRefusal } from './wallet-gate.ts';

/**
 * The terminal's event loop: one payment at a time, from idle to result to idle, with display and
 * log following the same events. `run$` is subscribed to once, by whoever composes the terminal.
 */
export const createTerminal = (parts: TerminalParts): WholeTerminal => {
  const sales = new Subject<Sale>();
  const wallets = walletsOf(parts);
  const desk = createCodeDesk(parts);
  const now: Now = {
    running: false,
    closing: false,
    servedCardMs: -1,
    current: undefined,
    ended: 0,
    status: firstStatus,
    oldestToForwardMs: undefined,
  };
  const shopper = createShopperDesk(parts, now);
  const workings: Workings = { parts, wallets, desk, shopper, now };
  return {
    run$: loop(workings, sales),
    sale: (request, signal, onEvent = () => {}) => sell(workings, sales, request, signal, onEvent),
    acquire: (request, signal, onEvent = () => {}) =>
      acquire(workings, sales, request, signal, onEvent),
    inquire: (request, signal, onEvent = () => {}) =>
      inquire(workings, sales, request, signal, onEvent),
    readCode: async (withinMs, signal) =>
      now.current === undefined ? desk.read(withinMs, signal) : { kind: 'busy' },
    cancel: (transactionId) => {
      const { current } = now;
      if (current === undefined) return false;
      if (transactionId !== undefined && current.transactionId !== transactionId) return false;
      current.cancel.abort();
      return true;
    },
    ...{ ask: shopper.ask, askInstead: shopper.askInstead, tell: shopper.tell },
    ...createOrders(parts, wallets, () => now.current),
    refusedLater: async () => {
      const count = await parts.books.count('refusedLater');
      return isFault(count) ? undefined : count;
    },
    reconcile: () => parts.uplink.reconcile(),
    finish: async () => {
      now.closing = true;
      shopper.makeWay();
      now.current?.cancel.abort();
      await now.current?.ended;
      await wallets.settled(WALLETS_WITHIN_MS);
    },
    status: () => {
      const { books, keys, clock } = parts;
      const { oldestToForwardMs: oldest } = now;
      const seconds = Math.round((clock.wallMs() - (oldest ?? 0)) / 1000);
      const journal = books.refusal()?.detail;
      const key = keys.refusal()?.detail;
      const refusal = journal ?? key;
      return {
        ...now.status,
        acceptance: acceptanceOf(parts),
        ...(parts.wallets.length === 0 ? {} : { wallets: parts.wallets.map(statusOf(parts)) }),
        period: books.period,
        ...(oldest === undefined ? {} : { oldestToForwardSeconds: seconds }),
        ...(refusal === undefined ? {} : { refusal }),
        ...(journal === undefined ? {} : { journalRefusal: journal }),
        ...(key === undefined ? {} : { keysRefusal: key }),
      };
    },
  };
};

const loop = (workings: Workings, sales: Subject<Sale>): Observable<TerminalEvent> => {
  const { parts, now, desk, shopper } = workings;
  const { settings, display, log, newTexts$ = EMPTY } = parts;
  const quiet = keepQuiet(parts);
  const idleAfterResult = (event: TerminalEvent) =>
    event.event === 'saleEnded' || event.event === 'acquisitionEnded'
      ? concat(of(event), timer(settings.resultMs, parts.clock.scheduler).pipe(map(() => IDLE)))
      : of(event);
  const payments$ = sales.pipe(
    exhaustMap((sale) =>
      sale.acquiring !== undefined
        ? acquisition$(workings, quiet, sale)
        : payment$(workings, quiet, sale),
    ),
    switchMap(idleAfterResult),
  );
  const acceptance$ = acceptanceEvents$(parts, quiet);
  const texts$ = newTexts$.pipe(map((): TerminalEvent => ({ event: 'texts' })));
  const outside$ = merge(readerEvents$(parts), texts$, desk.work$, shopper.work$);
  const events$ = merge(acceptance$, payments$, outside$).pipe(startWith(IDLE));
  const shown$ = (shared$: Observable<TerminalEvent>) =>
    shared$.pipe(
      scan(present(settings), firstPresenter(settings)),
      distinctUntilChanged(),
      filter(isDrawn),
      map(toPresentation(settings, parts.clock.monotonicMs)),
      // Hold time: how long the next message has to wait. Book A clause 9
      concatMap(({ view, holdMs }) =>
        holdMs === 0
          ? of(view)
          : concat(of(view), timer(holdMs, parts.clock.scheduler).pipe(ignoreElements())),
      ),
      tap((view) => display.show(view)),
      ignoreElements(),
    );
  return defer(() => {
    now.running = true;
    return merge(
      events$.pipe(connect((shared$) => merge(shared$, shown$(shared$)))),
      surroundings$(workings).pipe(ignoreElements()),
    ).pipe(
      tap((event) => logEvent(log, event, now.current?.transactionId)),
      finalize(() => {
        now.running = false;
        now.current?.cancel.abort();
      }),
    );
  });
};

/** How long an orderly end waits for wallets that have to close an order. */
const WALLETS_WITHIN_MS = 5_000;

const walletsOf = ({ wallets: hosts, books, clock, log, settings }: TerminalParts): Wallets =>
  createWallets({
    ...{ hosts, books, clock, log },
    config: { ...walletDefaults, subject: settings.merchant, ...settings.wallets },
  });

const statusOf =
  (parts: TerminalParts) =>
  ({ name, title }: WalletHost) => {
    const refusal = walletRefusal(parts, name);
    return {
      ...{ name, title, accepted: refusal === undefined },
      ...(refusal?.by === undefined ? {} : { decision: refusal.by.id }),
    };
  };

const IDLE: TerminalEvent = { event: 'idle' };

// What status() tells of reader, host and display.
const surroundings$ = ({ parts, wallets, now }: Workings) => {
  const { reader, uplink, books, display } = parts;
  const note = (change: Partial<TerminalStatus>) => {
    now.status = { ...now.status, ...change };
  };
  return merge(
    reader.state$.pipe(
      tap((state) =>
        note({
          reader: state.reader === 'present' ? state.name : state.why.detail,
          readerPresent: state.reader === 'present',
        }),
      ),
    ),
    books.open$.pipe(
      tap((open) => {
        now.oldestToForwardMs = open.find(({ state }) => state === 'queued')?.startedMs;
      }),
    ),
    uplink.state$.pipe(
      tap(({ link, openReversals, toForward }) =>
        note({
          link: link.link === 'up' ? link.peer : link.why.detail,
          linkUp: link.link === 'up',
          openReversals,
          toForward,
        }),
      ),
    ),
    wallets.state$.pipe(tap(({ openOrders, unknown }) => note({ openOrders, unknown }))),
    display.watchers$.pipe(tap((displays) => note({ displays }))),
  );
};

const readerEvents$ = ({ reader }: TerminalParts): Observable<TerminalEvent> =>
  reader.state$.pipe(
    map(
      (state: ReaderState): TerminalEvent => ({
        event: 'reader',
        present: state.reader === 'present',
        detail: state.reader === 'present' ? state.name : state.why.detail,
      }),
    ),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
  );

const acceptanceEvents$ = (parts: TerminalParts, quiet: Quiet): Observable<TerminalEvent> =>
  parts.acceptance.standing$.pipe(
    tap(() => quiet.look()),
    map((): TerminalEvent => ({ event: 'acceptance', acceptance: acceptanceOf(parts) })),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
  );
