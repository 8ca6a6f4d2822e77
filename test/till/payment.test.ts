import { afterEach, describe, expect, it } from 'vitest';
import { fault } from '#ports/fault.ts';
import { createTillDesk } from '#till/index.ts';
import { responseCode } from '#uplink/index.ts';
import { clock } from '../../src/cli/world.ts';
import {
  bodyOf,
  bytesOf,
  type CounterOptions,
  cardIsAwaited,
  detailsIn,
  jsonOf,
  openCounter,
  paid,
  payment,
  saleData,
  statusOf,
  type TestCounter,
  tap,
} from './counter.ts';

let counter: TestCounter;
const open = async (options: CounterOptions = {}) => {
  counter = await openCounter(options);
  return counter;
};
afterEach(() => counter.harness.close());

const declined = {
  authorise: async () => ({
    kind: 'answered' as const,
    approved: false,
    row: responseCode('51'),
    milliseconds: 3,
    retrievalReference: '123456789012',
  }),
};

describe('a payment of a till', () => {
  it('is answered with what the card and its host said, and the till its own ids', async () => {
    const answer = await paid(await open());
    expect(answer.Response.Result).toBe('Success');
    expect(answer.SaleData).toEqual(saleData);
    expect(answer.PaymentResult).toMatchObject({
      AmountsResp: { Currency: 'USD', AuthorizedAmount: 12.5 },
      PaymentInstrumentData: { CardData: { PaymentBrand: 'visa' } },
      PaymentAcquirerData: { MerchantID: 'SHOP00000000001', ApprovalCode: '123456' },
    });
    const [record] = await recordsOf(counter);
    expect(answer.POIData.POITransactionID).toEqual({
      TransactionID: record?.id,
      TimeStamp: new Date(record?.startedMs ?? 0).toISOString(),
    });
  });

  it('that the host declines is a Refusal with its code', async () => {
    const answer = await paid(await open(declined));
    expect(answer.Response).toMatchObject({ Result: 'Failure', ErrorCondition: 'Refusal' });
    expect(detailsIn(answer.Response)['refusalReason']).toContain('51');
  });

  it('has both receipts in its answer, and is answered when they can not be made', async () => {
    const lines = [{ key: 'totalAmount', name: 'Total', value: 'USD 12.50' }];
    const receipts = async () => ({ customer: lines, merchant: lines });
    const { PaymentReceipt } = await paid(await open({ parts: { receipts } }));
    expect(
      PaymentReceipt.map((one: { DocumentQualifier: string }) => one.DocumentQualifier),
    ).toEqual(['CashierReceipt', 'CustomerReceipt']);
    counter.harness.close();
    const broken = async () => {
      throw new Error('no words');
    };
    const answer = await paid(await open({ parts: { receipts: broken } }));
    expect(answer.Response.Result).toBe('Success');
    expect(answer.PaymentReceipt).toBeUndefined();
  });

  it('is told of while it goes on, to the till that asked', async () => {
    await paid(await open());
    const events = counter.notifications.map(({ saleId, message }) => {
      const { DisplayRequest } = jsonOf(message).SaleToPOIRequest;
      const { ReferenceID } = DisplayRequest.DisplayOutput[0].OutputContent.PredefinedContent;
      return [saleId, new URLSearchParams(ReferenceID).get('event')];
    });
    expect(events).toEqual([
      ['Till 1', 'TENDER_CREATED'],
      ['Till 1', 'CARD_PRESENTED'],
      ['Till 1', 'TENDER_FINAL'],
    ]);
  });

  it.each([
    ['a currency that nobody knows', { Currency: 'XXQ', RequestedAmount: 1 }, 'Currency'],
    ['too many decimal places', { Currency: 'USD', RequestedAmount: 1.005 }, 'RequestedAmount'],
  ])('with %s is answered with the path of the fault', async (_, AmountsReq, field) => {
    const request = payment(1, {}, { transaction: { AmountsReq } });
    const { Response } = await (await open()).send(request);
    expect(Response.ErrorCondition).toBe('MessageFormat');
    expect(detailsIn(Response)['errors']).toContain(`AmountsReq, field ${field}`);
  });

  it('by brands that are not taken here is refused before a card is asked for', async () => {
    const conditions = { TransactionConditions: { AllowedPaymentBrand: ['petrolcard'] } };
    const AmountsReq = { Currency: 'USD', RequestedAmount: 5 };
    const request = payment(5, {}, { transaction: { AmountsReq, ...conditions } });
    const { Response } = await (await open()).send(request);
    expect(Response.ErrorCondition).toBe('UnavailableService');
    expect(counter.harness.screens()).not.toContain('presentCard');
  });

  it('back of one that nobody knows is not found; of more is not allowed', async () => {
    const original = await paid(await open());
    await counter.harness.seen('welcome', counter.harness.views.length - 1);
    const refundOf = (POITransactionID: object, amount: number) =>
      payment(
        amount,
        {},
        {
          transaction: {
            AmountsReq: { Currency: 'USD', RequestedAmount: amount },
            OriginalPOITransaction: { POITransactionID },
          },
          data: { PaymentType: 'Refund' },
        },
      );
    const unknown = await counter.send(refundOf(saleData.SaleTransactionID, 1));
    expect(unknown.Response.ErrorCondition).toBe('NotFound');
    const { POITransactionID } = original.POIData;
    const more = await counter.send(refundOf(POITransactionID, 99));
    expect(more.Response.ErrorCondition).toBe('NotAllowed');
    const part = await counter.send(refundOf(POITransactionID, 2));
    expect(part).toMatchObject({
      Response: { Result: 'Success' },
      PaymentResult: { PaymentType: 'Refund', AmountsResp: { AuthorizedAmount: 2 } },
    });
  });

  it('whose loop breaks down is answered, and the next one is taken', async () => {
    await open();
    const { terminal } = counter.parts;
    let breaks = true;
    const desk = createTillDesk({
      ...counter.parts,
      terminal: {
        ...terminal,
        sale: (...about) => (breaks ? Promise.reject(new Error('a bug')) : terminal.sale(...about)),
      },
    });
    const caller = { name: 'a till', signal: new AbortController().signal };
    const request = bytesOf(payment());
    const broken = bodyOf((await desk.receive(request, caller)) ?? new Uint8Array());
    expect(broken.Response.ErrorCondition).toBe('UnavailableService');
    breaks = false;
    const [next] = await Promise.all([desk.receive(request, caller), tap(counter)]);
    expect(bodyOf(next ?? new Uint8Array()).Response.Result).toBe('Success');
  });

  it("gives the card's token where the till wants one", async () => {
    const wanted = payment(12.5, {}, { sale: { TokenRequestedType: 'Customer' } });
    const { PaymentResult } = await paid(await open(), wanted);
    const { PaymentToken } = PaymentResult.PaymentInstrumentData.CardData;
    expect(PaymentToken).toMatchObject({ TokenRequestedType: 'Customer' });
  });

  it('that can not be written down is refused, and done when the till asks again', async () => {
    const request = payment();
    await open();
    counter.harness.journal.refuse(fault('journal', 'the disk is full'));
    const { Response } = await counter.send(request);
    expect(Response).toMatchObject({ ErrorCondition: 'UnavailableService' });
    counter.harness.journal.refuse(undefined);
    expect((await paid(counter, request)).Response.Result).toBe('Success');
  });
});

describe('a payment that is sent again', () => {
  it('while it goes on waits for the one answer', async () => {
    await open();
    const request = payment();
    const first = counter.send(request);
    await cardIsAwaited(counter);
    const second = counter.send(request);
    await tap(counter);
    expect(await second).toEqual(await first);
    expect(counter.harness.payments).toHaveLength(1);
  });

  it('when it has ended gets the same answer, and nothing is paid', async () => {
    const request = payment();
    const first = await paid(await open(), request);
    expect(await counter.send(request)).toEqual(first);
    expect(counter.harness.payments).toHaveLength(1);
  });

  it('to a terminal that was restarted gets the same answer, out of the books', async () => {
    const request = payment(12.5, {}, { sale: { TokenRequestedType: 'Customer' } });
    const first = await paid(await open(), request);
    await restart();
    expect(await counter.send(request)).toEqual(first);
    expect(counter.harness.payments).toHaveLength(0);
  });

  it('with another amount is not allowed, after a restart neither', async () => {
    const { ServiceID } = payment().SaleToPOIRequest.MessageHeader;
    const request = payment(12.5, { ServiceID });
    const first = await paid(await open(), request);
    const other = payment(13.5, { ServiceID });
    expect((await counter.send(other)).Response.ErrorCondition).toBe('NotAllowed');
    await restart();
    expect((await counter.send(other)).Response.ErrorCondition).toBe('NotAllowed');
    expect(counter.harness.payments).toHaveLength(0);
    // Nor does it take the place of what was paid.
    const { RepeatedMessageResponse } = await counter.send(statusOf(ServiceID));
    expect(RepeatedMessageResponse.RepeatedResponseMessageBody.PaymentResponse).toEqual(first);
    expect(await counter.send(request)).toEqual(first);
  });

  it('with another amount is not allowed where only the books know of the first', async () => {
    const keepsNothing = {
      append: async () => fault('journal', 'the disk is full'),
      latestOwnEntries: async () => [],
    };
    await paid(await open(), payment(12.5, { ServiceID: 'X1' }));
    await restart({ parts: { journal: keepsNothing } });
    const { Response } = await counter.send(payment(13.5, { ServiceID: 'X1' }));
    expect(Response.ErrorCondition).toBe('NotAllowed');
    const status = await counter.send(statusOf('X1'));
    expect(
      status.RepeatedMessageResponse.RepeatedResponseMessageBody.PaymentResponse,
    ).toMatchObject({ Response: { Result: 'Success' } });
  });

  it('after 48 hours is another payment', async () => {
    let nowMs = Date.now();
    await open({ parts: { clock: { ...clock, wallMs: () => nowMs } } });
    const request = payment(12.5, { ServiceID: 'OLD' });
    const first = await paid(counter, request);
    nowMs += 49 * 60 * 60 * 1000;
    const next = await paid(counter, request);
    expect(next.Response.Result).toBe('Success');
    expect(next.POIData.POITransactionID).not.toEqual(first.POIData.POITransactionID);
    expect(counter.harness.payments).toHaveLength(2);
  });

  it('to a terminal that crashed with a card awaited is done now', async () => {
    const request = payment();
    await open();
    void counter.send(request);
    await cardIsAwaited(counter);
    await restart();
    const status = await counter.send(statusOf(request.SaleToPOIRequest.MessageHeader.ServiceID));
    expect(status.Response.ErrorCondition).toBe('NotFound');
    expect((await paid(counter, request)).Response.Result).toBe('Success');
  });
});

describe('the status of a payment', () => {
  it('is in progress, then its answer; by its ServiceID or as the last one', async () => {
    await open();
    const request = payment();
    const { ServiceID } = request.SaleToPOIRequest.MessageHeader;
    const answer = counter.send(request);
    await cardIsAwaited(counter);
    const during = await counter.send(statusOf(ServiceID));
    expect(during.Response).toMatchObject({ Result: 'Failure', ErrorCondition: 'InProgress' });
    await tap(counter);
    const PaymentResponse = await answer;
    for (const asked of [statusOf(ServiceID), statusOf()]) {
      const after = await counter.send(asked);
      expect(after.Response.Result).toBe('Success');
      expect(after.RepeatedMessageResponse.MessageHeader.ServiceID).toBe(ServiceID);
      expect(after.RepeatedMessageResponse.RepeatedResponseMessageBody).toEqual({
        PaymentResponse,
      });
    }
  });

  it('after a restart comes out of the books', async () => {
    const PaymentResponse = await paid(await open());
    await restart();
    const after = await counter.send(statusOf());
    expect(after.RepeatedMessageResponse.RepeatedResponseMessageBody).toEqual({ PaymentResponse });
  });

  it('that a crash cut off at the host is that it was taken back', async () => {
    const never = new Promise<never>(() => {});
    await open({ authorise: () => never });
    const request = payment();
    void counter.send(request);
    await tap(counter);
    while (counter.harness.payments.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    await restart();
    const after = await counter.send(statusOf());
    const { PaymentResponse } = after.RepeatedMessageResponse.RepeatedResponseMessageBody;
    expect(PaymentResponse.Response).toMatchObject({
      Result: 'Failure',
      ErrorCondition: 'Refusal',
    });
    expect(detailsIn(PaymentResponse.Response)['message']).toContain('interrupted');
  });

  it('that nobody made is not found; nor the last one of a till that made none', async () => {
    await paid(await open());
    for (const asked of [statusOf('NONE'), statusOf(undefined, { SaleID: 'Till 2' })]) {
      expect((await counter.send(asked)).Response.ErrorCondition).toBe('NotFound');
    }
  });
});

const recordsOf = async ({ harness }: TestCounter) => {
  const found = await harness.books.latest(5);
  return 'fault' in found ? [] : found;
};

/** As after a loss of power: of what was, only the journal is left. */
const restart = async (options: CounterOptions = {}): Promise<void> => {
  const durable = counter.harness.journal.durable();
  counter.harness.close();
  await open({ durable, ...options });
};
