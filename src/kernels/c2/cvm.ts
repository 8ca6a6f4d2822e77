import { tag } from '#data/dictionary.ts';
import {
  type CvmFacts,
  type CvmRule,
  conditionMet,
  cvmMethod,
  methodIn,
  nextIfUnsuccessful,
  rulesIn,
} from '../shared/cvm-list.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { bytesOf, cdcvmSupported, dataBit, type Kernel2Run, setTvr } from './run.ts';

/**
 * CVM selection, C-2 7.5: sets the CVM, the CVM Results (9F34) and the TVR bits that go with it.
 * @param overLimit the amount is over the Reader CVM Required Limit
 * @returns what is wrong with the card's list, if it is looked at and can't be read
 */
export const selectCvm = (run: Kernel2Run, overLimit: boolean): Reason | undefined => {
  if (cdcvmSupported(run)) {
    // The phone has verified its owner, or will not be asked to for a small amount.
    if (overLimit) settle(run, 'confirmationCodeVerified', 0x01, 0x00, 0x02);
    else settle(run, 'noCvm', 0x3f, 0x00, 0x02);
    return undefined;
  }
  if (!dataBit(run, tag.applicationInterchangeProfile, 1, 5)) {
    settle(run, 'noCvm', 0x3f, 0x00, 0x00);
    return undefined;
  }
  const list = bytesOf(run, tag.cvmList);
  if (list.length === 0) {
    settle(run, 'noCvm', 0x3f, 0x00, 0x00);
    setTvr(run, 'iccDataMissing');
    return undefined;
  }
  // Amounts X and Y take eight bytes, each rule two.
  if (list.length % 2 !== 0) return reason('an odd length', tag.cvmList);
  walkRules(run, list);
  return undefined;
};

const walkRules = (run: Kernel2Run, list: Uint8Array): void => {
  const facts: CvmFacts = {
    list,
    find: (wanted) => run.data.get(wanted),
    supports: (code) => {
      const method = METHODS.get(code);
      return method !== undefined && supported(run, method);
    },
  };
  const rules = rulesIn(list);
  for (const [at, rule] of rules.entries()) {
    if (!conditionMet(rule, facts)) continue;
    if (apply(run, rule)) return;
    const more = nextIfUnsuccessful(rule) && at + 1 < rules.length;
    if (more) continue;
    // CVM.19: the rule lets no other follow, or none is left.
    const { code, condition } = rule;
    if (methodIn(rule) === cvmMethod.fail) settle(run, 'noCvm', code, condition, 0x01);
    else settle(run, 'noCvm', 0x3f, 0x00, 0x01);
    setTvr(run, 'cvmNotSuccessful');
    return;
  }
  settle(run, 'noCvm', 0x3f, 0x00, 0x01);
  setTvr(run, 'cvmNotSuccessful');
};

// CVM.18: true when this rule settles the matter.
const apply = (run: Kernel2Run, rule: CvmRule): boolean => {
  const { code, condition } = rule;
  const method = METHODS.get(methodIn(rule));
  if (method === undefined) {
    setTvr(run, 'unrecognisedCvm');
    return false;
  }
  const { cvm, result } = method;
  if (cvm === undefined || !supported(run, method)) return false;
  if (cvm === 'onlinePin') setTvr(run, 'onlinePinEntered');
  if (cvm === 'obtainSignature') run.receipt = true;
  settle(run, cvm, code, condition, result);
  return true;
};

// Offline PIN is judged by its bit like any method; no contactless reader performs it, and the
// configuration refuses the bit: set all the same, the method is not supported.
const supported = (run: Kernel2Run, { cvm, capabilityBit }: Method): boolean =>
  cvm !== undefined && dataBit(run, tag.terminalCapabilities, 2, capabilityBit);

interface Method {
  /** Terminal Capabilities byte 2. */
  readonly capabilityBit: number;
  /** Undefined: known, but no contactless reader performs it. */
  readonly cvm?: 'onlinePin' | 'obtainSignature' | 'noCvm';
  readonly result: number;
}

// CVM codes, Book 3 Annex C3; results as C-2 7.5 sets them: 00 unknown yet, 02 successful.
const METHODS = new Map<number, Method>([
  [cvmMethod.fail, { capabilityBit: 0, result: 0x01 }],
  [cvmMethod.plaintextPinByCard, { capabilityBit: 8, result: 0x01 }],
  [cvmMethod.onlinePin, { capabilityBit: 7, cvm: 'onlinePin', result: 0x00 }],
  [cvmMethod.plaintextPinByCardAndSignature, { capabilityBit: 8, result: 0x01 }],
  [cvmMethod.encipheredPinByCard, { capabilityBit: 5, result: 0x01 }],
  [cvmMethod.encipheredPinByCardAndSignature, { capabilityBit: 5, result: 0x01 }],
  [cvmMethod.signature, { capabilityBit: 6, cvm: 'obtainSignature', result: 0x00 }],
  [cvmMethod.noCvm, { capabilityBit: 4, cvm: 'noCvm', result: 0x02 }],
]);

const settle = (
  run: Kernel2Run,
  cvm: Kernel2Run['cvm'],
  code: number,
  condition: number,
  result: number,
): void => {
  run.cvm = cvm;
  run.data.set(tag.cvmResults, Uint8Array.of(code, condition, result));
};
