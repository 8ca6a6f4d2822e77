import { type Currency, currencyByCode } from './currencies.ts';

/** Largest value of Amount, Authorised (9F02): twelve digits of minor units. */
export const LARGEST_AMOUNT = 999_999_999_999;

/**
 * Reads an amount as a person types it, such as "12.50", into minor units.
 * @returns minor units, or a sentence that says what is wrong
 */
export const parseAmount = (
  text: string,
  { code, exponent }: Currency,
): { readonly minor: number } | { readonly problem: string } => {
  const match = /^([0-9]{1,12})(?:\.([0-9]+))?$/.exec(text);
  if (match === null) {
    return { problem: `"${text}" is not an amount: expected digits such as ${example(exponent)}` };
  }
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > exponent) {
    const places = exponent === 0 ? 'no decimal places' : `${exponent} decimal places`;
    return { problem: `"${text}" has ${fraction.length} decimal places: ${code} has ${places}` };
  }
  const minor = Number(whole + fraction.padEnd(exponent, '0'));
  if (minor > LARGEST_AMOUNT) return { problem: `"${text}" is more than a payment can hold` };
  if (minor === 0) return { problem: `"${text}" is nothing to pay` };
  return { minor };
};

/** "12.50 USD", as `parseAmount` would read it: for staff, in whatever language shoppers speak. */
export const amountText = (minor: number, code: string): string => {
  const exponent = currencyByCode(code)?.exponent ?? 0;
  return `${(minor / 10 ** exponent).toFixed(exponent)} ${code}`;
};

const example = (exponent: number): string =>
  exponent === 0 ? '12' : `12.${'5'.padEnd(exponent, '0')}`;
