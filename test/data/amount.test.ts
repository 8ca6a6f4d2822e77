import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { LARGEST_AMOUNT, parseAmount } from '#data/amount.ts';
import { type Currency, currencies, currencyByCode, currencyByNumeric } from '#data/currencies.ts';
import { defaultKernelId, schemeOf } from '#data/schemes.ts';

const currency = (code: string): Currency => {
  const found = currencyByCode(code);
  if (found === undefined) throw new Error(`no ${code}`);
  return found;
};

describe('an amount as a person types it', () => {
  it.each([
    ['12.50', 'EUR', 1250],
    ['12.5', 'EUR', 1250],
    ['12', 'EUR', 1200],
    ['0.01', 'USD', 1],
    ['1200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['9999999999.99', 'EUR', LARGEST_AMOUNT],
  ])('%s %s', (text, code, minor) => {
    expect(parseAmount(text, currency(code))).toEqual({ minor });
  });

  it.each([
    ['12,50', 'EUR', 'is not an amount'],
    ['-1', 'EUR', 'is not an amount'],
    ['1e3', 'EUR', 'is not an amount'],
    ['', 'EUR', 'is not an amount'],
    ['12.505', 'EUR', 'EUR has 2 decimal places'],
    ['12.5', 'JPY', 'JPY has no decimal places'],
    ['0.00', 'EUR', 'is nothing to pay'],
    ['10000000000.00', 'EUR', 'is more than a payment can hold'],
  ])('%s %s is refused', (text, code, problem) => {
    const found = parseAmount(text, currency(code));
    expect('problem' in found && found.problem).toContain(problem);
  });
});

describe('currencies', () => {
  it('are known by three letters and by number', () => {
    expect(currencyByNumeric(978)?.code).toBe('EUR');
    expect(currencyByNumeric(392)).toEqual({ code: 'JPY', numeric: 392, exponent: 0 });
    expect(currencyByCode('XYZ')).toBeUndefined();
  });

  it('have each code and number once', () => {
    expect(new Set(currencies.map(({ code }) => code))).toHaveLength(currencies.length);
    expect(new Set(currencies.map(({ numeric }) => numeric))).toHaveLength(currencies.length);
  });
});

describe('schemes', () => {
  it.each([
    ['A0000000031010', 'Visa', '03'],
    ['A0000000041010', 'Mastercard', '02'],
    ['A000000025010701', 'American Express', '04'],
    ['A0000000651010', 'JCB', '05'],
    ['A0000003241010', 'Discover', '06'],
    ['A000000333010101', 'UnionPay', '07'],
  ])('%s is %s, kernel %s', (aid, name, kernelId) => {
    expect(schemeOf(hex(aid))?.name).toBe(name);
    expect(defaultKernelId(hex(aid))).toBe(kernelId);
  });

  it('that nobody knows get any kernel', () => {
    expect(defaultKernelId(hex('A0000002771010'))).toBe('00');
  });
});
