import { bit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { type Cvm, type Outcome, reason } from '../shared/outcome.ts';
import {
  cprSays,
  EMPTY,
  endApplication,
  type Kernel6Run,
  otherInterfaceOrEnd,
  type Phase,
  setTvr,
  terminalHas,
  ttqSays,
} from './run.ts';

/** C-6, Cardholder Verification: what the card requires (9F71) against what the reader can. */
export const cardholderVerification: Phase = function* (run) {
  const required = cprSays(run, 'onlinePinRequired') || cprSays(run, 'signatureRequired');
  // Nobody wants any: no verification is done.
  if (!required && !ttqSays(run, 'cvmRequired')) return 'processingRestrictions';
  const cvm = inTerminal(run) ?? onDeviceOrNone(run);
  if (typeof cvm !== 'string') return cvm;
  run.cvm = cvm;
  if (cvm === 'onlinePin') setTvr(run, 'onlinePinEntered');
  return 'processingRestrictions';
};

const inTerminal = (run: Kernel6Run): Cvm | undefined => {
  if (cprSays(run, 'onlinePinRequired')) {
    if (ttqSays(run, 'onlinePinSupported')) return 'onlinePin';
    if (signsInstead(run)) return 'obtainSignature';
  }
  return cprSays(run, 'signatureRequired') && ttqSays(run, 'signatureSupported')
    ? 'obtainSignature'
    : undefined;
};

const signsInstead = (run: Kernel6Run): boolean =>
  cprSays(run, 'signatureInstead') && ttqSays(run, 'signatureSupported');

const onDeviceOrNone = (run: Kernel6Run): Cvm | Outcome => {
  // Terminal Capabilities byte 2 bit 4: No CVM.
  const noneWillDo =
    cprSays(run, 'noCvmInstead') && terminalHas(run, tag.terminalCapabilities, [2, 4]);
  if (ttqSays(run, 'cdcvmSupported') && cprSays(run, 'cdcvmPerformed')) {
    if (deviceConfirms(run)) return 'confirmationCodeVerified';
    if (signsInstead(run)) return 'obtainSignature';
    if (noneWillDo && !ttqSays(run, 'cvmRequired')) return 'noCvm';
    setTvr(run, 'cvmNotSuccessful');
    return endApplication(run, reason('the device did not verify its holder', CVR));
  }
  return noneWillDo
    ? 'noCvm'
    : otherInterfaceOrEnd(run, reason('no cardholder verification in common', CPR));
};

const CPR = tag.cardProcessingRequirementsCpr;
const CVR = tag.issuerApplicationData;

/**
 * Byte 2 of the contactless card verification results: bit 2 CDCVM performed, bit 1 failed. They
 * are bytes 3 to 10 of the IAD, behind key index and cryptogram version: from memory, the book
 * leaves the IAD to the scheme.
 */
const deviceConfirms = ({ card }: Kernel6Run): boolean => {
  const results = (card.get(tag.issuerApplicationData) ?? EMPTY).subarray(2, 10);
  return bit(results, 2, 2) && !bit(results, 2, 1);
};
