import { describe, expect, it } from 'vitest';
import {
  balanceOrder,
  balanceResponse,
  encodeResponse,
  isUnreadable,
  type NexoRequest,
  readRequest,
  type ToldBalance,
} from '#nexo/index.ts';
import { judge } from '#test/support/nexo-schema.ts';

const request = (body: object): NexoRequest<'BalanceInquiry'> => {
  const read = readRequest({
    SaleToPOIRequest: {
      MessageHeader: {
        ProtocolVersion: '3.0',
        MessageClass: 'Service',
        MessageCategory: 'BalanceInquiry',
        MessageType: 'Request',
        ServiceID: '1',
        SaleID: 'till-1',
        POIID: 'POI-1',
      },
      BalanceInquiryRequest: body,
    },
  });
  if (isUnreadable(read)) throw new Error(read.unreadable.problem);
  return read as NexoRequest<'BalanceInquiry'>;
};

const order = (PaymentAccountReq?: object) =>
  balanceOrder(request(PaymentAccountReq === undefined ? {} : { PaymentAccountReq }).body);

const facts = {
  endedMs: Date.UTC(2026, 10, 29),
  ...{ merchantId: 'SHOP00000000001', terminalId: 'TERM0001', abortedByTill: false },
};

const told: ToldBalance = {
  status: 'told',
  reason: 'the host told the balance',
  scheme: 'Visa',
  maskedPan: '476173******0010',
  balance: { kind: 'available', amountMinor: 98_750, currency: 'USD' },
  retrievalReference: '633316000042',
};

/** The answer's body, which the schema's judge has nothing against. */
const answered = (more: Partial<ToldBalance>, aborted = false) => {
  const response = balanceResponse(
    request({}),
    { ...told, ...more },
    { ...facts, abortedByTill: aborted },
  );
  const json = JSON.parse(encodeResponse(response));
  expect(judge(json)).toEqual([]);
  return json.SaleToPOIResponse.BalanceInquiryResponse;
};

const { balance: _, ...withoutBalance } = told;
const nothing = (more: Partial<ToldBalance>, aborted = false) => {
  const response = balanceResponse(
    request({}),
    { ...withoutBalance, ...more },
    { ...facts, abortedByTill: aborted },
  );
  const json = JSON.parse(encodeResponse(response));
  expect(judge(json)).toEqual([]);
  return json.SaleToPOIResponse.BalanceInquiryResponse;
};

describe('what a till asks for', () => {
  it.each([
    [undefined, 'default'],
    [{}, 'default'],
    [{ AccountType: 'Default' }, 'default'],
    [{ AccountType: 'Savings' }, 'savings'],
    [{ AccountType: 'Checking' }, 'cheque'],
    [{ AccountType: 'CreditCard' }, 'credit'],
    [{ PaymentInstrumentData: { PaymentInstrumentType: 'Card' } }, 'default'],
  ] as const)('%j is the %s account', (asked, account) => {
    expect(order(asked)).toEqual({ account });
  });

  it('may be the card of an acquisition', () => {
    const CardAcquisitionReference = { TransactionID: 'AC1', TimeStamp: '2026-11-29T10:00:00Z' };
    expect(order({ CardAcquisitionReference })).toMatchObject({
      ...{ account: 'default', acquisition: { TransactionID: 'AC1' } },
    });
  });

  it.each([
    [{ PaymentInstrumentData: { PaymentInstrumentType: 'StoredValue' } }, /StoredValue/],
    [{ PaymentInstrumentData: { PaymentInstrumentType: 'Mobile' } }, /Mobile/],
    [{ AccountType: 'EpurseCard' }, /EpurseCard/],
    [{ AccountType: 'CardTotals' }, /CardTotals/],
  ] as const)('%j is not asked for here', (asked, why) => {
    expect(order(asked)).toEqual({
      notDone: 'UnavailableService',
      why: expect.stringMatching(why),
    });
  });

  it('of a loyalty programme is not asked for here', () => {
    const LoyaltyAccountReq = { LoyaltyAccountID: { LoyaltyID: '1', EntryMode: ['Keyed'] } };
    expect(balanceOrder(request({ LoyaltyAccountReq }).body)).toMatchObject({
      notDone: 'UnavailableService',
    });
  });
});

describe('the answer', () => {
  it('has the balance in the main unit of its currency', () => {
    expect(answered({})).toEqual({
      Response: { Result: 'Success', AdditionalResponse: 'balanceType=available' },
      PaymentAccountStatus: {
        PaymentInstrumentData: {
          PaymentInstrumentType: 'Card',
          CardData: {
            PaymentBrand: 'visa',
            MaskedPan: '476173 **** 0010',
            EntryMode: ['Contactless'],
          },
        },
        CurrentBalance: 987.5,
        Currency: 'USD',
        PaymentAcquirerData: {
          MerchantID: 'SHOP00000000001',
          AcquirerPOIID: 'TERM0001',
          AcquirerTransactionID: {
            TransactionID: '633316000042',
            TimeStamp: expect.stringMatching(/^2026-11-29/),
          },
        },
      },
    });
  });

  it.each([
    [{ kind: 'ledger', amountMinor: 1_000, currency: 'JPY' }, 1_000, 'balanceType=ledger'],
    [
      { kind: 'available', amountMinor: -1, currency: 'USD' },
      0,
      'balanceType=available&overdrawn=true',
    ],
    [
      { kind: 'available', amountMinor: 999_999_999_999, currency: 'USD' },
      99_999_999.999999,
      'balanceType=available',
    ],
  ] as const)('of %j says what the schema can', (balance, CurrentBalance, details) => {
    expect(answered({ balance })).toMatchObject({
      Response: { Result: 'Success', AdditionalResponse: details },
      PaymentAccountStatus: { CurrentBalance },
    });
  });

  it.each([
    ['PaymentRestriction', { status: 'declined', restriction: { alternatives: ['cash'] } }],
    ['UnreachableHost', { status: 'declined', hostUnreachable: true }],
    ['InvalidCard', { status: 'declined', errorCondition: 'InvalidCard', responseCode: '14' }],
    ['Refusal', { status: 'declined' }],
    ['Cancel', { status: 'cancelled' }],
    ['Cancel', { status: 'timedOut' }],
    ['Busy', { status: 'busy' }],
    ['UnavailableService', { status: 'error' }],
  ] as const)('is %s without one: %j', (ErrorCondition, more) => {
    const { Response, PaymentAccountStatus } = nothing(more);
    expect(Response).toMatchObject({ Result: 'Failure', ErrorCondition });
    expect(PaymentAccountStatus).not.toHaveProperty('CurrentBalance');
  });

  it('is Aborted where the till broke it off', () => {
    const { Response } = nothing({ status: 'cancelled' }, true);
    expect(Response.ErrorCondition).toBe('Aborted');
  });
});
