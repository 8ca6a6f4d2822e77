import { currencyByCode } from '#data/currencies.ts';

/**
 * Minor units of an amount in the currency's main unit, as nexo writes amounts.
 * @returns undefined when it has more decimal places than the currency, or nobody knows that one
 */
export const minorOf = (decimal: number, code: string): number | undefined => {
  const exponent = currencyByCode(code)?.exponent;
  if (exponent === undefined) return undefined;
  // The schema's six places, as a whole number: exact up to its largest amount.
  const millionths = Math.round(decimal * 1_000_000);
  const unit = 10 ** (PLACES - exponent);
  return millionths % unit === 0 ? millionths / unit : undefined;
};

/** In the currency's main unit: 1099 is 10.99 in EUR and 1099 in JPY. */
export const decimalOf = (minor: number, code: string): number =>
  minor / 10 ** (currencyByCode(code)?.exponent ?? 0);

const PLACES = 6;
