import { describe, expect, it } from 'vitest';
import {
  encodeRequest,
  encodeResponse,
  isUnreadable,
  type NexoRequest,
  readRequest,
  readResponse,
} from '#nexo/index.ts';
import { amount, base64, currency, digits, flag, integer, text } from '#nexo/scalars.ts';
import {
  abort,
  confirmation,
  diagnosis,
  paymentApproved,
  paymentWithData,
  reversal,
} from './examples.ts';

describe('messages that Adyen publishes', () => {
  it.each([
    ['a payment with additional data', paymentWithData],
    ['a question to the shopper', confirmation],
    ['a diagnosis', diagnosis],
    ['an abort', abort],
    ['a reversal', reversal],
  ])('are taken, and written as they were: %s', (_, message) => {
    const request = readRequest(message);
    expect(isUnreadable(request)).toBe(false);
    expect(JSON.parse(encodeRequest(request as NexoRequest))).toEqual(message);
  });

  it('are taken as answers, too, and written as they were: a payment that was approved', () => {
    const answer = readResponse(paymentApproved);
    if (isUnreadable(answer)) throw new Error(answer.unreadable.problem);
    expect(JSON.parse(encodeResponse(answer))).toEqual(paymentApproved);
  });

  it('tell what a payment wants', () => {
    expect(readRequest(paymentWithData)).toMatchObject({
      category: 'Payment',
      header: { ServiceID: '1113162452' },
      body: { PaymentTransaction: { AmountsReq: { RequestedAmount: 10.99, Currency: 'EUR' } } },
    });
  });
});

describe('a till that takes it easy', () => {
  it('may send amounts, flags and numbers as text, and numbers where text is meant', () => {
    const { MessageHeader, PaymentRequest } = paymentWithData.SaleToPOIRequest;
    const request = readRequest({
      SaleToPOIRequest: {
        MessageHeader: { ...MessageHeader, SaleID: 12, ServiceID: 345 },
        PaymentRequest: {
          ...PaymentRequest,
          PaymentTransaction: {
            AmountsReq: { Currency: 'EUR', RequestedAmount: '10.99' },
            TransactionConditions: { ForceOnlineFlag: 'True', AcquirerID: 5 },
          },
        },
      },
    });
    expect(request).toMatchObject({
      header: { SaleID: '12', ServiceID: '345' },
      body: {
        PaymentTransaction: {
          AmountsReq: { RequestedAmount: 10.99 },
          TransactionConditions: { ForceOnlineFlag: true, AcquirerID: ['5'] },
        },
      },
    });
  });

  it('may send fields that nobody knows, null and empty ones: they are left out', () => {
    const { MessageHeader, PaymentRequest } = paymentWithData.SaleToPOIRequest;
    const request = readRequest({
      extra: 1,
      SaleToPOIRequest: {
        MessageHeader: { ...MessageHeader, DeviceID: '', colour: 'red' },
        PaymentRequest: { ...PaymentRequest, PaymentData: null, LoyaltyData: [{}] },
      },
    });
    expect(request).toEqual(readRequest(paymentWithData));
  });

  it('may read a card itself, and its number is not taken', () => {
    const { MessageHeader, PaymentRequest } = paymentWithData.SaleToPOIRequest;
    const PaymentInstrumentData = {
      PaymentInstrumentType: 'Card',
      CardData: { EntryMode: 'Keyed', SensitiveCardData: { PAN: '4761739001010119' } },
    };
    const request = readRequest({
      SaleToPOIRequest: {
        MessageHeader,
        PaymentRequest: { ...PaymentRequest, PaymentData: { PaymentInstrumentData } },
      },
    });
    expect(request).toMatchObject({
      body: { PaymentData: { PaymentInstrumentData: { CardData: { EntryMode: ['Keyed'] } } } },
    });
    expect(JSON.stringify(request)).not.toContain('4761739001010119');
  });

  it('may leave out a body that could be empty', () => {
    const { MessageHeader } = diagnosis.SaleToPOIRequest;
    expect(readRequest({ SaleToPOIRequest: { MessageHeader } })).toMatchObject({
      category: 'Diagnosis',
      body: {},
    });
  });

  it('may use the spelling of the libraries: Underlined', () => {
    const DisplayOutput = {
      Device: 'CustomerDisplay',
      InfoQualify: 'Display',
      OutputContent: {
        OutputFormat: 'Text',
        OutputText: { Text: '', CharacterStyle: 'Underlined' },
      },
    };
    const { MessageHeader } = confirmation.SaleToPOIRequest;
    const request = readRequest({
      SaleToPOIRequest: {
        MessageHeader: { ...MessageHeader, MessageCategory: 'Display' },
        DisplayRequest: { DisplayOutput },
      },
    });
    expect(request).toMatchObject({
      body: {
        DisplayOutput: [
          { OutputContent: { OutputText: [{ Text: '', CharacterStyle: 'Underline' }] } },
        ],
      },
    });
  });
});

describe('a value that can not be meant', () => {
  it.each([
    ['an amount below nothing', amount, -1],
    ['an amount beyond the schema', amount, 100_000_000],
    ['an amount without end', amount, Number.POSITIVE_INFINITY],
    ['an amount with a comma', amount, '10,99'],
    ['an amount in words', amount, 'ten'],
    ['an amount in other signs', amount, '1e3'],
    ['a flag in numbers', flag, 1],
    ['a number that is none', integer(1, 3), 1.5],
    ['a number too large', integer(1, 3), '4'],
    ['text with lines', text, 'a\nb'],
    ['text that is an object', text, {}],
    ['a currency in small letters', currency, 'eur'],
    ['digits with a sign', digits, '-1'],
    ['Base64 cut off', base64(), 'AAA'],
    ['Base64 with other signs', base64(), 'AA_-'],
  ])('is a fault: %s', (_, rule, value) => {
    expect(rule.read(value, ['Field'])).toEqual({
      malformed: true,
      path: ['Field'],
      offset: 0,
      problem: `expected ${rule.says}`,
    });
    expect(rule.check(value, ['Field'])).toMatchObject({ malformed: true });
  });
});

describe('what we send', () => {
  const header = {
    MessageClass: 'Service',
    MessageCategory: 'Logout',
    MessageType: 'Response',
    SaleID: 'till-1',
    POIID: 'poi-1',
  } as const;

  it('says why it failed, or is a bug of ours', () => {
    const body = { Response: { Result: 'Failure' } } as const;
    expect(() => encodeResponse({ category: 'Logout', header, body })).toThrow(
      'SaleToPOIResponse › LogoutResponse › Response › ErrorCondition at 0: Missing',
    );
  });

  it('has no field that the schema does not have, or is a bug of ours', () => {
    const body = { Response: { Result: 'Success' }, Extra: 1 } as const;
    expect(() => encodeResponse({ category: 'Logout', header, body })).toThrow('no such field');
  });

  it('has no value of another type than the schema has, or is a bug of ours', () => {
    const body = { Response: { Result: 'Success' } } as const;
    const tooLong = { ...header, ServiceID: '12345678901' };
    expect(() => encodeResponse({ category: 'Logout', header: tooLong, body })).toThrow(
      'ServiceID at 0: expected 1 to 10 characters',
    );
  });
});
