import { fromBcd, toBcd } from '#bytes/bcd.ts';
import { fromHex, toHex } from '#bytes/hex.ts';
import { currencyByNumeric } from '#data/currencies.ts';
import { type Conversion, type Fields, refuse, takeBytes, takeText } from './conversion.ts';

/** 2003: an amount carries its currency, which 1987 has in DE 49. DE 30 counts as well. */
export const currencyInAmount: Conversion = {
  to: (left, made) => {
    const amount = takeText(left, 4);
    const currency = takeText(left, 49);
    if (amount === undefined && currency === undefined) return undefined;
    if (amount === undefined) return refuse(49, 'goes with DE 4 in this edition');
    const prefix = prefixOf(currency);
    if (prefix === undefined) return refuse(49, 'DE 4 needs its numeric currency code');
    made.set(4, `${prefix}${amount}`);
    const originals = takeText(made, 30);
    if (originals !== undefined) {
      made.set(30, `${prefix}${originals.slice(0, 12)}${prefix}${originals.slice(12)}`);
    }
    return undefined;
  },
  from: (left, made) => {
    const amount = takeText(left, 4);
    if (amount === undefined) return undefined;
    const currency = amount.slice(0, 3);
    if (prefixOf(currency) !== amount.slice(0, 4)) return refuse(4, OTHER_UNITS);
    made.set(4, amount.slice(4));
    made.set(49, currency);
    const originals = takeText(left, 30);
    if (originals === undefined) return undefined;
    if (!originals.startsWith(amount.slice(0, 4))) return refuse(30, OTHER_UNITS);
    left.set(30, `${originals.slice(4, 16)}${originals.slice(20)}`);
    return undefined;
  },
};

/** 2003: the net amount of a reconciliation, DE 97, carries the currency of DE 50. */
export const netAmount: Conversion = {
  to: (left, made) => {
    const amount = takeText(left, 97);
    const currency = takeText(left, 50);
    if (amount === undefined && currency === undefined) return undefined;
    if (amount === undefined) return refuse(50, 'goes with DE 97 in this edition');
    const prefix = prefixOf(currency);
    if (prefix === undefined) return refuse(50, 'DE 97 needs its numeric currency code');
    made.set(97, `${amount.slice(0, 1)}${prefix}${amount.slice(1)}`);
    return undefined;
  },
  from: (left, made) => {
    const amount = takeText(left, 97);
    if (amount === undefined) return undefined;
    const currency = amount.slice(1, 4);
    if (prefixOf(currency) !== amount.slice(1, 5)) return refuse(97, OTHER_UNITS);
    made.set(97, `${amount.slice(0, 1)}${amount.slice(5)}`);
    made.set(50, currency);
    return undefined;
  },
};

/**
 * 2003: the exponent follows the currency in each of the additional amounts, DE 54: account type 2,
 * amount type 2, currency 3, exponent, C or D, amount 12.
 */
export const additionalAmounts: Conversion = {
  to: (left, made) => {
    const amounts = takeText(left, 54);
    if (amounts === undefined) return undefined;
    const groups = amounts.match(/\w{4}\d{3}[CD]\d{12}/g) ?? [];
    const coded = groups.map((group) => {
      const prefix = prefixOf(group.slice(4, 7));
      return prefix === undefined ? undefined : `${group.slice(0, 4)}${prefix}${group.slice(7)}`;
    });
    if (groups.join('') !== amounts || coded.includes(undefined)) return refuse(54, NO_AMOUNTS);
    made.set(54, coded.join(''));
    return undefined;
  },
  from: (left, made) => {
    const amounts = takeText(left, 54);
    if (amounts === undefined) return undefined;
    const groups = amounts.match(/\w{4}\d{4}[CD]\d{12}/g) ?? [];
    if (groups.join('') !== amounts) return refuse(54, NO_AMOUNTS);
    if (groups.some((group) => prefixOf(group.slice(4, 7)) !== group.slice(4, 8))) {
      return refuse(54, OTHER_UNITS);
    }
    made.set(54, groups.map((group) => `${group.slice(0, 7)}${group.slice(8)}`).join(''));
    return undefined;
  },
};

const OTHER_UNITS = 'an amount in other units than its currency has';
const NO_AMOUNTS = 'not a list of additional amounts';

/** Numeric code and exponent of a currency. */
const prefixOf = (currency: string | undefined): string | undefined => {
  if (currency === undefined || !/^\d{3}$/.test(currency)) return undefined;
  const row = currencyByNumeric(Number(currency));
  return row === undefined ? undefined : `${currency}${row.exponent}`;
};

/**
 * 2003: a reconciliation's totals are one element of BCD, DE 74: amount (16 digits) and number (10)
 * of credits, of their chargebacks and reversals, and the same of debits. Where 1987 has them; a
 * terminal charges nothing back.
 */
const TOTALS: readonly (readonly [element: number, digits: number])[] = [
  [86, 16],
  [74, 10],
  [0, 26],
  [87, 16],
  [75, 10],
  [88, 16],
  [76, 10],
  [0, 26],
  [89, 16],
  [77, 10],
];

export const totals: Conversion = {
  to: (left, made) => {
    const wanted = TOTALS.filter(([element]) => element !== 0);
    if (!wanted.some(([element]) => left.has(element))) return undefined;
    const missing = wanted.find(([element]) => !left.has(element));
    if (missing !== undefined) return refuse(missing[0], 'goes with the other totals here');
    const digits = TOTALS.map(([element, size]) =>
      element === 0 ? '0'.repeat(size) : (takeText(left, element) ?? ''),
    );
    made.set(74, fromHex(digits.join('')) ?? new Uint8Array());
    return undefined;
  },
  from: (left, made) => {
    const value = takeBytes(left, 74);
    if (value === undefined) return undefined;
    const digits = toHex(value);
    if (!/^\d+$/.test(digits)) return refuse(74, 'digits expected');
    placeTotals(digits, made);
    return undefined;
  },
};

const placeTotals = (digits: string, made: Fields): void => {
  let at = 0;
  for (const [element, size] of TOTALS) {
    if (element !== 0) made.set(element, digits.slice(at, at + size));
    at += size;
  }
};

/** DE 53, n 16 in 1987, is bytes in the other editions: its digits in BCD. */
export const securityControl: Conversion = {
  to: (left, made) => {
    const digits = takeText(left, 53);
    if (digits === undefined) return undefined;
    made.set(53, fromHex(digits) ?? toBcd(0, 8));
    return undefined;
  },
  from: (left, made) => {
    const bytes = takeBytes(left, 53);
    if (bytes === undefined) return undefined;
    if (bytes.length !== 8 || fromBcd(bytes) === undefined) return refuse(53, '16 digits expected');
    made.set(53, toHex(bytes));
    return undefined;
  },
};
