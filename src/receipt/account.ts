import { maskPan } from '#data/mask.ts';

/**
 * The card's number as a receipt may show it: of the shopper's own the last four digits alone, of
 * the shop's the first six too. PCI DSS 3.4. What is masked already stays so; what isn't, is.
 */
export const shownNumber = (masked: string, copy: 'customer' | 'merchant'): string => {
  const number = maskPan(masked.replaceAll(/[^0-9*]/g, ''));
  return copy === 'merchant'
    ? number
    : `${'*'.repeat(Math.max(0, number.length - 4))}${lastFour(number)}`;
};

/** A text of others (till, wallet, card), without what reads as an account number. */
export const withoutAccount = (text: string): string =>
  text.replaceAll(PLAIN, hidden).replaceAll(GROUPED, hidden);

const lastFour = (number: string): string => number.slice(-4);

// ISO/IEC 7812: up to 19 digits; no scheme has fewer than 13. People write them in groups.
const PLAIN = /(?<!\d)\d{13,19}(?!\d)/g;
const GROUPED = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;

const hidden = (run: string): string => {
  const digits = run.replaceAll(/[ -]/g, '');
  return checks(digits) ? maskPan(digits) : run;
};

// The check digit of ISO/IEC 7812-1 Annex B: a number that fails it is no account's.
const checks = (digits: string): boolean => {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};
