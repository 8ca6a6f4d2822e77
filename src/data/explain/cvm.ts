import { toHex } from '#bytes/hex.ts';
import { malformed } from '#bytes/malformed.ts';
import type { Book } from '../dictionary.ts';
import { cvmCodes, cvmCodesK2, cvmCodesK4, cvmConditions, cvmOutcomes } from '../values.ts';
import { type Detail, detail, type Finding } from './explanation.ts';
import { count, named } from './lists.ts';

/** CVM List, Book 3 §10.5: amounts X and Y of four bytes, then two bytes a rule. */
export const explainCvmList = (value: Uint8Array, book?: Book): Finding => {
  if (value.length < 8) {
    return { malformed: malformed([], 0, 'amounts X and Y need eight bytes') };
  }
  const rules: Detail[] = [];
  for (let at = 8; at + 2 <= value.length; at += 2) {
    const [code = 0, condition = 0] = value.subarray(at, at + 2);
    rules.push(detail(`rule ${rules.length + 1}`, ruleText(code, condition, book)));
  }
  const details = [
    detail('X', minorUnits(value.subarray(0, 4))),
    detail('Y', minorUnits(value.subarray(4, 8))),
    ...rules,
  ];
  return {
    meaning: count(rules.length, 'rule'),
    details,
    ...(value.length % 2 === 0
      ? {}
      : { malformed: malformed([], value.length - 1, 'half a rule') }),
  };
};

/** CVM Results: the code, condition and result of the rule that ended cardholder verification. */
export const cvmResultsMeaning = (value: Uint8Array, book?: Book): string | undefined => {
  const [code, , result] = value;
  if (value.length !== 3 || code === undefined || result === undefined) return undefined;
  return `${named(codesOf(book), code & 0x3f)}: ${named(cvmOutcomes, result)}`;
};

const ruleText = (code: number, condition: number, book: Book | undefined): string => {
  const method = named(codesOf(book), code & 0x3f);
  const when = named(cvmConditions, condition);
  const otherwise = (code & 0x40) !== 0 ? 'or else the next rule' : 'or else it has failed';
  return `${method}, ${when}; ${otherwise}`;
};

const codesOf = (book: Book | undefined) =>
  book === 'K4' ? cvmCodesK4 : book === 'K2' || book === 'K5' ? cvmCodesK2 : cvmCodes;

const minorUnits = (value: Uint8Array): string =>
  `${Number.parseInt(toHex(value), 16)} minor units of the application currency`;
