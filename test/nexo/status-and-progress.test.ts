import { describe, expect, it } from 'vitest';
import {
  displayNotification,
  encodeRequest,
  encodeResponse,
  isUnreadable,
  type NexoRequest,
  type NexoResponse,
  noAnswerYet,
  readRequest,
  readResponse,
  repeatedAnswer,
  serviceKey,
  transactionTotals,
} from '#nexo/index.ts';
import { dateTime } from '#nexo/times.ts';
import { paymentApproved, paymentWithData } from './examples.ts';

const header = {
  ...paymentWithData.SaleToPOIRequest.MessageHeader,
  MessageCategory: 'TransactionStatus',
  ServiceID: '900',
} as const;

const statusOf = (MessageReference: object) =>
  readRequest({
    SaleToPOIRequest: { MessageHeader: header, TransactionStatusRequest: { MessageReference } },
  }) as NexoRequest<'TransactionStatus'>;

describe('a till that asks what came of its payment', () => {
  it('gets the answer that it never got, whole', () => {
    const answer = readResponse(paymentApproved) as NexoResponse<'Payment'>;
    const status = repeatedAnswer(statusOf({ ServiceID: '001' }), answer);
    const told = JSON.parse(encodeResponse(status)).SaleToPOIResponse.TransactionStatusResponse;
    expect(told.Response.Result).toBe('Success');
    expect(told.MessageReference).toEqual({
      ServiceID: '001',
      SaleID: 'POSSystemID12345',
      POIID: 'MX925-286240330',
    });
    const { MessageHeader, PaymentResponse } = paymentApproved.SaleToPOIResponse;
    expect(told.RepeatedMessageResponse).toEqual({
      MessageHeader,
      RepeatedResponseMessageBody: { PaymentResponse },
    });
  });

  it.each(['NotFound', 'InProgress'] as const)('is told %s', (why) => {
    const status = noAnswerYet(statusOf({ ServiceID: '001' }), why);
    const told = JSON.parse(encodeResponse(status)).SaleToPOIResponse.TransactionStatusResponse;
    expect(told.Response).toEqual({ Result: 'Failure', ErrorCondition: why });
  });

  it('is another till when SaleID and ServiceID only look the same joined', () => {
    const one = serviceKey({ SaleID: 'a:b', ServiceID: 'c' });
    expect(one).not.toBe(serviceKey({ SaleID: 'a', ServiceID: 'b:c' }));
    expect(one).toBe(serviceKey({ SaleID: 'a:b', ServiceID: 'c' }));
  });
});

describe('a payment that goes on', () => {
  it('is told to the till as a display request that wants no answer', () => {
    const notification = displayNotification(
      paymentWithData.SaleToPOIRequest.MessageHeader,
      'TENDER_CREATED',
      { transactionId: 'tx 1', nowMs: 0, deviceId: '1' },
    );
    const json = JSON.parse(encodeRequest(notification));
    expect(isUnreadable(readRequest(json))).toBe(false);
    const { MessageHeader, DisplayRequest } = json.SaleToPOIRequest;
    expect(MessageHeader).toMatchObject({
      MessageClass: 'Device',
      MessageCategory: 'Display',
      ServiceID: '1113162452',
      DeviceID: '1',
    });
    const [{ ResponseRequiredFlag, OutputContent }] = DisplayRequest.DisplayOutput;
    expect(ResponseRequiredFlag).toBe(false);
    // As PredefinedContentHelper of @adyen/api-library 32.1.0 takes it apart.
    const reference = new URLSearchParams(OutputContent.PredefinedContent.ReferenceID);
    expect(Object.fromEntries(reference)).toEqual({
      TransactionID: 'tx 1',
      TimeStamp: '1970-01-01T00:00:00.000Z',
      event: 'TENDER_CREATED',
    });
  });
});

describe('totals', () => {
  it('have a row a currency, and none for what is nothing', () => {
    const debits = { count: 2, amountMinor: 1099 };
    const credits = { count: 0, amountMinor: 0 };
    expect(transactionTotals([{ currency: 'EUR', debits, credits }], 'poi-1')).toEqual([
      {
        PaymentInstrumentType: 'Card',
        POIID: 'poi-1',
        PaymentCurrency: 'EUR',
        PaymentTotals: [
          { TransactionType: 'Debit', TransactionCount: 2, TransactionAmount: 10.99 },
        ],
      },
    ]);
  });
});

describe('a time stamp', () => {
  it.each([
    ['2017-11-13T15:24:52+00:00', '2017-11-13T15:24:52+00:00'],
    ['2019-04-29T00:00:00.000Z', '2019-04-29T00:00:00.000Z'],
    ['2019-04-29T00:00:00', '2019-04-29T00:00:00Z'],
    ['2019-04-29 10:20', '2019-04-29T10:20:00Z'],
    ['20190429T102030,5+0200', '2019-04-29T10:20:30.5+02:00'],
    ['2019-04-29', '2019-04-29T00:00:00Z'],
    ['2020-02-29T00:00:00Z', '2020-02-29T00:00:00Z'],
  ])('%s is taken as %s', (written, taken) => {
    expect(dateTime.read(written, [])).toBe(taken);
    expect(dateTime.check(taken, [])).toBeUndefined();
  });

  it.each(['2019-02-29', '2019-13-01', '2019-04-29T25:00', 'today', '', '1556529591', 5])(
    '%s is none',
    (written) => {
      expect(dateTime.read(written, ['TimeStamp'])).toMatchObject({ path: ['TimeStamp'] });
    },
  );
});
