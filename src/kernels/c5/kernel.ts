import { withBit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { noObjects } from '../shared/card-objects.ts';
import { ARQC } from '../shared/cryptogram-type.ts';
import type { Kernel, KernelInput } from '../shared/kernel.ts';
import type { Cvm, KernelReport, Outcome } from '../shared/outcome.ts';
import { generateAc } from './emv-mode.ts';
import { initiateApplicationProcessing } from './initiate.ts';
import { issuerUpdate } from './issuer-update.ts';
import { legacyGenerateAc } from './legacy-mode.ts';
import { optionsOf } from './options.ts';
import { processingRestrictions } from './processing-restrictions.ts';
import { readApplicationData } from './read.ts';
import { terminalRiskManagement } from './risk-management.ts';
import {
  CVM_RESULTS,
  EMPTY,
  elementIn,
  type Kernel5Run,
  type Phase,
  type PhaseName,
} from './run.ts';
import { terminalActionAnalysis } from './terminal-action-analysis.ts';

/** Kernel 5 (JCB, J/Speedy: EMV mode and legacy mode), Book C-5 2.12. */
export const kernel5: Kernel = function* (input) {
  // The host's answer belongs to a transaction whose first half is over.
  const update = input.onlineResponse !== undefined || input.issuerData !== undefined;
  const run = newRun(input, update ? input.before : undefined);
  let phase: PhaseName = update ? 'issuerUpdate' : 'initiateApplicationProcessing';
  for (;;) {
    const next: PhaseName | Outcome = yield* phases[phase](run);
    if (typeof next !== 'string') return { ...next, report: report(run) };
    phase = next;
  }
};

const newRun = (input: KernelInput, earlier: KernelInput['before']): Kernel5Run => {
  const cvmResults = earlier?.(tag.cvmResults) ?? CVM_RESULTS.notApplicable;
  return {
    ...noObjects(),
    input,
    options: optionsOf(input),
    tip: interchangeProfile(input),
    fci: new Map(),
    ...(earlier === undefined ? {} : { earlier }),
    legacy: false,
    signedRecords: [],
    pan: '',
    tvr: earlier?.(tag.terminalVerificationResults) ?? new Uint8Array(5),
    cvmResults,
    cda: false,
    pdolValues: EMPTY,
    cdol1Values: EMPTY,
    acType: ARQC,
    cvm: cvmOf(cvmResults),
    oda: 'not performed',
    why: [],
  };
};

// Terminal Interchange Profile: what is configured, and byte 1 bit 8 for this amount. Entry Point
// compares with the CVM limit as the book does ("equal or over"), and keeps what a shop lowers.
const interchangeProfile = ({ terminal, transaction, preprocessing }: KernelInput): Uint8Array => {
  const configured = terminal.get(tag.terminalInterchangeProfileDynamic) ?? new Uint8Array(3);
  const required = VERIFIES.has(transaction.type) && preprocessing.readerCvmRequiredLimitExceeded;
  return withBit(configured, 1, 8, required);
};

// Purchase, cash and cashback.
const VERIFIES: ReadonlySet<number> = new Set([0x00, 0x01, 0x09]);

const cvmOf = ([method]: Uint8Array): Cvm =>
  CHOICES.find((one) => CVM_RESULTS[one][0] === method) ?? 'none';

const CHOICES = ['noCvm', 'obtainSignature', 'onlinePin', 'confirmationCodeVerified'] as const;

const report = (run: Kernel5Run): KernelReport => ({
  tvr: run.tvr,
  oda: run.oda,
  known: (wanted) => elementIn(run, wanted) ?? run.fci.get(wanted),
});

const phases: Readonly<Record<PhaseName, Phase>> = {
  initiateApplicationProcessing,
  readApplicationData,
  terminalRiskManagement,
  processingRestrictions,
  terminalActionAnalysis,
  generateAc,
  legacyGenerateAc,
  issuerUpdate,
};
