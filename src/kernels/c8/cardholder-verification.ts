import { tag } from '#data/dictionary.ts';
import type { Cvm } from '../shared/outcome.ts';
import { bytesOf, dataBit, type Kernel8Run, setTvr } from './run.ts';

/**
 * Cardholder Verification Decision (9F8102): the card has chosen, the terminal must be able to.
 * Sets CVM, CVM Results (9F34) and the TVR bits that go with it. C-8
 */
export const followVerificationDecision = (run: Kernel8Run): void => {
  const decision = bytesOf(run, tag.cardholderVerificationDecision)[0] ?? FAILED;
  const method = METHODS.get(decision);
  const supported =
    method !== undefined &&
    (method.capabilityBit === undefined ||
      dataBit(run, tag.terminalRiskManagementData, 1, method.capabilityBit));
  const { cvm, code, result } = supported ? method : NOT_SUCCESSFUL;
  run.cvm = cvm;
  run.data.set(tag.cvmResults, Uint8Array.of(code, 0x00, result));
  if (!supported) setTvr(run, 'cardholderVerificationFailed');
  else if (cvm === 'onlinePin') setTvr(run, 'onlineCvm');
};

interface Method {
  readonly cvm: Cvm;
  /** Terminal Risk Management Data byte 1; undefined: nothing is needed of the terminal. */
  readonly capabilityBit?: number;
  /** CVM Results bytes 1 and 3: 00 unknown yet, 01 failed, 02 successful. */
  readonly code: number;
  readonly result: number;
}

const FAILED = 0xff;

const NOT_SUCCESSFUL: Method = { cvm: 'none', code: 0x3f, result: 0x01 };

const METHODS: ReadonlyMap<number, Method> = new Map<number, Method>([
  [0x00, { cvm: 'noCvm', capabilityBit: 4, code: 0x1f, result: 0x02 }],
  [0x01, { cvm: 'obtainSignature', capabilityBit: 6, code: 0x1e, result: 0x00 }],
  [0x02, { cvm: 'onlinePin', capabilityBit: 7, code: 0x02, result: 0x00 }],
  [0x03, { cvm: 'confirmationCodeVerified', capabilityBit: 3, code: 0x01, result: 0x02 }],
  [0x0f, { cvm: 'none', code: 0x3f, result: 0x00 }],
]);
