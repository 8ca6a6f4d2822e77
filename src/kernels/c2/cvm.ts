import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import {
  bytesOf,
  cdcvmSupported,
  dataBit,
  isNotEmpty,
  type Kernel2Run,
  numberOf,
  setTvr,
} from './run.ts';

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
  for (let at = 8; at + 1 < list.length; at += 2) {
    const code = list[at] ?? 0;
    const condition = list[at + 1] ?? 0;
    if (!satisfied(run, code, condition, list)) continue;
    if (apply(run, code, condition)) return;
    const more = (code & 0x40) !== 0 && at + 3 < list.length;
    if (more) continue;
    // CVM.19: the rule lets no other follow, or none is left.
    if ((code & 0x3f) === 0) settle(run, 'noCvm', code, condition, 0x01);
    else settle(run, 'noCvm', 0x3f, 0x00, 0x01);
    setTvr(run, 'cvmNotSuccessful');
    return;
  }
  settle(run, 'noCvm', 0x3f, 0x00, 0x01);
  setTvr(run, 'cvmNotSuccessful');
};

// CVM.18: true when this rule settles the matter.
const apply = (run: Kernel2Run, code: number, condition: number): boolean => {
  const method = METHODS.get(code & 0x3f);
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
  [0x00, { capabilityBit: 0, result: 0x01 }],
  [0x01, { capabilityBit: 8, result: 0x01 }],
  [0x02, { capabilityBit: 7, cvm: 'onlinePin', result: 0x00 }],
  [0x03, { capabilityBit: 8, result: 0x01 }],
  [0x04, { capabilityBit: 5, result: 0x01 }],
  [0x05, { capabilityBit: 5, result: 0x01 }],
  [0x1e, { capabilityBit: 6, cvm: 'obtainSignature', result: 0x00 }],
  [0x1f, { capabilityBit: 4, cvm: 'noCvm', result: 0x02 }],
]);

// CVM condition codes, Book 3 Annex C3. A condition that is unknown, or lacks its data, is not met.
// The book leaves open what cash, unattended and cashback are; decided after Book 3.
const satisfied = (run: Kernel2Run, code: number, condition: number, list: Uint8Array): boolean => {
  const type = bytesOf(run, tag.transactionType)[0];
  const cash = type === 0x01 || type === 0x17;
  const unattended = [4, 5, 6].includes((bytesOf(run, tag.terminalType)[0] ?? 0) & 0x0f);
  const cashback = type === 0x09 || numberOf(run, tag.amountOtherNumeric) > 0;
  switch (condition) {
    case 0x00:
      return true;
    case 0x01:
      return cash && unattended;
    case 0x02:
      return !cash && !cashback;
    case 0x03:
      return supportedOrFailing(run, code);
    case 0x04:
      return cash && !unattended;
    case 0x05:
      return cashback;
    default:
      return amountCondition(run, condition, list);
  }
};

// Condition 03, "if the terminal supports the CVM": where it does not, or does not know it, the
// rule is passed over whatever its bit 7 says. Decided: to fail (00) needs no support.
const supportedOrFailing = (run: Kernel2Run, code: number): boolean => {
  if ((code & 0x3f) === 0) return true;
  const method = METHODS.get(code & 0x3f);
  return method !== undefined && supported(run, method);
};

// 06 to 09: the amount against X (bytes 1-4) and Y (bytes 5-8), in the application's currency.
const amountCondition = (run: Kernel2Run, condition: number, list: Uint8Array): boolean => {
  if (condition < 0x06 || condition > 0x09) return false;
  const currency = bytesOf(run, tag.applicationCurrencyCode);
  if (!isNotEmpty(run, tag.applicationCurrencyCode)) return false;
  if (!equal(currency, bytesOf(run, tag.transactionCurrencyCode))) return false;
  const from = condition <= 0x07 ? 0 : 4;
  const limit = list.subarray(from, from + 4).reduce((sum, byte) => sum * 256 + byte, 0);
  const amount = numberOf(run, tag.amountAuthorisedNumeric);
  return condition % 2 === 0 ? amount < limit : amount > limit;
};

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
