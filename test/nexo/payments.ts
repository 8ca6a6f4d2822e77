import { isMalformed } from '#bytes/malformed.ts';
import {
  isUnreadable,
  type NexoRequest,
  type PaymentFacts,
  type PaymentRequest,
  paymentOrder,
  readRequest,
} from '#nexo/index.ts';
import { paymentWithData, facts as replyFacts } from './examples.ts';

/** A payment of 10.99 EUR, changed. */
export interface Change {
  readonly amounts?: object;
  readonly conditions?: object;
  readonly data?: object;
  readonly sale?: object;
  readonly transaction?: object;
}

export const payment = (change: Change = {}): NexoRequest<'Payment'> => {
  const { MessageHeader, PaymentRequest } = paymentWithData.SaleToPOIRequest;
  const read = readRequest({
    SaleToPOIRequest: {
      MessageHeader,
      PaymentRequest: {
        SaleData: { ...PaymentRequest.SaleData, ...change.sale },
        PaymentTransaction: {
          AmountsReq: { Currency: 'EUR', RequestedAmount: 10.99, ...change.amounts },
          TransactionConditions: change.conditions ?? {},
          ...change.transaction,
        },
        PaymentData: change.data ?? {},
      },
    },
  });
  if (isUnreadable(read)) throw new Error(read.unreadable.problem);
  return read as NexoRequest<'Payment'>;
};

export const body = (change: Change = {}): PaymentRequest => payment(change).body;

/** What comes of it, as the loop's order. */
export const ordered = (change: Change = {}) => paymentOrder(body(change), { wallets: ['alipay'] });

export const saleOf = (change: Change = {}) => {
  const order = ordered(change);
  if (isMalformed(order) || !('order' in order) || order.order !== 'sale') {
    throw new Error(JSON.stringify(order));
  }
  return order;
};

export const paymentFacts: PaymentFacts = {
  endedMs: replyFacts.nowMs,
  period: 12,
  merchantId: 'MERCHANT-1',
  terminalId: 'TERM0001',
};
