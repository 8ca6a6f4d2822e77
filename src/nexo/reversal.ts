import type { Malformed } from '#bytes/malformed.ts';
import { fieldFault, formDecoded, formEncoded } from './additional-response.ts';
import { decimalOf, minorOf } from './amounts.ts';
import type { ErrorCondition } from './enumerations.ts';
import { answerHeader, type NexoRequest, type NexoResponse } from './messages.ts';
import type { PaymentReceipt, ReversalRequest } from './payment-messages.ts';
import { failure, poiData } from './refusals.ts';
import { oneLine } from './scalars.ts';

/** A payment to be taken back, or given back in part. */
export interface ReversalOrder {
  /** The terminal's id of the payment. */
  readonly original: string;
  /** In the currency's main unit; all of it when absent. */
  readonly amount?: number;
  /** Three letters, when the till says which. */
  readonly currency?: string;
  readonly reason: ReversalRequest['ReversalReason'];
}

/**
 * What a till's ReversalRequest asks for. The amount has no currency of its own: Adyen's tills send
 * one in SaleToAcquirerData, else it is the payment's.
 */
export const reversalOrder = (request: ReversalRequest): ReversalOrder | Malformed => {
  const original = request.OriginalPOITransaction.POITransactionID?.TransactionID;
  if (original === undefined) {
    return fieldFault(`${REQUEST}.OriginalPOITransaction.POITransactionID`, 'Missing');
  }
  const { ReversedAmount: amount, ReversalReason: reason, SaleData } = request;
  const currency = formDecoded(SaleData?.SaleToAcquirerData ?? '').get('currency');
  return {
    original,
    reason,
    ...(amount === undefined ? {} : { amount }),
    ...(currency === undefined ? {} : { currency }),
  };
};

/**
 * Minor units to give back of a payment, or what is wrong with what the till wants.
 * @param currency three letters, the payment's
 * @param standingMinor what is left of it
 */
export const reversedMinor = (
  order: ReversalOrder,
  currency: string,
  standingMinor: number,
): number | Malformed => {
  if (order.currency !== undefined && order.currency !== currency) {
    return fieldFault(`${REQUEST}.SaleData.SaleToAcquirerData`, `the payment was in ${currency}`);
  }
  if (order.amount === undefined) return standingMinor;
  const minor = minorOf(order.amount, currency);
  if (minor === undefined) return fieldFault(AMOUNT, `too many decimal places for ${currency}`);
  return minor > 0 && minor <= standingMinor
    ? minor
    : fieldFault(AMOUNT, minor === 0 ? 'nothing to reverse' : 'more than is left of the payment');
};

/** What came of a reversal. */
export interface ToldReversal {
  /** Absent when it was done. */
  readonly errorCondition?: ErrorCondition;
  /** One sentence for till and log. */
  readonly reason?: string;
  /** The terminal's id of the reversal, or of the refund that it became. */
  readonly transactionId: string;
  readonly endedMs: number;
  readonly period: number;
  readonly reversedMinor: number;
  /** Three letters. */
  readonly currency: string;
  readonly receipts?: readonly PaymentReceipt[];
}

export const reversalResponse = (
  { header, body }: NexoRequest<'Reversal'>,
  told: ToldReversal,
): NexoResponse<'Reversal'> => {
  const { errorCondition, reason, receipts = [] } = told;
  const message = { message: reason };
  const done = errorCondition === undefined;
  return {
    category: 'Reversal',
    header: answerHeader(header),
    body: {
      Response: done
        ? { Result: 'Success', AdditionalResponse: formEncoded(message) }
        : failure(errorCondition, message),
      POIData: poiData(oneLine(told.transactionId) ?? 'none', told.endedMs, told.period),
      OriginalPOITransaction: body.OriginalPOITransaction,
      ReversedAmount: done ? decimalOf(told.reversedMinor, told.currency) : undefined,
      ...(receipts.length === 0 ? {} : { PaymentReceipt: receipts }),
    },
  };
};

const REQUEST = 'SaleToPOIRequest.ReversalRequest';
const AMOUNT = `${REQUEST}.ReversedAmount`;
