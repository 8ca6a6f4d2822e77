import { currencyByCode, currencyByNumeric } from '#data/currencies.ts';

/** The code of a currency's number, and the number of its code. */
export function currencyOf(numeric: number): string;
export function currencyOf(code: string): number;
export function currencyOf(which: number | string): number | string {
  const row = typeof which === 'number' ? currencyByNumeric(which) : currencyByCode(which);
  if (row === undefined) throw new Error(`no currency ${which}`);
  return typeof which === 'number' ? row.code : row.numeric;
}

/** "12.50". */
export const decimal = (amountMinor: number, currency: number): string => {
  const exponent = currencyByNumeric(currency)?.exponent ?? 2;
  return (amountMinor / 10 ** exponent).toFixed(exponent);
};

/** The other way; throws when it is no amount. */
export const minor = (text: string, currency: number): number => {
  const exponent = currencyByNumeric(currency)?.exponent ?? 2;
  const [, whole = '', fraction = ''] = /^(\d{1,9})(?:\.(\d+))?$/.exec(text) ?? [];
  const value = Number(whole + fraction.padEnd(exponent, '0'));
  if (whole === '' || fraction.length > exponent || value === 0) {
    throw new Error('no amount of that currency');
  }
  return value;
};
