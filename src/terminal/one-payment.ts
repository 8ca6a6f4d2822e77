import { firstValueFrom, Observable } from 'rxjs';
import { owed, type PaymentRecord } from '#payment/index.ts';
import type { PaymentContext, PaymentEnd } from './course.ts';
import { codeOf } from './format.ts';
import type { Sale, Workings } from './now.ts';
import { takePayment } from './payment.ts';
import type { Quiet } from './quiet.ts';
import type { SaleRequest, TerminalEvent, TerminalParts } from './types.ts';
import { understood } from './wanted-cards.ts';

/** One payment as events; it is cancelled when the loop is left. */
export const payment$ = (
  { parts, wallets, desk, shopper, now }: Workings,
  quiet: Quiet,
  sale: Sale,
): Observable<TerminalEvent> =>
  new Observable<TerminalEvent>((subscriber) => {
    const emit = (event: TerminalEvent) => {
      subscriber.next(event);
      sale.onEvent(event);
    };
    shopper.makeWay();
    now.current = sale;
    const request = withoutCode(sale.request);
    emit({ event: 'saleStarted', transactionId: sale.transactionId, request });
    const { lastResult, ...before } = now.status;
    now.status = { ...before, state: 'sale', transactionId: sale.transactionId };
    const asked = understood(sale.request, parts.wallets);
    const context: PaymentContext = {
      parts,
      emit,
      request: asked,
      record: recordOf(sale, parts.clock.wallMs()),
      ...(sale.original ? { original: sale.original } : {}),
      currencyCode: codeOf(sale.request.currency),
      signal: sale.cancel.signal,
      quiet,
      wallets,
      wishes: desk.open(asked, emit),
      ask: (question, signal) =>
        shopper.askDuringPayment(question, AbortSignal.any([signal, sale.cancel.signal]), emit),
      servedCardMs: now.servedCardMs,
    };
    quiet.about(asked);
    takePayment(context)
      .catch((error: unknown) => brokenPayment(parts, context, error))
      .then(({ result, screen, cardSeenMs }) => {
        emit({ event: 'saleEnded', result, screen });
        desk.close(result.status === 'approved');
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

// A wallet's code is money: nobody outside is told.
const withoutCode = ({ code: _, ...request }: SaleRequest): SaleRequest => request;

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
  ...partsAsked(request),
  ...(original === undefined ? {} : { original: original.id }),
});

const partsAsked = ({ tipMinor, cashBackMinor }: SaleRequest): Partial<PaymentRecord> => ({
  ...(tipMinor ? { tipMinor } : {}),
  ...(cashBackMinor ? { cashBackMinor } : {}),
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
