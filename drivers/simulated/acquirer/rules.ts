import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** When a payment is answered with something else than 00. All conditions of a rule must hold. */
export interface Rule {
  readonly name: string;
  /** DE 39, two characters. */
  readonly answer: string;
  /** Decimals of the payment's currency. */
  readonly exponent?: number;
  /** In the currency's smallest unit. */
  readonly amountAbove?: number;
  /** Last digits of the amount in the currency's smallest unit. */
  readonly amountEndsIn?: string;
  /** First digits of the account number. */
  readonly pan?: string;
}

export interface Rules {
  readonly rules: readonly Rule[];
  /** Decimals by ISO 4217 numeric code; 2 for those not named. */
  readonly exponents: Readonly<Record<string, number>>;
}

/** The rules beside this file. */
export const shippedRules: string = fileURLToPath(new URL('rules.json', import.meta.url));

/** Reads rules; throws with file and rule when they aren't rules, for the start to fail on. */
export const loadRules = async (path: string): Promise<Rules> => {
  const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Rules>;
  const rules = value.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    const problem = problemOf(rule);
    if (problem !== undefined) throw new Error(`${path}: rules[${index}]: ${problem}`);
  }
  return { rules, exponents: value.exponents ?? {} };
};

/** DE 39 for a payment whose cryptogram is good. */
export const answerFor = (
  { rules, exponents }: Rules,
  payment: { readonly amountMinor: number; readonly currency: string; readonly pan: string },
): string => {
  const exponent = exponents[payment.currency] ?? 2;
  const digits = payment.amountMinor.toString().padStart(12, '0');
  const rule = rules.find(
    (candidate) =>
      (candidate.exponent ?? exponent) === exponent &&
      payment.amountMinor > (candidate.amountAbove ?? -1) &&
      digits.endsWith(candidate.amountEndsIn ?? '') &&
      payment.pan.startsWith(candidate.pan ?? ''),
  );
  return rule?.answer ?? '00';
};

const TYPES: Readonly<Record<keyof Rule, 'string' | 'number'>> = {
  name: 'string',
  answer: 'string',
  exponent: 'number',
  amountAbove: 'number',
  amountEndsIn: 'string',
  pan: 'string',
};

const problemOf = (rule: Rule): string | undefined => {
  if (!/^[0-9A-Z]{2}$/.test(rule.answer)) return 'answer must be two characters';
  for (const [key, value] of Object.entries(rule)) {
    const type = TYPES[key as keyof Rule];
    if (type === undefined) return `${key} is not known`;
    if (typeof value !== type) return `${key} must be a ${type}`;
  }
  return undefined;
};
