import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { LARGEST_AMOUNT, parseAmount } from '#data/amount.ts';
import { defaultKernelId, schemeOf } from '#data/schemes.ts';

describe('schemes', () => {
  it.each([
    ['A0000000031010', 'Visa', '03'],
    ['A0000000041010', 'Mastercard', '02'],
    ['A000000025010701', 'American Express', '04'],
    ['A0000000651010', 'JCB', '05'],
    ['A0000001523010', 'Discover', '06'],
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

describe('the largest amount', () => {
  const euro = { code: 'EUR', numeric: 978, exponent: 2 };

  it('fills the twelve digits of 9F02', () => {
    expect(parseAmount('9999999999.99', euro)).toEqual({ minor: LARGEST_AMOUNT });
  });

  it('is the largest: one more euro is refused', () => {
    const found = parseAmount('10000000000.00', euro);
    expect('problem' in found && found.problem).toContain('more than a payment can hold');
  });
});
