import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeResponse,
  errorConditionOf,
  formDecoded,
  maskedPan,
  type PaymentFacts,
  paymentReceipt,
  paymentResponse,
} from '#nexo/index.ts';
import type { SaleResult } from '#terminal/types.ts';
import { payment, paymentFacts } from './payments.ts';

const approved: SaleResult = {
  status: 'approved',
  transactionId: 'tx-1',
  amountMinor: 1099,
  currency: 'EUR',
  reason: 'approved',
  retry: 'never',
  scheme: 'Mastercard',
  application: 'A0000000041010',
  maskedPan: '541333******0010',
  cvm: 'confirmationCodeVerified',
  responseCode: '00',
  authorisationCode: '123456',
  retrievalReference: '603112000001',
};

const refused: SaleResult = {
  status: 'declined',
  transactionId: 'tx-2',
  amountMinor: 1099,
  currency: 'EUR',
  reason: 'do not honour',
  errorCondition: 'Refusal',
  responseCode: '05',
};

const answerTo = (told: SaleResult, facts: Partial<PaymentFacts> = {}) => {
  const answer = paymentResponse(payment(), told, { ...paymentFacts, ...facts });
  // Throws for what the schema doesn't allow.
  return JSON.parse(encodeResponse(answer)).SaleToPOIResponse.PaymentResponse;
};

const said = (told: SaleResult, facts: Partial<PaymentFacts> = {}) =>
  formDecoded(answerTo(told, facts).Response.AdditionalResponse);

describe('an approval', () => {
  it('tells what a register looks for', () => {
    expect(answerTo(approved)).toMatchObject({
      Response: { Result: 'Success' },
      SaleData: {
        SaleTransactionID: { TransactionID: '8377', TimeStamp: '2017-11-13T15:24:52+00:00' },
      },
      POIData: {
        POIReconciliationID: '12',
        POITransactionID: { TransactionID: 'tx-1', TimeStamp: '2026-01-31T12:00:00.000Z' },
      },
      PaymentResult: {
        PaymentType: 'Normal',
        AmountsResp: { Currency: 'EUR', AuthorizedAmount: 10.99 },
        OnlineFlag: true,
        PaymentAcquirerData: {
          MerchantID: 'MERCHANT-1',
          AcquirerPOIID: 'TERM0001',
          AcquirerTransactionID: { TransactionID: '603112000001' },
          ApprovalCode: '123456',
        },
        PaymentInstrumentData: {
          PaymentInstrumentType: 'Card',
          CardData: {
            PaymentBrand: 'mc',
            MaskedPan: '541333 **** 0010',
            EntryMode: ['Contactless'],
          },
        },
      },
    });
  });

  it('tells the same as pairs, by the names that Adyen uses', () => {
    expect(Object.fromEntries(said(approved))).toMatchObject({
      AID: 'A0000000041010',
      authCode: '123456',
      cardSummary: '0010',
      merchantReference: '8377',
      posAuthAmountValue: '1099',
      posAuthAmountCurrency: 'EUR',
      transactionType: 'GOODS_SERVICES',
      offline: 'false',
    });
  });

  it('of a part is Partial', () => {
    const answer = answerTo({ ...approved, approvedMinor: 500 });
    expect(answer.Response.Result).toBe('Partial');
    expect(answer.PaymentResult.AmountsResp.AuthorizedAmount).toBe(5);
  });

  it('has tip, cashback, surcharge and rebate as parts of the amount', () => {
    const parts = { tipMinor: 100, cashBackMinor: 200, surchargeMinor: 33 };
    expect(answerTo({ ...approved, discountMinor: 50 }, parts).PaymentResult.AmountsResp).toEqual({
      Currency: 'EUR',
      AuthorizedAmount: 10.99,
      TotalRebatesAmount: 0.5,
      TotalFeesAmount: 0.33,
      CashBackAmount: 2,
      TipAmount: 1,
    });
  });

  it('in yen has no decimal places', () => {
    const { AmountsResp } = answerTo({ ...approved, currency: 'JPY' }).PaymentResult;
    expect(AmountsResp.AuthorizedAmount).toBe(1099);
  });

  it.each([
    ['obtainSignature', ['PaperSignature']],
    ['onlinePin', ['OnlinePIN']],
    ['noCvm', undefined],
  ] as const)('by %s says %j', (cvm, method) => {
    expect(answerTo({ ...approved, cvm }).PaymentResult.AuthenticationMethod).toEqual(method);
  });

  it('without the host is not online', () => {
    expect(answerTo({ ...approved, offline: 'kernel' }).PaymentResult.OnlineFlag).toBe(false);
  });

  it('by a wallet has its name as brand, and its reference', () => {
    const wallet = { name: 'alipay', way: 'shopperCode', reference: '2026013122001' } as const;
    const { scheme, maskedPan: masked, application, retrievalReference, ...rest } = approved;
    const { PaymentResult } = answerTo({ ...rest, wallet });
    expect(PaymentResult.PaymentInstrumentData.CardData).toEqual({
      PaymentBrand: 'alipay',
      EntryMode: ['Scanned'],
    });
    expect(PaymentResult.PaymentAcquirerData.AcquirerTransactionID.TransactionID).toBe(
      '2026013122001',
    );
  });

  it('gives the token that was asked for, and receipts', () => {
    const receipts = [
      paymentReceipt('customer', [
        { key: 'filler' },
        { key: 'totalAmount', name: 'TOTAL', value: '€ 10.99', bold: true },
      ]),
    ];
    const answer = answerTo(approved, { token: { type: 'Customer', value: 't-1' }, receipts });
    expect(answer.PaymentResult.PaymentInstrumentData.CardData.PaymentToken).toEqual({
      TokenRequestedType: 'Customer',
      TokenValue: 't-1',
    });
    expect(answer.PaymentReceipt).toMatchObject([
      {
        DocumentQualifier: 'CustomerReceipt',
        OutputContent: {
          OutputText: [
            { Text: 'key=filler' },
            { Text: 'name=TOTAL&value=%E2%82%AC%2010.99&key=totalAmount', CharacterStyle: 'Bold' },
          ],
        },
      },
    ]);
  });
});

describe('a payment that came to nothing', () => {
  it('declined says why', () => {
    expect(answerTo(refused).Response).toMatchObject({
      Result: 'Failure',
      ErrorCondition: 'Refusal',
    });
    expect(said(refused).get('refusalReason')).toBe('05 do not honour');
    expect(answerTo(refused).PaymentResult.AmountsResp).toBeUndefined();
  });

  it('because the shop takes no NFC now says so, with the shop’s own words', () => {
    const off: SaleResult = {
      status: 'declined',
      transactionId: 'tx-3',
      amountMinor: 1099,
      currency: 'EUR',
      reason: 'refused by decision d-7',
      errorCondition: 'PaymentRestriction',
      restriction: {
        decision: 'd-7',
        cashier: 'Kontaktlos ist heute aus: bitte stecken & zahlen',
        alternatives: ['insert', 'cash'],
      },
    };
    const answer = answerTo(off);
    expect(answer.Response.ErrorCondition).toBe('PaymentRestriction');
    expect(answer.Response.AdditionalResponse).toContain(
      'restriction=Kontaktlos%20ist%20heute%20aus%3A%20bitte%20stecken%20%26%20zahlen',
    );
    expect(said(off).get('alternatives')).toBe('insert,cash');
    expect(said(off).get('decision')).toBe('d-7');
  });

  it.each([
    ['busy', false, 'Busy'],
    ['cancelled', false, 'Cancel'],
    ['cancelled', true, 'Aborted'],
    ['timedOut', false, 'Cancel'],
    ['error', false, 'UnavailableService'],
    // The abort came too late: what the host said stands.
    ['declined', true, 'Refusal'],
    ['approved', true, undefined],
  ] as const)('%s (aborted by the till: %s) is %s', (status, aborted, condition) => {
    const { errorCondition, ...told } = refused;
    expect(errorConditionOf({ ...told, status }, aborted)).toBe(condition);
  });

  it('busy has an answer by the schema though there is no payment', () => {
    const busy: SaleResult = {
      status: 'busy',
      transactionId: '',
      amountMinor: 1099,
      currency: 'EUR',
      reason: 'another payment is being taken',
    };
    expect(answerTo(busy).POIData.POITransactionID.TransactionID).toBe('none');
  });
});

describe('whatever a host says', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', ' ', 'a\nb', '\u2028'),
  );

  it('has an answer by the schema', () => {
    const strange = fc.record(
      {
        transactionId: words,
        reason: words,
        scheme: words,
        maskedPan: words,
        application: words,
        authorisationCode: words,
        retrievalReference: words,
        responseCode: words,
        wallet: fc.record({
          name: words,
          way: fc.constantFrom('shopperCode' as const, 'shopCode' as const, 'typed' as const),
          reference: words,
        }),
        restriction: fc.record({ cashier: words, alternatives: fc.array(words) }),
      },
      { requiredKeys: ['transactionId', 'reason'] },
    );
    const statuses = fc.constantFrom('approved' as const, 'declined' as const, 'busy' as const);
    fc.assert(
      fc.property(strange, statuses, words, (told, status, word) => {
        const known = { status, amountMinor: 1099, currency: 'EUR' };
        const facts = { merchantId: word, terminalId: word, language: word };
        const token = { type: 'Customer', value: word } as const;
        expect(answerTo({ ...told, ...known }, { ...facts, token }).Response).toBeDefined();
      }),
    );
  });
});

describe('a masked number', () => {
  it.each([
    ['476173******0119', '476173 **** 0119'],
    ['4761739001010119', undefined],
    ['47617390******0119', undefined],
    ['', undefined],
  ])('%j is told as %j', (masked, told) => {
    expect(maskedPan(masked)).toBe(told);
  });
});
