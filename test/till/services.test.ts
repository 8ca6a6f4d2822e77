import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Answer,
  abortOf,
  cardIsAwaited,
  message,
  openCounter,
  paid,
  payment,
  saleData,
  statusOf,
  type TestCounter,
  tap,
} from './counter.ts';

let counter: TestCounter;
beforeEach(async () => {
  counter = await openCounter();
});
afterEach(() => counter.harness.close());

const ready = () => counter.harness.seen('welcome', counter.harness.views.length - 1);

const reversalOf = (paidAnswer: Answer, more: object = {}, header = {}) =>
  message(
    'Reversal',
    {
      OriginalPOITransaction: { POITransactionID: paidAnswer.POIData.POITransactionID },
      ReversalReason: 'MerchantCancel',
      ...more,
    },
    header,
  );

describe('a reversal', () => {
  it('takes the whole payment back, and says so again, after a restart too', async () => {
    const request = reversalOf(await paid(counter));
    const first = await counter.send(request);
    expect(first).toMatchObject({ Response: { Result: 'Success' }, ReversedAmount: 12.5 });
    expect(await counter.harness.takenBack()).toHaveLength(1);
    expect(await counter.send(request)).toEqual(first);
    const durable = counter.harness.journal.durable();
    counter.harness.close();
    counter = await openCounter({ durable });
    const again = await counter.send(request);
    expect(again).toMatchObject({ Response: { Result: 'Success' }, POIData: first.POIData });
    const status = await counter.send(statusOf(undefined, {}));
    expect(status.RepeatedMessageResponse.RepeatedResponseMessageBody).toHaveProperty(
      'ReversalResponse',
    );
  });

  it('of a part is a refund of it, without the card; and of what is left', async () => {
    const original = await paid(counter);
    const part = reversalOf(original, { ReversedAmount: 2.5 });
    const first = await counter.send(part);
    expect(first).toMatchObject({ Response: { Result: 'Success' }, ReversedAmount: 2.5 });
    expect(await counter.send(part)).toEqual(first);
    await ready();
    const rest = await counter.send(reversalOf(original));
    expect(rest).toMatchObject({ Response: { Result: 'Success' }, ReversedAmount: 10 });
    const more = await counter.send(reversalOf(original, { ReversedAmount: 1 }));
    expect(more.Response.ErrorCondition).toBe('MessageFormat');
  });

  it('of a payment that nobody knows is not found', async () => {
    const unknown = { POIData: { POITransactionID: { ...saleData.SaleTransactionID } } };
    expect((await counter.send(reversalOf(unknown))).Response.ErrorCondition).toBe('NotFound');
  });
});

describe('a card acquisition', () => {
  const request = (more: object = {}) =>
    message('CardAcquisition', {
      SaleData: { ...saleData, TokenRequestedType: 'Customer' },
      CardAcquisitionTransaction: { TotalAmount: 12.5, ...more },
    });
  const payBy = (TransactionID: string, header = {}) =>
    payment(12.5, header, {
      data: {
        CardAcquisitionReference: { TransactionID, TimeStamp: '2026-11-29T10:11:12+01:00' },
      },
    });

  it('tells the card, masked, and its token', async () => {
    const answer = await counter.send(request({ AllowedPaymentBrand: ['visa', 'mc'] }));
    expect(answer.Response.Result).toBe('Success');
    expect(answer.PaymentInstrumentData.CardData).toEqual({
      PaymentBrand: 'visa',
      MaskedPan: '476173 **** 0010',
      EntryMode: ['Contactless'],
      PaymentToken: { TokenRequestedType: 'Customer', TokenValue: 'token-of-the-card' },
    });
    expect(counter.acquired).toEqual([
      { amountMinor: 1250, currency: 840, brands: ['Mastercard', 'Visa'] },
    ]);
  });

  it('may be paid by once, by the same till; other references are not found', async () => {
    const { terminal } = counter.harness;
    counter.acquisition = (signal) =>
      terminal.acquire({ amountMinor: 1250, currency: 840 }, signal);
    const { POIData } = await paid(counter, request());
    const { TransactionID } = POIData.POITransactionID;
    for (const asked of [payBy('NONE'), payBy(TransactionID, { SaleID: 'Till 2' })]) {
      expect((await counter.send(asked)).Response.ErrorCondition).toBe('NotFound');
    }
    expect((await paid(counter, payBy(TransactionID))).Response.Result).toBe('Success');
    const again = await counter.send(payBy(TransactionID));
    expect(again.Response.ErrorCondition).toBe('NotFound');
  });

  it('that the till breaks off is Aborted', async () => {
    counter.acquisition = (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          resolve({ status: 'cancelled', transactionId: 'AC02', reason: 'broken off' }),
        ),
      );
    const asked = request();
    const answer = counter.send(asked);
    const { ServiceID } = asked.SaleToPOIRequest.MessageHeader;
    await vi.waitUntil(() => counter.acquired.length > 0);
    await counter.send(abortOf(ServiceID));
    expect((await answer).Response.ErrorCondition).toBe('Aborted');
  });
});

describe('sessions, diagnosis and totals', () => {
  it('log in and out without being needed', async () => {
    const login = await counter.send(
      message('Login', {
        DateTime: '2026-11-29T10:11:12Z',
        SaleSoftware: {
          ManufacturerID: 'Us',
          ApplicationName: 'Till',
          SoftwareVersion: '1',
          CertificationCode: 'x',
        },
        OperatorLanguage: 'en',
      }),
    );
    expect(login.POISystemData.POIStatus).toMatchObject({ GlobalStatus: 'OK' });
    expect((await counter.send(message('Logout', {}))).Response.Result).toBe('Success');
  });

  it('tell how reader and host are, and that a payment is being taken', async () => {
    const asked = () => message('Diagnosis', { HostDiagnosisFlag: true });
    const idle = await counter.send(asked());
    expect(idle.POIStatus).toMatchObject({ GlobalStatus: 'OK', CardReaderOKFlag: true });
    expect(idle.HostStatus).toEqual([{ AcquirerID: '1', IsReachableFlag: true }]);
    const answer = counter.send(payment());
    await cardIsAwaited(counter);
    expect((await counter.send(asked())).POIStatus.GlobalStatus).toBe('Busy');
    await tap(counter);
    await answer;
  });

  it('sum up what stands by brand, and by till where that is asked', async () => {
    await paid(counter);
    await ready();
    await paid(counter, payment(2, { SaleID: 'Till 2' }));
    const all = await counter.send(message('GetTotals', {}));
    expect(all.TransactionTotals).toEqual([
      expect.objectContaining({
        CardBrand: 'visa',
        PaymentCurrency: 'USD',
        PaymentTotals: [{ TransactionType: 'Debit', TransactionCount: 2, TransactionAmount: 14.5 }],
      }),
    ]);
    const one = await counter.send(
      message('GetTotals', { TotalDetails: ['SaleID'], TotalFilter: { SaleID: 'Till 2' } }),
    );
    expect(one.TransactionTotals).toEqual([
      expect.objectContaining({
        SaleID: 'Till 2',
        PaymentTotals: [{ TransactionType: 'Debit', TransactionCount: 1, TransactionAmount: 2 }],
      }),
    ]);
    const shift = await counter.send(message('GetTotals', { TotalFilter: { ShiftNumber: '1' } }));
    expect(shift.Response.ErrorCondition).toBe('UnavailableService');
  });

  it('close the period with the host', async () => {
    const asked = (ReconciliationType: string) => message('Reconciliation', { ReconciliationType });
    const closed = await counter.send(asked('SaleReconciliation'));
    expect(closed).toMatchObject({ Response: { Result: 'Success' }, POIReconciliationID: '1' });
    const earlier = await counter.send(asked('PreviousReconciliation'));
    expect(earlier.Response.ErrorCondition).toBe('UnavailableService');
  });

  it('show what a till says ahead of a payment, and take it away', async () => {
    const start = message('EnableService', {
      TransactionAction: 'StartTransaction',
      ServicesEnabled: ['Payment'],
      DisplayOutput: {
        Device: 'CustomerDisplay',
        InfoQualify: 'Display',
        OutputContent: { OutputFormat: 'Text', OutputText: [{ Text: 'Hello' }] },
      },
    });
    expect((await counter.send(start)).Response.Result).toBe('Success');
    await counter.send(message('EnableService', { TransactionAction: 'AbortTransaction' }));
    expect(counter.told).toEqual([{ title: '', text: 'Hello' }, undefined]);
  });
});

describe('what is not done here', () => {
  it.each([
    [
      'StoredValue',
      { SaleData: saleData, StoredValueData: [{ StoredValueTransactionType: 'Activate' }] },
    ],
  ])('%s is refused', async (category, body) => {
    const { Response } = await counter.send(message(category, body));
    expect(Response.ErrorCondition).toBe('UnavailableService');
  });

  it('a bug of ours is logged and answered, and the terminal takes the next payment', async () => {
    counter.shopper = () => Promise.reject(new Error('a bug'));
    const { InputResult } = await counter.send(
      message('Input', {
        InputData: { Device: 'CustomerInput', InfoQualify: 'Input', InputCommand: 'TextString' },
      }),
    );
    expect(InputResult.Response.ErrorCondition).toBe('UnavailableService');
    expect(counter.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect((await paid(counter)).Response.Result).toBe('Success');
  });
});
