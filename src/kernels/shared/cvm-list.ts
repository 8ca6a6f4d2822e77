import { fromBcd } from '#bytes/bcd.ts';
import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';

/** One rule of a CVM List (8E): the method and what it depends on. Book 3 §10.5, Annex C3 */
export interface CvmRule {
  /** Bits 6-1 the method, bit 7 "the next rule, if this is unsuccessful". */
  readonly code: number;
  readonly condition: number;
}

/** Methods, bits 6-1 of a rule's code. */
export const cvmMethod = {
  fail: 0x00,
  plaintextPinByCard: 0x01,
  onlinePin: 0x02,
  plaintextPinByCardAndSignature: 0x03,
  encipheredPinByCard: 0x04,
  encipheredPinByCardAndSignature: 0x05,
  signature: 0x1e,
  noCvm: 0x1f,
} as const;

export const methodIn = ({ code }: CvmRule): number => code & 0x3f;

export const nextIfUnsuccessful = ({ code }: CvmRule): boolean => (code & 0x40) !== 0;

/** Behind the amounts X and Y of four bytes each. */
export const rulesIn = (list: Uint8Array): readonly CvmRule[] => {
  const rules: CvmRule[] = [];
  for (let at = 8; at + 1 < list.length; at += 2) {
    rules.push({ code: list[at] ?? 0, condition: list[at + 1] ?? 0 });
  }
  return rules;
};

/** What a condition may depend on. */
export interface CvmFacts {
  readonly list: Uint8Array;
  readonly find: (tag: number) => Uint8Array | undefined;
  /** Whether this terminal can do what the rule's method asks for. */
  readonly supports: (method: number) => boolean;
}

/**
 * Whether a rule's condition is met, Book 3 Annex C3. One that is unknown, or lacks its data, is
 * not. The kernels' books leave open what cash, unattended and cashback are; decided after Book 3.
 */
export const conditionMet = (rule: CvmRule, { list, find, supports }: CvmFacts): boolean => {
  switch (rule.condition) {
    case 0x00:
      return true;
    case 0x01:
      return isCash(find) && isUnattended(find);
    case 0x02:
      return !isCash(find) && !isCashback(find);
    case 0x03:
      // "If the terminal supports the CVM": where it does not, or does not know it, the rule is
      // passed over whatever its bit 7 says. Decided: to fail (00) needs no support.
      return methodIn(rule) === cvmMethod.fail || supports(methodIn(rule));
    case 0x04:
      return isCash(find) && !isUnattended(find);
    case 0x05:
      return isCashback(find);
    default:
      return amountCondition(rule.condition, list, find);
  }
};

const isCash = (find: CvmFacts['find']): boolean => {
  const type = find(tag.transactionType)?.[0];
  return type === 0x01 || type === 0x17;
};

const isUnattended = (find: CvmFacts['find']): boolean =>
  [4, 5, 6].includes((find(tag.terminalType)?.[0] ?? 0) & 0x0f);

const isCashback = (find: CvmFacts['find']): boolean =>
  find(tag.transactionType)?.[0] === 0x09 || number(find, tag.amountOtherNumeric) > 0;

// 06 to 09: the amount against X (bytes 1-4) and Y (bytes 5-8), in the application's currency.
const amountCondition = (condition: number, list: Uint8Array, find: CvmFacts['find']): boolean => {
  if (condition < 0x06 || condition > 0x09) return false;
  const currency = find(tag.applicationCurrencyCode) ?? NOTHING;
  if (currency.length === 0) return false;
  if (!equal(currency, find(tag.transactionCurrencyCode) ?? NOTHING)) return false;
  const from = condition <= 0x07 ? 0 : 4;
  const limit = list.subarray(from, from + 4).reduce((sum, byte) => sum * 256 + byte, 0);
  const amount = number(find, tag.amountAuthorisedNumeric);
  return condition % 2 === 0 ? amount < limit : amount > limit;
};

const number = (find: CvmFacts['find'], wanted: number): number =>
  fromBcd(find(wanted) ?? NOTHING) ?? 0;

const NOTHING = new Uint8Array(0);
