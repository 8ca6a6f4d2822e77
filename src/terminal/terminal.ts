import {
  concat,
  concatMap,
  connect,
  defer,
  distinctUntilChanged,
  exhaustMap,
  finalize,
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
import { currencyByNumeric } from '#data/currencies.ts';
import type { ReaderState } from '#ports/card-reader.ts';
import { logEvent } from './event-log.ts';
import { type PaymentContext, type PaymentEnd, takePayment } from './payment.ts';
import { firstPresenter, present, toPresentation } from './presenter.ts';
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
    status: firstStatus,
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
    finish: async () => {
      now.closing = true;
      now.current?.cancel.abort();
      await now.current?.ended;
    },
    status: () => now.status,
  };
};

/** The present, for questions from outside; written by the loop alone. */
interface Now {
  running: boolean;
  /** No sale is taken any more. */
  closing: boolean;
  current: Sale | undefined;
  /** When the last card that paid was first seen, monotonic. */
  servedCardMs: number;
  status: TerminalStatus;
}

const firstStatus: TerminalStatus = {
  state: 'idle',
  reader: 'not looked for yet',
  readerPresent: false,
  link: 'not connected yet',
  linkUp: false,
  openReversals: 0,
  displays: 0,
};

const sell = (
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
    amountMinor: request.amountMinor,
    currency: codeOf(request),
    reason,
  });
  if (now.closing) return Promise.resolve(refuse('error', 'the terminal is being ended'));
  if (!now.running) return Promise.resolve(refuse('error', 'the terminal is not running'));
  if (now.current) return Promise.resolve(refuse('busy', 'another payment is being taken'));
  const cancel = new AbortController();
  const hangUp = () => cancel.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  const { promise: ended, resolve } = Promise.withResolvers<SaleResult>();
  const done = (result: SaleResult) => {
    signal.removeEventListener('abort', hangUp);
    resolve(result);
  };
  sales.next({ request, transactionId, cancel, resolve: done, onEvent, ended });
  if (signal.aborted) cancel.abort();
  return ended;
};

const loop = (parts: TerminalParts, sales: Subject<Sale>, now: Now): Observable<TerminalEvent> => {
  const { settings, display, log } = parts;
  const idleAfterResult = (event: TerminalEvent) =>
    event.event === 'saleEnded'
      ? concat(of(event), timer(settings.resultMs, parts.clock.scheduler).pipe(map(() => IDLE)))
      : of(event);
  const payments$ = sales.pipe(
    exhaustMap((sale) => payment$(parts, now, sale)),
    switchMap(idleAfterResult),
  );
  const events$ = merge(payments$, readerEvents$(parts)).pipe(startWith(IDLE));
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
const surroundings$ = ({ reader, uplink, display }: TerminalParts, now: Now) => {
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
    uplink.state$.pipe(
      tap(({ link, openReversals }) =>
        note({
          link: link.link === 'up' ? link.peer : link.why.detail,
          linkUp: link.link === 'up',
          openReversals,
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

// One payment as events; it is cancelled when the loop is left.
const payment$ = (parts: TerminalParts, now: Now, sale: Sale): Observable<TerminalEvent> =>
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
      transactionId: sale.transactionId,
      currencyCode: codeOf(sale.request),
      signal: sale.cancel.signal,
      servedCardMs: now.servedCardMs,
    };
    emit({ event: 'saleStarted', transactionId: sale.transactionId, request: sale.request });
    takePayment(context)
      .catch((error: unknown) => brokenPayment(parts, context, error))
      .then(({ result, screen, cardSeenMs }) => {
        emit({ event: 'saleEnded', result, screen });
        if (cardSeenMs !== undefined) now.servedCardMs = cardSeenMs;
        now.current = undefined;
        const { transactionId, ...status } = now.status;
        now.status = { ...status, state: 'idle', lastResult: result };
        sale.resolve(result);
        subscriber.complete();
      });
    return () => sale.cancel.abort();
  });

// A bug of ours must not take the terminal away from the next shopper.
const brokenPayment = (
  parts: TerminalParts,
  context: PaymentContext,
  error: unknown,
): PaymentEnd => {
  parts.log.error({ transactionId: context.transactionId, err: error }, 'the payment broke down');
  return {
    screen: 'processingError',
    result: {
      status: 'error',
      transactionId: context.transactionId,
      amountMinor: context.request.amountMinor,
      currency: context.currencyCode,
      reason: 'an internal error: see the log',
    },
  };
};

const codeOf = ({ currency }: SaleRequest): string =>
  currencyByNumeric(currency)?.code ?? currency.toString().padStart(3, '0');
