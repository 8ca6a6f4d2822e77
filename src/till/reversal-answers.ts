import {
  type ErrorCondition,
  errorConditionOf,
  type NexoRequest,
  type NexoResponse,
  reversalResponse,
} from '#nexo/index.ts';
import type { PaymentRecord } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import { codeOf } from '#terminal/format.ts';
import type { SaleResult } from '#terminal/types.ts';
import type { TillParts } from './parts.ts';
import { receiptsOf } from './payment-answers.ts';

/** How a void went. */
export interface ToldVoid {
  readonly errorCondition?: ErrorCondition;
  readonly reason: string;
  readonly endedMs: number;
}

/** The answer to a reversal that took the payment itself back. */
export const voidAnswer = async (
  parts: TillParts,
  request: NexoRequest<'Reversal'>,
  original: PaymentRecord,
  reversedMinor: number,
  told: ToldVoid,
): Promise<NexoResponse<'Reversal'>> =>
  reversalResponse(request, {
    ...told,
    transactionId: original.id,
    period: original.period ?? parts.books.period,
    reversedMinor,
    currency: codeOf(original.currency),
    receipts: told.errorCondition === undefined ? await receiptsOf(parts, original.id) : [],
  });

/** The answer to a reversal that became a refund. */
export const refundAnswer = async (
  parts: TillParts,
  request: NexoRequest<'Reversal'>,
  result: SaleResult,
): Promise<NexoResponse<'Reversal'>> => {
  const { transactionId, amountMinor, approvedMinor = amountMinor, currency, reason } = result;
  const record = await parts.books.find(transactionId);
  const known = record === undefined || isFault(record) ? undefined : record;
  const errorCondition = errorConditionOf(result);
  return reversalResponse(request, {
    ...(errorCondition === undefined ? {} : { errorCondition }),
    ...{ transactionId, currency, reason },
    endedMs: known?.startedMs ?? parts.clock.wallMs(),
    period: known?.period ?? parts.books.period,
    reversedMinor: approvedMinor,
    receipts: known && errorCondition === undefined ? await receiptsOf(parts, known.id) : [],
  });
};
