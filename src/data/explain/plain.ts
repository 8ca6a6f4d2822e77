import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { type Currency, currencyByNumeric } from '../currencies.ts';
import { type Decoded, decode } from '../decode.ts';
import type { Element } from '../row.ts';
import { schemeOf } from '../schemes.ts';
import { authorisationResponseCodes } from '../values.ts';
import type { Finding } from './explanation.ts';

/** What the value's format alone says: a number, a date, a text. */
export const explainFormat = (
  row: Element,
  value: Uint8Array,
  currency: Currency | undefined,
): Finding => {
  const decoded = decode(row, value);
  if (isMalformed(decoded)) {
    return { remarks: [`not of format ${row.layout}: ${decoded.problem}`] };
  }
  const meaning =
    row.layout === 'n 12' && decoded.kind === 'number'
      ? amountText(decoded.value, currency)
      : decodedText(decoded);
  // A code such as a country's says no more without its leading zeros.
  const plain = meaning === undefined || /^n [1-4]$/.test(row.layout);
  return plain ? {} : { meaning };
};

/** "12.50 EUR"; without a currency, minor units. */
export const amountText = (minor: number, currency: Currency | undefined): string => {
  if (currency === undefined) return `${minor} minor units`;
  const { code, exponent } = currency;
  const digits = `${minor}`.padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  return exponent === 0 ? `${whole} ${code}` : `${whole}.${digits.slice(-exponent)} ${code}`;
};

export const explainCurrency = (value: Uint8Array): Finding => {
  const currency = currencyOf(value);
  return currency === undefined
    ? { remarks: ['no currency that this terminal knows'] }
    : { meaning: `${currency.code}, ${currency.exponent} decimal places` };
};

export const currencyOf = (value: Uint8Array): Currency | undefined =>
  currencyByNumeric(Number(toHex(value)));

/** A file or application name: a directory by its text, an application by its scheme's RID. */
export const explainApplicationName = (value: Uint8Array): Finding => {
  const text = String.fromCharCode(...value);
  if (text === '2PAY.SYS.DDF01') return { meaning: `"${text}", the contactless directory (PPSE)` };
  if (text === '1PAY.SYS.DDF01') return { meaning: `"${text}", the contact directory (PSE)` };
  const scheme = schemeOf(value);
  return scheme === undefined
    ? { meaning: 'a scheme that is not known here' }
    : {
        meaning: `${scheme.name}, kernel ${Number(scheme.kernelId)} unless the card asks otherwise`,
      };
};

export const explainResponseCode = (value: Uint8Array): Finding => {
  const text = String.fromCharCode(...value);
  return /^[0-9A-Z]{2}$/.test(text)
    ? { meaning: `"${text}", ${authorisationResponseCodes[text] ?? 'declined by the issuer'}` }
    : { remarks: ['no two letters or digits'] };
};

/** Two letters of ISO 639 a language, in the order of preference. */
export const explainLanguages = (value: Uint8Array): Finding => {
  const text = String.fromCharCode(...value);
  return /^([A-Za-z]{2}){1,4}$/.test(text)
    ? { meaning: text.match(/../g)?.join(', ') ?? text }
    : { remarks: ['no languages of two letters each'] };
};

const decodedText = (decoded: Decoded): string | undefined => {
  switch (decoded.kind) {
    case 'number':
    case 'bigint':
      return `${decoded.value}`;
    case 'digits':
      return decoded.value;
    case 'text':
      return `"${decoded.value}"`;
    case 'date':
      return `${decoded.year}-${two(decoded.month)}-${two(decoded.day)}`;
    case 'time':
      return `${two(decoded.hour)}:${two(decoded.minute)}:${two(decoded.second)}`;
    case 'objects':
    case 'bytes':
      return undefined;
  }
};

const two = (value: number): string => `${value}`.padStart(2, '0');
