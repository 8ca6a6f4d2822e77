import { describe, expect, it } from 'vitest';
import {
  encodeResponse,
  isUnreadable,
  type NexoRequest,
  readRequest,
  reversalOrder,
  reversalResponse,
  reversedMinor,
} from '#nexo/index.ts';
import { reversal } from './examples.ts';

const request = readRequest(reversal) as NexoRequest<'Reversal'>;

describe('a reversal', () => {
  it('says which payment, how much and why', () => {
    expect(isUnreadable(request)).toBe(false);
    expect(reversalOrder(request.body)).toEqual({
      original: 'tx-1',
      amount: 5.5,
      currency: 'EUR',
      reason: 'MerchantCancel',
    });
  });

  it('is of the whole payment unless stated', () => {
    const order = { original: 'tx-1', reason: 'MerchantCancel' } as const;
    expect(reversedMinor(order, 'EUR', 1099)).toBe(1099);
    expect(reversedMinor({ ...order, amount: 5.5 }, 'EUR', 1099)).toBe(550);
  });

  it.each([
    ['more than is left', { amount: 11 }],
    ['nothing', { amount: 0 }],
    ['a fraction of a cent', { amount: 0.001 }],
    ['another currency', { currency: 'USD' }],
  ])('is refused with the path of the fault: %s', (_, change) => {
    const order = { original: 'tx-1', reason: 'MerchantCancel', ...change } as const;
    expect(reversedMinor(order, 'EUR', 1099)).toMatchObject({ malformed: true });
  });

  it('has to name a payment', () => {
    const order = reversalOrder({ ...request.body, OriginalPOITransaction: {} });
    expect(order).toMatchObject({ problem: 'Missing' });
  });

  const told = {
    transactionId: 'tx-2',
    endedMs: 0,
    period: 3,
    reversedMinor: 550,
    currency: 'EUR',
  };

  it('that was done says how much', () => {
    const { ReversalResponse } = JSON.parse(
      encodeResponse(reversalResponse(request, told)),
    ).SaleToPOIResponse;
    expect(ReversalResponse).toMatchObject({
      Response: { Result: 'Success' },
      ReversedAmount: 5.5,
      OriginalPOITransaction: { POITransactionID: { TransactionID: 'tx-1' } },
      POIData: { POITransactionID: { TransactionID: 'tx-2' }, POIReconciliationID: '3' },
    });
  });

  it('that was not done says why', () => {
    const failed = { ...told, errorCondition: 'NotFound', reason: 'no such payment' } as const;
    const { ReversalResponse } = JSON.parse(
      encodeResponse(reversalResponse(request, failed)),
    ).SaleToPOIResponse;
    expect(ReversalResponse.Response).toEqual({
      Result: 'Failure',
      ErrorCondition: 'NotFound',
      AdditionalResponse: 'message=no%20such%20payment',
    });
    expect(ReversalResponse.ReversedAmount).toBeUndefined();
  });
});
