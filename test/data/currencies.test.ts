import { expect, test } from 'vitest';
import { currencies, currencyByCode, currencyByNumeric } from '#data/currencies.ts';

test('every currency has a code, a number and an exponent of its own', () => {
  expect(currencies.length).toBeGreaterThan(150);
  expect(new Set(currencies.map(({ code }) => code)).size).toBe(currencies.length);
  expect(new Set(currencies.map(({ numeric }) => numeric)).size).toBe(currencies.length);
  for (const { code, numeric, exponent } of currencies) {
    expect(code).toMatch(/^[A-Z]{3}$/);
    expect(numeric).toBeGreaterThan(0);
    expect(numeric).toBeLessThan(1000);
    expect([0, 2, 3, 4]).toContain(exponent);
  }
});

test.each([
  ['USD', 840, 2],
  ['EUR', 978, 2],
  ['JPY', 392, 0],
  ['KWD', 414, 3],
  ['CLF', 990, 4],
  ['ALL', 8, 2],
])('%s is %i with %i decimal places', (code, numeric, exponent) => {
  expect(currencyByCode(code)).toEqual({ code, numeric, exponent });
  expect(currencyByNumeric(numeric)?.code).toBe(code);
});

test('what is no money of a country has no minor units (XXX, XTS)', () => {
  expect(currencyByNumeric(999)).toBeUndefined();
  expect(currencyByNumeric(963)).toBeUndefined();
});
