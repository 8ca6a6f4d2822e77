import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount } from '#data/amount.ts';
import { currencies, currencyByCode, currencyByNumeric } from '#data/currencies.ts';

const usd = { code: 'USD', numeric: 840, exponent: 2 };
const jpy = { code: 'JPY', numeric: 392, exponent: 0 };
const kwd = { code: 'KWD', numeric: 414, exponent: 3 };

describe('an amount as a person types it', () => {
  it('becomes minor units of its currency', () => {
    expect(parseAmount('12.50', usd)).toEqual({ minor: 1250 });
    expect(parseAmount('12', usd)).toEqual({ minor: 1200 });
    expect(parseAmount('0.1', usd)).toEqual({ minor: 10 });
    expect(parseAmount('500', jpy)).toEqual({ minor: 500 });
    expect(parseAmount('1.234', kwd)).toEqual({ minor: 1234 });
  });

  for (const text of [
    '12.505',
    '-1',
    '1e9',
    '',
    '0',
    '0.00',
    '12,50',
    '.5',
    '5.',
    ' 5',
    '٣',
    'NaN',
  ]) {
    it(`"${text}" is refused with a sentence that says what is wrong`, () => {
      const parsed = parseAmount(text, usd);
      expect('problem' in parsed && parsed.problem).toMatch(/^"/);
    });
  }

  it('has no decimal places where the currency has none', () => {
    const parsed = parseAmount('12.5', jpy);
    expect('problem' in parsed && parsed.problem).toContain('no decimal places');
  });

  it('never loses a cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (minor) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
        expect(parseAmount(text, usd)).toEqual({ minor });
      }),
    );
  });
});

describe('the table of currencies', () => {
  it('has each code once, and looks up both ways', () => {
    expect(new Set(currencies.map(({ code }) => code)).size).toBe(currencies.length);
    expect(new Set(currencies.map(({ numeric }) => numeric)).size).toBe(currencies.length);
    expect(currencyByCode('EUR')).toEqual({ code: 'EUR', numeric: 978, exponent: 2 });
    expect(currencyByNumeric(392)?.code).toBe('JPY');
    expect(currencyByCode('XYZ')).toBeUndefined();
  });

  it('agrees with the digits that Intl uses', () => {
    for (const { code, exponent } of currencies) {
      const format = new Intl.NumberFormat('en', { style: 'currency', currency: code });
      const digits = format.resolvedOptions().maximumFractionDigits;
      // CLDR writes some currencies without the minor units that ISO 4217 gives them.
      if (SMALL_CHANGE_UNUSED.includes(code)) expect(exponent, code).toBe(code === 'IQD' ? 3 : 2);
      else expect(exponent, code).toBe(digits);
    }
  });
});

const SMALL_CHANGE_UNUSED = [
  ...['AFN', 'ALL', 'COP', 'CRC', 'HUF', 'IDR', 'IQD', 'IRR', 'KPW', 'KZT', 'LAK', 'LBP', 'LKR'],
  ...['MGA', 'MMK', 'PKR', 'RSD', 'SOS', 'SYP', 'TWD', 'TZS', 'UZS', 'YER'],
];
