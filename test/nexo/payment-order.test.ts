import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencies } from '#data/currencies.ts';
import { decimalOf, minorOf } from '#nexo/index.ts';
import type { SaleRequest } from '#terminal/types.ts';
import { ordered, saleOf } from './payments.ts';

describe('an amount', () => {
  it('is the same in minor units and back, in every currency', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.integer({ min: 0, max: 9_999_999_999 }),
        ({ code, exponent }, units) => {
          // The schema's largest amount is in main units: the same number of them in each.
          const minor = Math.min(units, 99_999_999 * 10 ** exponent);
          expect(minorOf(decimalOf(minor, code), code)).toBe(minor);
        },
      ),
    );
  });

  it.each([
    [10.99, 'EUR', 1099],
    [0.1 + 0.2, 'EUR', 30],
    [1099, 'JPY', 1099],
    [1.234, 'KWD', 1234],
    [10.995, 'EUR', undefined],
    [10.5, 'JPY', undefined],
    [1, 'XXX', undefined],
  ])('of %d %s has %s minor units', (decimal, code, minor) => {
    expect(minorOf(decimal, code)).toBe(minor);
  });
});

describe('a payment that a till asks for', () => {
  it('is a sale of the loop', () => {
    const sale: SaleRequest = saleOf().sale;
    expect(sale).toEqual({ amountMinor: 1099, currency: 978 });
  });

  it('says what the till wants besides', () => {
    const { wishes } = saleOf({
      amounts: { RequestedAmount: 20, TipAmount: 1.5, CashBackAmount: 5 },
      conditions: { CustomerLanguage: 'de', ForceOnlineFlag: true, AllowedPaymentBrand: ['mc'] },
    });
    expect(wishes).toMatchObject({
      tipMinor: 150,
      cashBackMinor: 500,
      language: 'de',
      forceOnline: true,
      brands: ['mc'],
      token: 'Customer',
    });
    expect(wishes.data.get('shopperReference')).toBe('fakeRef');
  });

  it('may ask for a tip and take a part, by the options of Adyen', () => {
    const SaleToAcquirerData = 'tenderOption=AskGratuity,AllowPartialAuthorisation';
    const { sale, wishes } = saleOf({ sale: { SaleToAcquirerData } });
    expect(sale.partial).toBe(true);
    expect(wishes.askTip).toBe(true);
  });

  it('may say so as a JSON object in Base64', () => {
    const data = { tenderOption: 'AskGratuity', metadata: { table: '5' } };
    const SaleToAcquirerData = Buffer.from(JSON.stringify(data)).toString('base64');
    const { wishes } = saleOf({ sale: { SaleToAcquirerData } });
    expect(wishes.askTip).toBe(true);
    expect(wishes.data.get('metadata.table')).toBe('5');
  });

  it.each([
    ['Refund', 'refund'],
    ['FirstReservation', 'preAuthorisation'],
    ['OneTimeReservation', 'preAuthorisation'],
  ])('of type %s is a %s', (PaymentType, kind) => {
    expect(saleOf({ data: { PaymentType } }).sale.kind).toBe(kind);
  });

  it('is a pre-authorisation where Adyen would make one', () => {
    const SaleToAcquirerData = 'authorisationType=PreAuth';
    expect(saleOf({ sale: { SaleToAcquirerData } }).sale.kind).toBe('preAuthorisation');
  });

  const OriginalPOITransaction = {
    POITransactionID: { TransactionID: 'tx-1', TimeStamp: '2026-01-01T00:00:00Z' },
  };

  it('gives back to the card of an earlier payment', () => {
    const change = { data: { PaymentType: 'Refund' }, transaction: { OriginalPOITransaction } };
    expect(saleOf(change).sale).toMatchObject({ kind: 'refund', original: 'tx-1' });
  });

  it('collects what is held', () => {
    const change = { data: { PaymentType: 'Completion' }, transaction: { OriginalPOITransaction } };
    expect(ordered(change)).toMatchObject({
      order: 'completion',
      completion: { original: 'tx-1', amountMinor: 1099, currency: 978 },
    });
    expect(ordered({ data: { PaymentType: 'Completion' } })).toMatchObject({ malformed: true });
  });

  it.each([
    [['Contactless'], 'card'],
    [['Tapped', 'ICC'], 'card'],
    [['Scanned'], 'code'],
    [['Scanned', 'Contactless'], undefined],
    [['CheckReader'], undefined],
    [[], undefined],
  ])('by %j is by %s', (ForceEntryMode, method) => {
    expect(saleOf({ conditions: { ForceEntryMode } }).sale.method).toBe(method);
  });

  it('by one wallet is by its code', () => {
    const AllowedPaymentBrand = ['alipay'];
    expect(saleOf({ conditions: { AllowedPaymentBrand } }).sale).toMatchObject({
      method: 'code',
      wallet: 'alipay',
    });
  });
});

describe('a payment that is not done', () => {
  it.each([
    [
      'by a slot that we lack',
      { conditions: { ForceEntryMode: ['ICC', 'MagStripe'] } },
      'UnavailableDevice',
    ],
    ['of a type that we lack', { data: { PaymentType: 'CashAdvance' } }, 'UnavailableService'],
    ['of nothing', { amounts: { RequestedAmount: 0 } }, 'UnavailableService'],
  ])('%s', (_, change, notDone) => {
    expect(ordered(change)).toMatchObject({ notDone, why: expect.any(String) });
  });

  it.each([
    ['too many decimal places', { RequestedAmount: 10.995 }, 'RequestedAmount'],
    ['a tip that is more than the amount', { TipAmount: 11 }, 'RequestedAmount'],
    ['a tip with too many decimal places', { TipAmount: 0.001 }, 'TipAmount'],
    ['a currency that nobody knows', { Currency: 'QQQ' }, 'Currency'],
  ])('says where the fault is: %s', (_, amounts, field) => {
    expect(ordered({ amounts })).toMatchObject({
      malformed: true,
      path: ['SaleToPOIRequest', 'PaymentRequest', 'PaymentTransaction', 'AmountsReq', field],
    });
  });
});
