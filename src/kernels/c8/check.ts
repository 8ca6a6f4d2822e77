import { startsWith, withBit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { reason } from '../shared/outcome.ts';
import { endInSilence } from './outcomes.ts';
import {
  bytesOf,
  dataBit,
  isNotEmpty,
  type Kernel8Run,
  numberOf,
  type State,
  setTvr,
} from './run.ts';
import { analyseActions } from './terminal-action-analysis.ts';

/**
 * Before GENERATE AC: limits, whether the card can be authenticated here, and the first action
 * analysis. Kernel 8 checks neither dates nor usage nor versions: the card does, and says so in
 * Card TVR. C-8
 */
export const checkBeforeGenerateAc: State = function* (run) {
  for (const needed of [tag.amountAuthorisedNumeric, tag.transactionDate]) {
    if (!isNotEmpty(run, needed)) {
      return endInSilence(run, 'transactionDataMissing', reason('the terminal lacks it', needed));
    }
  }
  chooseCapabilities(run);
  if (amount(run) > numberOf(run, tag.readerContactlessFloorLimitK8)) {
    setTvr(run, 'floorLimitExceeded');
  }
  const aid = bytesOf(run, tag.applicationIdentifierTerminal);
  if (!startsWith(bytesOf(run, tag.dfName), aid)) setTvr(run, 'aidMismatch');
  if (!authenticatesLocally(run)) {
    setTvr(run, 'localAuthenticationNotPerformed');
    run.localAuthentication = 'local authentication not performed';
  }
  run.decision = analyseActions(run);
  run.requested = run.decision;
  return 'generateAc';
};

/** Both sides do local authentication: Kernel Qualifier byte 2 bit 8, AIP byte 1 bit 1. */
export const authenticatesLocally = (run: Kernel8Run): boolean =>
  dataBit(run, tag.kernelQualifier, 2, 8) && dataBit(run, tag.applicationInterchangeProfile, 1, 1);

const amount = (run: Kernel8Run): number => numberOf(run, tag.amountAuthorisedNumeric);

// The flow of C-8 1.2 has the limit itself count as exceeded; the limit's own description in the
// dictionary, and version 1.1, say "greater than".
const exceedsCvmLimit = (run: Kernel8Run): boolean =>
  amount(run) >= numberOf(run, tag.readerCvmRequiredLimitK8);

// Terminal Capabilities byte 2: what this reader can do for an amount over or under the CVM limit;
// Terminal Risk Management Data repeats the four methods at the same bits, and leaves its others.
const chooseCapabilities = (run: Kernel8Run): void => {
  const exceeded = exceedsCvmLimit(run);
  const from = exceeded ? tag.cvmCapabilityCvmRequiredK8 : tag.cvmCapabilityNoCvmRequiredK8;
  const capability = bytesOf(run, from)[0] ?? 0;
  const capabilities = Uint8Array.from(bytesOf(run, tag.terminalCapabilities));
  capabilities[1] = capability;
  run.data.set(tag.terminalCapabilities, capabilities);
  let risk = Uint8Array.from(bytesOf(run, tag.terminalRiskManagementData));
  risk[0] = ((risk[0] ?? 0) & ~METHODS) | (capability & METHODS);
  if (exceeded) {
    run.receipt = true;
    risk = Uint8Array.from(withBit(risk, 2, 8, true));
  }
  run.data.set(tag.terminalRiskManagementData, risk);
};

// Online PIN b7, signature b6, no CVM b4, CDCVM b3.
const METHODS = 0x6c;
