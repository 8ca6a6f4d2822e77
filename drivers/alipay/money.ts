import { currencyByNumeric } from '#data/currencies.ts';

/** Minor units as Alipay writes amounts: "12.50" yuan, or "1250" of a currency without cents. */
export const toDecimal = (amountMinor: number, currency: number): string => {
  const exponent = exponentOf(currency);
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  return exponent === 0 ? digits : `${whole}.${digits.slice(-exponent)}`;
};

/** The other way; undefined when it is no amount of that currency. Answers write 8.8 for 8.80. */
export const fromDecimal = (value: unknown, currency: number): number | undefined => {
  const exponent = exponentOf(currency);
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const match = /^(\d{1,12})(?:\.(\d{1,4}))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  if (/[^0]/.test(fraction.slice(exponent))) return undefined;
  return Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
};

const exponentOf = (currency: number): number => currencyByNumeric(currency)?.exponent ?? 2;

/** What names the currency in a request: nothing for yuan, which is meant without. */
export const currencyFields = (currency: number): Readonly<Record<string, string>> => {
  const code = currencyByNumeric(currency)?.code;
  return code === undefined || code === 'CNY' ? {} : { trans_currency: code };
};
