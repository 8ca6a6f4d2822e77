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
  /** First digits of DE 3: 00 purchase, 20 refund. */
  readonly processing?: string;
  /** Requests only, or advices only. */
  readonly messages?: 'requests' | 'advices';
  /** With answer 10: how much of the amount is approved. */
  readonly percent?: number;
  /** Issuer scripts, templates 71 and 72 in hexadecimal, that go into DE 55 of the answer. */
  readonly scripts?: string;
}

export interface Rules {
  readonly rules: readonly Rule[];
  /** Decimals by ISO 4217 numeric code; 2 for those not named. */
  readonly exponents: Readonly<Record<string, number>>;
}

/** What rules look at. */
export interface RuledPayment {
  readonly amountMinor: number;
  readonly currency: string;
  /** Empty when the message has none: then no rule for cards holds. */
  readonly pan: string;
  /** DE 3; a purchase when absent. */
  readonly processing?: string;
  /** A request when absent. */
  readonly messages?: 'requests' | 'advices';
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

/** The first rule that holds for a payment whose cryptogram is good; undefined: answer 00. */
export const ruleFor = ({ rules, exponents }: Rules, payment: RuledPayment): Rule | undefined => {
  const { processing = '00', messages = 'requests' } = payment;
  const exponent = exponents[payment.currency] ?? 2;
  const digits = payment.amountMinor.toString().padStart(12, '0');
  return rules.find(
    (candidate) =>
      (candidate.exponent ?? exponent) === exponent &&
      payment.amountMinor > (candidate.amountAbove ?? -1) &&
      digits.endsWith(candidate.amountEndsIn ?? '') &&
      payment.pan.startsWith(candidate.pan ?? '') &&
      processing.startsWith(candidate.processing ?? '') &&
      (candidate.messages ?? messages) === messages,
  );
};

/** DE 39 for a payment whose cryptogram is good. */
export const answerFor = (rules: Rules, payment: RuledPayment): string =>
  ruleFor(rules, payment)?.answer ?? '00';

const TYPES: Readonly<Record<keyof Rule, 'string' | 'number'>> = {
  name: 'string',
  answer: 'string',
  exponent: 'number',
  amountAbove: 'number',
  amountEndsIn: 'string',
  pan: 'string',
  processing: 'string',
  messages: 'string',
  percent: 'number',
  scripts: 'string',
};

const problemOf = (rule: Rule): string | undefined => {
  if (!/^[0-9A-Z]{2}$/.test(rule.answer)) return 'answer must be two characters';
  for (const [key, value] of Object.entries(rule)) {
    const type = TYPES[key as keyof Rule];
    if (type === undefined) return `${key} is not known`;
    if (typeof value !== type) return `${key} must be a ${type}`;
  }
  const { answer, percent = 50, messages = 'requests', scripts = '71' } = rule;
  if (rule.percent !== undefined && answer !== '10') return 'percent goes with answer 10';
  if (!(percent > 0 && percent < 100)) return 'percent must be between 0 and 100';
  if (!/^(requests|advices)$/.test(messages)) return 'messages must be requests or advices';
  if (!/^7[12]([0-9A-F]{2})*$/i.test(scripts)) return 'scripts must be templates 71 or 72';
  return undefined;
};
