import { describe, expect, it } from 'vitest';
import { words } from '#nexo/enumerations.ts';
import {
  answerUnreadable,
  type ErrorCondition,
  encodeResponse,
  errorConditions,
  failure,
  formDecoded,
  isUnreadable,
  type NexoResponse,
  parseJson,
  readRequest,
  refusal,
  type Unreadable,
} from '#nexo/index.ts';
import { abort, confirmation, facts, paymentWithData } from './examples.ts';

const { MessageHeader, PaymentRequest } = paymentWithData.SaleToPOIRequest;

const unreadable = (json: unknown): Unreadable => {
  const read = readRequest(json);
  if (!isUnreadable(read)) throw new Error('it was taken');
  return read;
};

const answerTo = (json: unknown) =>
  answerUnreadable(unreadable(json), new TextEncoder().encode(JSON.stringify(json)), facts);

describe('a message with a fault', () => {
  it('is answered with MessageFormat and the path of the fault, in the words of Adyen', () => {
    const answer = answerTo({
      SaleToPOIRequest: {
        MessageHeader,
        PaymentRequest: {
          ...PaymentRequest,
          PaymentTransaction: { AmountsReq: { RequestedAmount: 10.99 } },
        },
      },
    }) as NexoResponse<'Payment'>;
    // docs.adyen.com/point-of-sale/error-scenarios, "Invalid message format"; its escapes are in
    // small letters.
    expect(answer.body.Response).toEqual({
      Result: 'Failure',
      ErrorCondition: 'MessageFormat',
      AdditionalResponse:
        'errors=At%20SaleToPOIRequest.PaymentRequest.PaymentTransaction.AmountsReq%2C%20' +
        'field%20Currency%3A%20Missing',
    });
    expect(answer.body.SaleData.SaleTransactionID).toEqual(
      PaymentRequest.SaleData.SaleTransactionID,
    );
    expect(() => encodeResponse(answer)).not.toThrow();
  });

  it('keeps the header of the request, and who the till is', () => {
    const json = { SaleToPOIRequest: { MessageHeader, PaymentRequest: 5 } };
    expect(answerTo(json).header).toEqual({ ...MessageHeader, MessageType: 'Response' });
  });

  it('is told by element where a list has it', () => {
    const { InputRequest } = confirmation.SaleToPOIRequest;
    const json = {
      SaleToPOIRequest: {
        ...confirmation.SaleToPOIRequest,
        InputRequest: {
          ...InputRequest,
          DisplayOutput: {
            ...InputRequest.DisplayOutput,
            OutputContent: {
              OutputFormat: 'Text',
              OutputText: [{ Text: 'a' }, { Text: 'b', StartRow: 0 }],
            },
          },
        },
      },
    };
    const { AdditionalResponse = '' } = (answerTo(json) as NexoResponse<'Input'>).body.InputResult
      .Response;
    expect(formDecoded(AdditionalResponse).get('errors')).toBe(
      'At SaleToPOIRequest.InputRequest.DisplayOutput.OutputContent.OutputText[1], ' +
        'field StartRow: Expected a whole number, 1 to 500',
    );
  });

  it('says nothing of the value that is wrong', () => {
    const SaleData = { SaleTransactionID: '4761739001010119' };
    const json = { SaleToPOIRequest: { MessageHeader, PaymentRequest: { SaleData } } };
    expect(JSON.stringify(answerTo(json))).not.toContain('4761739001010119');
  });

  it('is rejected by an event where no answer could be', () => {
    const json = { SaleToPOIRequest: { ...abort.SaleToPOIRequest, AbortRequest: {} } };
    expect(answerTo(json)).toMatchObject({
      category: 'Event',
      header: { SaleID: 'POSSystemID12345', ServiceID: '0207111104', MessageType: 'Notification' },
      body: {
        EventToNotify: 'Reject',
        RejectedMessage: Buffer.from(JSON.stringify(json)).toString('base64'),
        EventDetails: expect.stringContaining('field%20MessageReference%3A%20Missing'),
      },
    });
  });

  it('is rejected by an event when it is not JSON, and repeats no more than its beginning', () => {
    const received = new Uint8Array(10_000_000).fill(0x5b);
    const json = parseJson('[[[[');
    const answer = answerUnreadable(
      { unreadable: json as Unreadable['unreadable'] },
      received,
      facts,
    );
    expect(answer).toMatchObject({
      header: { SaleID: 'till-1', POIID: facts.poiId },
      body: { EventDetails: 'message=Not%20JSON', RejectedMessage: expect.any(String) },
    });
    expect(JSON.stringify(answer).length).toBeLessThan(5000);
  });

  it.each([
    ['without a ServiceID', { ServiceID: undefined }, 'field ServiceID: Missing'],
    [
      'that says it is an answer',
      { MessageType: 'Response' },
      'field MessageType: Not for a request',
    ],
    ['of a ServiceID too long', { ServiceID: '12345678901' }, 'Expected 1 to 10 characters'],
    ['of a category that we lack', { MessageCategory: 'Sound' }, 'field MessageCategory'],
  ])('may be one %s', (_, change, said) => {
    const json = {
      SaleToPOIRequest: { MessageHeader: { ...MessageHeader, ...change }, PaymentRequest },
    };
    expect(decodeURIComponent(JSON.stringify(answerTo(json)))).toContain(said);
  });
});

describe('a request that is refused', () => {
  it.each(words.messageCategory.words)('has an answer by the schema, or none: %s', (category) => {
    const header = { ...MessageHeader, MessageCategory: category };
    const answer = refusal({ header }, failure('Busy', { message: 'busy' }), facts);
    if (answer) expect(encodeResponse(answer)).toContain('"ErrorCondition":"Busy"');
    else expect(['Abort', 'Event', 'InputUpdate']).toContain(category);
  });

  it('is told for each output of a display request, in order', () => {
    const header = {
      ...MessageHeader,
      MessageClass: 'Device',
      MessageCategory: 'Display',
    } as const;
    const body = {
      DisplayOutput: [
        { Device: 'CashierDisplay', InfoQualify: 'Status' },
        { Device: 'CustomerDisplay', InfoQualify: 'Document' },
      ],
    };
    const answer = refusal({ header, body }, failure('UnavailableDevice'), facts);
    expect(answer?.body).toMatchObject({
      OutputResult: [
        { Device: 'CashierDisplay', InfoQualify: 'Status' },
        { Device: 'CustomerDisplay', InfoQualify: 'Document' },
      ],
    });
  });

  it('repeats what the till said of the sale, but not what it said to others', () => {
    const answer = refusal(
      { header: MessageHeader, body: PaymentRequest },
      failure('Busy'),
      facts,
    ) as NexoResponse<'Payment'>;
    expect(answer.body.SaleData).toEqual({
      TokenRequestedType: 'Customer',
      SaleTransactionID: PaymentRequest.SaleData.SaleTransactionID,
    });
    expect(answer.body.POIData).toEqual({
      POITransactionID: { TransactionID: 'new-id', TimeStamp: '2026-01-31T12:00:00.000Z' },
      POIReconciliationID: '12',
    });
  });
});

describe('the conditions of failure', () => {
  it('are those of the schema, each with its meaning', () => {
    const all: readonly ErrorCondition[] = words.errorCondition.words;
    expect(Object.keys(errorConditions)).toEqual([...all]);
  });
});
