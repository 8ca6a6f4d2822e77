import { withBit } from '#bytes/bytes.ts';
import { noObjects } from '../shared/card-objects.ts';
import type { Kernel, KernelInput } from '../shared/kernel.ts';
import type { KernelReport, Outcome } from '../shared/outcome.ts';
import { cardholderVerification } from './cardholder-verification.ts';
import { initiateApplicationProcessing } from './initiate.ts';
import { issuerUpdate } from './issuer-update.ts';
import { offlineDataAuthentication } from './offline-data-authentication.ts';
import { optionsOf } from './options.ts';
import { processingRestrictions } from './processing-restrictions.ts';
import { readApplicationData } from './read.ts';
import { EMPTY, type Kernel6Run, type Phase, type PhaseName, setTvr } from './run.ts';
import { terminalActionAnalysis } from './terminal-action-analysis.ts';

/**
 * Kernel 6 (Discover D-PAS), Book C-6 2.12. Without the card features, options of the book: data
 * storage, extended logging and the recovery of torn transactions (DF3A, DF3B change nothing).
 */
export const kernel6: Kernel = function* (input) {
  const run = newRun(input);
  // The issuer's data belongs to a transaction whose answer the host has already given.
  let phase: PhaseName =
    input.issuerData === undefined ? 'initiateApplicationProcessing' : 'issuerUpdate';
  for (;;) {
    const next: PhaseName | Outcome = yield* phases[phase](run);
    if (typeof next !== 'string') return { ...next, report: report(run) };
    phase = next;
  }
};

const newRun = (input: KernelInput): Kernel6Run => {
  const options = optionsOf(input);
  const run: Kernel6Run = {
    input,
    options,
    ttq: ownQualifiers(input.preprocessing.ttq, options.deferredAuthorisation),
    fci: new Map(),
    ...noObjects(),
    pdolValues: EMPTY,
    answered: [],
    signedRecords: [],
    pan: '',
    tvr: new Uint8Array(5),
    cdaExpected: false,
    cda: 'notPerformed',
    usageUnchecked: false,
    cvm: 'noCvm',
    oda: 'not performed',
    why: [],
  };
  setTvr(run, 'odaNotPerformed');
  setTvr(run, 'floorLimitExceeded', input.preprocessing.readerContactlessFloorLimitExceeded);
  return run;
};

// Magnetic-stripe mode (byte 1 bit 8) is gone. Where authorisation is deferred the card is asked
// for an online cryptogram, to be sent later.
const ownQualifiers = (configured: Uint8Array = new Uint8Array(4), deferred: boolean) => {
  const emvMode = withBit(configured, 1, 8, false);
  return deferred ? withBit(emvMode, 2, 8, true) : emvMode;
};

const report = ({ card, fci, input, oda, tvr, cda }: Kernel6Run): KernelReport => ({
  tvr,
  // Byte 1 bit 8: offline data authentication was performed.
  tsi: Uint8Array.of(cda === 'notPerformed' ? 0 : 0x80, 0),
  oda,
  known: (wanted) => card.get(wanted) ?? fci.get(wanted) ?? input.terminal.get(wanted),
});

const phases: Readonly<Record<PhaseName, Phase>> = {
  initiateApplicationProcessing,
  readApplicationData,
  offlineDataAuthentication,
  cardholderVerification,
  processingRestrictions,
  terminalActionAnalysis,
  issuerUpdate,
};
