import type { Kernel } from '../shared/kernel.ts';
import { type Outcome, outcome, reason } from '../shared/outcome.ts';
import { cardActionAnalysis } from './card-action-analysis.ts';
import { cardholderVerification } from './cardholder-verification.ts';
import { initiateApplicationProcessing } from './initiate.ts';
import { offlineDataAuthentication } from './offline-data-authentication.ts';
import { onlineResponse } from './online-response.ts';
import { optionsOf } from './options.ts';
import { report } from './outcomes.ts';
import { processingRestrictions } from './processing-restrictions.ts';
import { readApplicationData } from './read.ts';
import { isOfflineOnly, readerCapabilities } from './reader-capabilities.ts';
import { newRun, type Phase, type PhaseName } from './run.ts';
import { terminalActionAnalysis, terminalRiskManagement } from './terminal-action-analysis.ts';

/**
 * Kernel 4 (American Express Expresspay), Book C-4 2.12: EMV mode; dynamic reader limits and
 * magnetic-stripe mode are gone from the book.
 */
export const kernel4: Kernel = function* (input) {
  // There is no second tap: what the issuer sends is for no card of this kernel.
  if (input.start !== 'D' && input.issuerData !== undefined) {
    return outcome('endApplication', { why: [reason('kernel 4 delivers no issuer data')] });
  }
  const options = optionsOf(input);
  const unable = options.unableToGoOnline || isOfflineOnly(input);
  const run = newRun(input, options, readerCapabilities(input, unable));
  let phase: PhaseName = input.start === 'D' ? 'onlineResponse' : 'initiateApplicationProcessing';
  for (;;) {
    const next: PhaseName | Outcome = yield* phases[phase](run);
    if (typeof next !== 'string') return { ...next, report: report(run) };
    phase = next;
  }
};

const phases: Readonly<Record<PhaseName, Phase>> = {
  initiateApplicationProcessing,
  readApplicationData,
  offlineDataAuthentication,
  processingRestrictions,
  cardholderVerification,
  terminalRiskManagement,
  terminalActionAnalysis,
  cardActionAnalysis,
  onlineResponse,
};
