import type { Kernel } from '../shared/kernel.ts';
import type { Outcome } from '../shared/outcome.ts';
import { completion } from './completion.ts';
import {
  cardholderVerification,
  offlineDataAuthentication,
  processingRestrictions,
} from './decide.ts';
import { initiateApplicationProcessing } from './initiate.ts';
import { cardReadComplete, readApplicationData } from './read.ts';
import type { Kernel3Run, Phase, PhaseName } from './run.ts';

/**
 * Kernel 3 (Visa, EMV mode), Book C-3 2.12: online payments with or without cardholder
 * verification. Not yet here: fDDA, issuer update, integrated data storage.
 */
export const kernel3: Kernel = function* (input) {
  const run: Kernel3Run = {
    input,
    ttq: input.preprocessing.ttq ?? new Uint8Array(4),
    fci: new Map(),
    card: new Map(),
    duplicates: [],
    declineRequired: false,
    onlineRequired: false,
    cvm: 'noCvm',
    why: [],
  };
  let phase: PhaseName = 'initiateApplicationProcessing';
  for (;;) {
    const next: PhaseName | Outcome = yield* phases[phase](run);
    if (typeof next !== 'string') return next;
    phase = next;
  }
};

const phases: Readonly<Record<PhaseName, Phase>> = {
  initiateApplicationProcessing,
  readApplicationData,
  cardReadComplete,
  processingRestrictions,
  offlineDataAuthentication,
  cardholderVerification,
  completion,
};
