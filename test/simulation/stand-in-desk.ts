import { NEVER } from 'rxjs';
import { isMalformed } from '#bytes/malformed.ts';
import { currencyByNumeric } from '#data/currencies.ts';
import {
  answerUnreadable,
  encodeRequest,
  encodeResponse,
  failure,
  isNotDone,
  isUnreadable,
  type NexoRequest,
  type NexoResponse,
  noAnswerYet,
  parseJson,
  paymentOrder,
  paymentResponse,
  readRequest,
  referenced,
  refusal,
  repeatedAnswer,
  reversalOrder,
  reversalResponse,
  serviceKey,
} from '#nexo/index.ts';
import { isFault } from '#ports/fault.ts';
import type { TillCaller, TillDesk } from '#ports/till-line.ts';
import { answerFrom } from '#terminal/known-payment.ts';
import type { SaleResult } from '#terminal/types.ts';
import { type DeskParts, POI_ID } from './desk-parts.ts';

/** Enough of a desk for the simulated till: payments, their status, aborts and reversals. */
export const standInDesk = (parts: DeskParts): TillDesk => {
  const running: Running = { key: undefined, abort: new AbortController() };
  return {
    notifications$: NEVER,
    receive: async (message, caller) => {
      const json = parseJson(new TextDecoder().decode(message));
      const request = isMalformed(json) ? { unreadable: json } : readRequest(json);
      const answer = isUnreadable(request)
        ? answerUnreadable(request, message, factsOf(parts))
        : await answerTo(request, parts, running, caller);
      if (answer === undefined) return undefined;
      const text =
        answer.category === 'Event'
          ? encodeRequest(answer as NexoRequest)
          : encodeResponse(answer as NexoResponse);
      return new TextEncoder().encode(text);
    },
  };
};

interface Running {
  key: string | undefined;
  abort: AbortController;
}

const factsOf = ({ clock, books }: DeskParts) => ({
  ...{ nowMs: clock.wallMs(), poiId: POI_ID, saleId: 'unknown', newId: 'none' },
  period: books.period,
});

const paymentFactsOf = ({ clock, books }: DeskParts, abortedByTill: boolean) => ({
  ...{ endedMs: clock.wallMs(), period: books.period, abortedByTill },
  ...{ merchantId: 'CORNERSHOP00001', terminalId: 'CTAP0001' },
});

const answerTo = async (
  request: NexoRequest,
  parts: DeskParts,
  running: Running,
  caller: TillCaller,
): Promise<NexoResponse | undefined> => {
  switch (request.category) {
    case 'Payment':
      return pay(request, parts, running, caller);
    case 'TransactionStatus':
      return status(request, parts, running);
    case 'Reversal':
      return takeBack(request, parts);
    case 'Abort': {
      const reference = referenced(request.header, request.body.MessageReference);
      if (serviceKey(reference) === running.key) running.abort.abort();
      return undefined;
    }
    default:
      return refusal(request, failure('UnavailableService'), factsOf(parts));
  }
};

const pay = async (
  request: NexoRequest<'Payment'>,
  parts: DeskParts,
  running: Running,
  { signal }: TillCaller,
): Promise<NexoResponse | undefined> => {
  const order = paymentOrder(request.body, { wallets: [] });
  const refused = isMalformed(order)
    ? 'MessageFormat'
    : isNotDone(order)
      ? order.notDone
      : undefined;
  if (refused || isMalformed(order) || isNotDone(order)) {
    return refusal(request, failure(refused ?? 'MessageFormat'), factsOf(parts));
  }
  const tillId = serviceKey(request.header);
  const abort = new AbortController();
  const free = running.key === undefined;
  if (free) Object.assign(running, { key: tillId, abort });
  const told =
    order.order === 'completion'
      ? await parts.terminal.complete({ ...order.completion, tillId })
      : await parts.terminal.sale(
          { ...order.sale, tillId },
          AbortSignal.any([signal, abort.signal]),
        );
  if (free) running.key = undefined;
  const facts = paymentFactsOf(parts, abort.signal.aborted);
  return paymentResponse(request, told as Parameters<typeof paymentResponse>[1], facts);
};

const status = async (
  request: NexoRequest<'TransactionStatus'>,
  parts: DeskParts,
  running: Running,
): Promise<NexoResponse> => {
  const reference = referenced(request.header, request.body.MessageReference);
  if (serviceKey(reference) === running.key) return noAnswerYet(request, 'InProgress');
  const record = await parts.books.findByTillId(serviceKey(reference));
  if (record === undefined || isFault(record)) return noAnswerYet(request, 'NotFound');
  if (record.state === 'asking') return noAnswerYet(request, 'InProgress');
  const told = answerFrom(record, currencyByNumeric(record.currency)?.code ?? 'USD');
  return repeatedAnswer(request, repeated(request, reference.ServiceID, told, parts));
};

// The payment's own request is gone with the process that took it.
const repeated = (
  { header }: NexoRequest<'TransactionStatus'>,
  ServiceID: string | undefined,
  told: SaleResult,
  parts: DeskParts,
): NexoResponse<'Payment'> => {
  const SaleTransactionID = {
    TransactionID: ServiceID ?? 'unknown',
    TimeStamp: new Date(parts.clock.wallMs()).toISOString(),
  };
  const AmountsReq = { Currency: told.currency, RequestedAmount: 0 };
  const request: NexoRequest<'Payment'> = {
    category: 'Payment',
    header: { ...header, ServiceID, MessageCategory: 'Payment' },
    body: { SaleData: { SaleTransactionID }, PaymentTransaction: { AmountsReq } },
  };
  const facts = paymentFactsOf(parts, false);
  return paymentResponse(request, told as Parameters<typeof paymentResponse>[1], facts);
};

const takeBack = async (
  request: NexoRequest<'Reversal'>,
  parts: DeskParts,
): Promise<NexoResponse | undefined> => {
  const order = reversalOrder(request.body);
  if (isMalformed(order)) return refusal(request, failure('MessageFormat'), factsOf(parts));
  const { status: came, reason } = await parts.terminal.void(order.original);
  const done = came === 'done' || came === 'underWay';
  return reversalResponse(request, {
    ...(done ? {} : { errorCondition: 'NotAllowed' as const }),
    ...{ reason, transactionId: order.original, endedMs: parts.clock.wallMs() },
    ...{ period: parts.books.period, reversedMinor: 0, currency: 'USD' },
  });
};
