import { Observable, type Subject } from 'rxjs';
import { toHex } from '#bytes/hex.ts';
import type { PaymentRecord } from '#payment/index.ts';
import { balanceResult, forBalance } from './balance.ts';
import { begin } from './begin.ts';
import type { Acquiring, BalanceQuestion, Course, Decision, PaymentContext } from './course.ts';
import type { AcquisitionRequest, AcquisitionResult, BalanceRequest, CardDesk } from './desks.ts';
import { codeOf } from './format.ts';
import type { Sale, Workings } from './now.ts';
import type { Quiet } from './quiet.ts';
import { taps } from './taps.ts';
import type { SaleRequest, SaleResult, TerminalEvent } from './types.ts';
import { forNothing, understood } from './wanted-cards.ts';
import { createWishes } from './wishes.ts';

/** See CardDesk.acquire. Nothing of it stands in the books: nothing can be owed for it. */
export const acquire = (
  workings: Workings,
  jobs: Subject<Sale>,
  asked: AcquisitionRequest,
  signal: AbortSignal,
  onEvent: (event: TerminalEvent) => void,
): ReturnType<CardDesk['acquire']> => read(workings, jobs, asked, 'card', { signal, onEvent });

/** See CardDesk.inquire. The host is asked whatever card and terminal could decide alone. */
export const inquire = async (
  workings: Workings,
  jobs: Subject<Sale>,
  { account, ...asked }: BalanceRequest,
  signal: AbortSignal,
  onEvent: (event: TerminalEvent) => void,
): ReturnType<CardDesk['inquire']> => {
  const question: BalanceQuestion = { account };
  const request = { ...asked, amountMinor: 0, forceOnline: true };
  const result = await read(workings, jobs, request, question, { signal, onEvent });
  return balanceResult(result, question);
};

const read = async (
  { parts, now }: Workings,
  jobs: Subject<Sale>,
  asked: Omit<SaleRequest, 'method'>,
  acquiring: Acquiring,
  { signal, onEvent }: Pick<Sale, 'onEvent'> & { readonly signal: AbortSignal },
): Promise<AcquisitionResult> => {
  const transactionId = toHex(parts.entropy.bytes(6));
  const refuse = (status: 'busy' | 'error', reason: string): AcquisitionResult => ({
    status,
    ...{ transactionId, reason },
  });
  if (now.closing) return refuse('error', 'the terminal is being ended');
  if (!now.running) return refuse('error', 'the terminal is not running');
  if (now.current !== undefined) return refuse('busy', 'another payment is being taken');
  const keys = parts.keys.refusal();
  if (keys !== undefined) return refuse('error', `no card can be known: ${keys.detail}`);
  const request: SaleRequest = { ...asked, method: 'card' };
  const cancel = new AbortController();
  const hangUp = () => cancel.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  const { promise, resolve } = Promise.withResolvers<SaleResult>();
  jobs.next({
    ...{ request, transactionId, cancel, resolve, onEvent, acquiring },
    ended: promise,
  });
  if (signal.aborted) cancel.abort();
  const result = await promise;
  signal.removeEventListener('abort', hangUp);
  return toldOf(result);
};

/** One acquisition as events; it is cancelled when the loop is left. */
export const acquisition$ = (
  { parts, wallets, shopper, now }: Workings,
  quiet: Quiet,
  sale: Sale,
): Observable<TerminalEvent> =>
  new Observable<TerminalEvent>((subscriber) => {
    const emit = (event: TerminalEvent) => {
      subscriber.next(event);
      sale.onEvent(event);
    };
    const { transactionId } = sale;
    const request = understood(sale.request, []);
    shopper.makeWay();
    now.current = sale;
    emit({ event: 'acquisitionStarted', transactionId, request });
    now.status = { ...now.status, state: 'sale', transactionId };
    const context: PaymentContext = {
      ...{ parts, emit, request, quiet, wallets },
      record: recordOf(sale, parts.clock.wallMs()),
      currencyCode: codeOf(request.currency),
      signal: sale.cancel.signal,
      wishes: createWishes(parts.clock),
      ask: async () => ({ kind: 'aborted' }),
      servedCardMs: now.servedCardMs,
    };
    quiet.about(request);
    readCard(context, sale.acquiring ?? 'card')
      .catch((error: unknown) => broken(context, error))
      .then(({ result, screen }) => {
        emit({ event: 'acquisitionEnded', result, screen });
        now.current = undefined;
        quiet.about(undefined);
        const { transactionId: _, ...status } = now.status;
        now.status = { ...status, state: 'idle' };
        sale.resolve(result);
        subscriber.complete();
      });
    return () => sale.cancel.abort();
  });

type End = Pick<Decision, 'screen'> & { readonly result: SaleResult };

const readCard = async (context: PaymentContext, acquiring: Acquiring): Promise<End> => {
  const begun = begin(context);
  const read = { ...begun, contactless: forNothing(begun.contactless), acquiring };
  const course = acquiring === 'card' ? read : forBalance(read);
  const { brands } = context.request;
  if (!course.contactless.combinations.get(course.first.transaction.type)?.length) {
    const reason = `this terminal takes no cards of ${brands?.join(', ') ?? 'any scheme'}`;
    return { screen: 'notCompleted', result: resultOf(course, 'declined', reason) };
  }
  const next = await taps(course);
  if (next.step !== 'ended') {
    return { screen: 'notCompleted', result: resultOf(course, 'declined', 'no card was read') };
  }
  return { screen: next.screen, result: resultOf(course, next.status, next.reason) };
};

const resultOf = (
  { context, known }: Course,
  status: SaleResult['status'],
  reason: string,
): SaleResult => {
  const { scheme, application, maskedPan, cardToken, restriction } = known;
  return {
    ...{ status, reason, transactionId: context.record.id },
    amountMinor: context.request.amountMinor,
    currency: context.currencyCode,
    ...(scheme === undefined ? {} : { scheme }),
    ...(application === undefined ? {} : { application }),
    ...(maskedPan === undefined ? {} : { maskedPan }),
    ...(cardToken === undefined ? {} : { cardToken }),
    ...(restriction === undefined ? {} : { restriction }),
  };
};

const toldOf = (result: SaleResult): AcquisitionResult => {
  const { status, amountMinor, currency, ...rest } = result;
  return { ...rest, status: status === 'approved' ? 'acquired' : status };
};

// An amount of zero: what a card gives for it pays nothing, wherever it may get to.
const recordOf = ({ transactionId, request }: Sale, startedMs: number): PaymentRecord => ({
  ...{ id: transactionId, kind: 'purchase', state: 'new', startedMs },
  ...{ amountMinor: 0, currency: request.currency },
});

// A bug of ours must not take the terminal away from the next shopper.
const broken = ({ parts, record, request, currencyCode }: PaymentContext, error: unknown): End => {
  parts.log.error({ transactionId: record.id, err: error }, 'reading a card broke down');
  const reason = 'an internal error: see the log';
  const { amountMinor } = request;
  const about = { transactionId: record.id, amountMinor, currency: currencyCode };
  return { screen: 'processingError', result: { status: 'error', ...about, reason } };
};
