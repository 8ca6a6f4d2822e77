import {
  concat,
  concatMap,
  connect,
  defer,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  finalize,
  firstValueFrom,
  ignoreElements,
  map,
  merge,
  Observable,
  of,
  Subject,
  scan,
  startWith,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import { toHex } from '#bytes/hex.ts';
import { owed, type PaymentRecord } from '#payment/index.ts';
import type { ReaderState } from '#ports/card-reader.ts';
import { isFault } from '#ports/fault.ts';
import type { PaymentContext, PaymentEnd } from './course.ts';
import { logEvent } from './event-log.ts';
import { codeOf } from './format.ts';
import { acceptanceOf } from './gate.ts';
import { alreadyAsked, refundable } from './known-payment.ts';
import { createOrders } from './order-desk.ts';
import { takePayment } from './payment.ts';
import { firstPresenter, present, toPresentation } from './presenter.ts';
import { keepQuiet, type Quiet } from './quiet.ts';
import type {
  SaleRequest,
  SaleResult,
  Terminal,
  TerminalEvent,
  TerminalParts,
  TerminalStatus,
} from './types.ts';

interface Sale {
  readonly request: SaleRequest;
  readonly transactionId: string;
  readonly original?: PaymentRecord;
  readonly cancel: AbortController;
  readonly resolve: (result: SaleResult) => void;
  readonly onEvent: (event: TerminalEvent) => void;
  readonly ended: Promise<SaleResult>;
}

/**
 * The terminal's event loop: one payment at a time, from idle to result to idle, with display and
 * log following the same events. `run$` is subscribed to once, by whoever composes the terminal.
 */
export const createTerminal = (parts: TerminalParts): Terminal => {
  const sales = new Subject<Sale>();
  const now: Now = {
    running: false,
    closing: false,
    servedCardMs: -1,
    current: undefined,
    ended: 0,
    status: firstStatus,
    oldestToForwardMs: undefined,
  };
  return {
    run$: loop(parts, sales, now),
    sale: (request, signal, onEvent = () => {}) =>
      sell(parts, sales, now, request, signal, onEvent),
    cancel: (transactionId) => {
      const { current } = now;
      if (current === undefined) return false;
      if (transactionId !== undefined && current.transactionId !== transactionId) return false;
      current.cancel.abort();
      return true;
    },
    ...createOrders(parts, () => now.current),
    refusedLater: async () => {
      const count = await parts.books.count('refusedLater');
      return isFault(count) ? undefined : count;
    },
    reconcile: () => parts.uplink.reconcile(),
    finish: async () => {
      now.closing = true;
      now.current?.cancel.abort();
      await now.current?.ended;
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
        period: books.period,
        ...(oldest === undefined ? {} : { oldestToForwardSeconds: seconds }),
        ...(refusal === undefined ? {} : { refusal }),
        ...(journal === undefined ? {} : { journalRefusal: journal }),
        ...(key === undefined ? {} : { keysRefusal: key }),
      };
    },
  };
};

/** The present, for questions from outside; written by the loop alone. */
interface Now {
  running: boolean;
  /** No sale is taken any more. */
  closing: boolean;
  current: Sale | undefined;
  /** How many payments have ended. */
  ended: number;
  /** When the last card that paid was first seen, monotonic. */
  servedCardMs: number;
  status: TerminalStatus;
  /** When the oldest payment that waits to be forwarded was taken, wall clock. */
  oldestToForwardMs: number | undefined;
}

const firstStatus: TerminalStatus = {
  state: 'idle',
  reader: 'not looked for yet',
  readerPresent: false,
  link: 'not connected yet',
  linkUp: false,
  openReversals: 0,
  toForward: 0,
  period: 1,
  displays: 0,
  acceptance: { plasticOnly: false },
};

const sell = async (
  parts: TerminalParts,
  sales: Subject<Sale>,
  now: Now,
  request: SaleRequest,
  signal: AbortSignal,
  onEvent: (event: TerminalEvent) => void,
): Promise<SaleResult> => {
  const transactionId = toHex(parts.entropy.bytes(6));
  const refuse = (status: 'busy' | 'error', reason: string): SaleResult => ({
    status,
    transactionId,
    ...(request.tillId === undefined ? {} : { tillId: request.tillId }),
    amountMinor: request.amountMinor,
    currency: codeOf(request.currency),
    reason,
  });
  // It may end while we look for it in the books: then its own end is the answer.
  if (isSame(now.current, request)) return sameAgain(now.current, request, refuse);
  const refusal = (await parts.books.ready()) ?? parts.keys.refusal();
  // A payment that ended while we looked is looked for again.
  let ended: number;
  let known: Awaited<ReturnType<typeof alreadyAsked>>;
  let original: Awaited<ReturnType<typeof refundable>>;
  do {
    ended = now.ended;
    known = await alreadyAsked(parts, request);
    original = await refundable(parts, request);
  } while (ended !== now.ended);
  // From here to the start of the payment nothing is awaited: nobody comes between.
  const { current } = now;
  if (isSame(current, request)) return sameAgain(current, request, refuse);
  if (typeof known === 'string') return refuse('error', known);
  if (known !== undefined) return known;
  if (refusal !== undefined) return refuse('error', `no payment can be taken: ${refusal.detail}`);
  if (typeof original === 'string') return refuse('error', original);
  if (now.closing) return refuse('error', 'the terminal is being ended');
  if (!now.running) return refuse('error', 'the terminal is not running');
  if (current !== undefined) return refuse('busy', 'another payment is being taken');
  const cancel = new AbortController();
  const hangUp = () => cancel.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  const { promise, resolve } = Promise.withResolvers<SaleResult>();
  const done = (result: SaleResult) => {
    signal.removeEventListener('abort', hangUp);
    resolve(result);
  };
  const about = original === undefined ? {} : { original };
  const sale = { request, transactionId, cancel, resolve: done, onEvent, ended: promise };
  sales.next({ ...sale, ...about });
  if (signal.aborted) cancel.abort();
  return promise;
};

const isSame = (current: Sale | undefined, { tillId }: SaleRequest): current is Sale =>
  tillId !== undefined && current?.request.tillId === tillId;

const sameAgain = (
  current: Sale,
  request: SaleRequest,
  refuse: (status: 'error', reason: string) => SaleResult,
): Promise<SaleResult> | SaleResult => {
  const { amountMinor, currency, kind = 'purchase', original } = current.request;
  const same =
    amountMinor === request.amountMinor &&
    currency === request.currency &&
    kind === (request.kind ?? 'purchase') &&
    original === request.original;
  return same
    ? current.ended
    : refuse('error', `transaction ${request.tillId}: it is being taken for something else`);
};

const loop = (parts: TerminalParts, sales: Subject<Sale>, now: Now): Observable<TerminalEvent> => {
  const { settings, display, log, newTexts$ = EMPTY } = parts;
  const quiet = keepQuiet(parts);
  const idleAfterResult = (event: TerminalEvent) =>
    event.event === 'saleEnded'
      ? concat(of(event), timer(settings.resultMs, parts.clock.scheduler).pipe(map(() => IDLE)))
      : of(event);
  const payments$ = sales.pipe(
    exhaustMap((sale) => payment$(parts, now, quiet, sale)),
    switchMap(idleAfterResult),
  );
  const acceptance$ = acceptanceEvents$(parts, quiet);
  const texts$ = newTexts$.pipe(map((): TerminalEvent => ({ event: 'texts' })));
  const events$ = merge(acceptance$, payments$, readerEvents$(parts), texts$).pipe(startWith(IDLE));
  const shown$ = (shared$: Observable<TerminalEvent>) =>
    shared$.pipe(
      scan(present(settings), firstPresenter(settings)),
      distinctUntilChanged(),
      map(toPresentation(settings)),
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
      surroundings$(parts, now).pipe(ignoreElements()),
    ).pipe(
      tap((event) => logEvent(log, event, now.current?.transactionId)),
      finalize(() => {
        now.running = false;
        now.current?.cancel.abort();
      }),
    );
  });
};

const IDLE: TerminalEvent = { event: 'idle' };

// What status() tells of reader, host and display.
const surroundings$ = ({ reader, uplink, books, display }: TerminalParts, now: Now) => {
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

// One payment as events; it is cancelled when the loop is left.
const payment$ = (
  parts: TerminalParts,
  now: Now,
  quiet: Quiet,
  sale: Sale,
): Observable<TerminalEvent> =>
  new Observable<TerminalEvent>((subscriber) => {
    const emit = (event: TerminalEvent) => {
      subscriber.next(event);
      sale.onEvent(event);
    };
    now.current = sale;
    const { lastResult, ...before } = now.status;
    now.status = { ...before, state: 'sale', transactionId: sale.transactionId };
    const context: PaymentContext = {
      parts,
      emit,
      request: sale.request,
      record: recordOf(sale, parts.clock.wallMs()),
      ...(sale.original ? { original: sale.original } : {}),
      currencyCode: codeOf(sale.request.currency),
      signal: sale.cancel.signal,
      quiet,
      servedCardMs: now.servedCardMs,
    };
    emit({ event: 'saleStarted', transactionId: sale.transactionId, request: sale.request });
    quiet.about(sale.request);
    takePayment(context)
      .catch((error: unknown) => brokenPayment(parts, context, error))
      .then(({ result, screen, cardSeenMs }) => {
        emit({ event: 'saleEnded', result, screen });
        if (cardSeenMs !== undefined) now.servedCardMs = cardSeenMs;
        now.current = undefined;
        quiet.about(undefined);
        now.ended += 1;
        const { transactionId, ...status } = now.status;
        now.status = { ...status, state: 'idle', lastResult: result };
        sale.resolve(result);
        subscriber.complete();
      });
    return () => sale.cancel.abort();
  });

const recordOf = (
  { request, transactionId, original }: Sale,
  startedMs: number,
): PaymentRecord => ({
  id: transactionId,
  ...(request.tillId === undefined ? {} : { tillId: request.tillId }),
  kind: request.kind ?? 'purchase',
  state: 'new',
  startedMs,
  amountMinor: request.amountMinor,
  currency: request.currency,
  ...(original === undefined ? {} : { original: original.id }),
});

// A bug of ours must not take the terminal away from the next shopper, nor this one's money.
const brokenPayment = async (
  parts: TerminalParts,
  { record, request, currencyCode }: PaymentContext,
  error: unknown,
): Promise<PaymentEnd> => {
  const { books, clock, log } = parts;
  log.error({ transactionId: record.id, err: error }, 'the payment broke down');
  const open = (await firstValueFrom(books.open$)).find(({ id }) => id === record.id);
  if (open?.state === 'asking') {
    await books.note(open, 'reversalOwed', owed('cancelled', clock.wallMs()));
  }
  return {
    screen: open === undefined ? 'processingError' : 'notCompleted',
    result: {
      status: 'error',
      transactionId: record.id,
      amountMinor: request.amountMinor,
      currency: currencyCode,
      reason: 'an internal error: see the log',
    },
  };
};
