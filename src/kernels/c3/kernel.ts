import { bitAt, withBit } from '#bytes/bytes.ts';
import { noObjects } from '../shared/card-objects.ts';
import type { Kernel, KernelInput } from '../shared/kernel.ts';
import type { KernelReport, Outcome } from '../shared/outcome.ts';
import { ttq } from '../shared/qualifiers.ts';
import { cardReadComplete } from './card-read-complete.ts';
import { cardholderVerification } from './cardholder-verification.ts';
import { completion } from './completion.ts';
import { initiateApplicationProcessing } from './initiate.ts';
import { issuerUpdate } from './issuer-update.ts';
import { offlineDataAuthentication } from './offline-data-authentication.ts';
import { optionsOf } from './options.ts';
import { processingRestrictions } from './processing-restrictions.ts';
import { readApplicationData } from './read.ts';
import type { Kernel3Run, Phase, PhaseName } from './run.ts';

/**
 * Kernel 3 (Visa, EMV mode), Book C-3 2.12. Without integrated data storage (IDS), an option of
 * the book: D2 in the FCI changes nothing, the transaction is an ordinary one.
 */
export const kernel3: Kernel = function* (input) {
  const run = newRun(input);
  // 5.1: the issuer's data belongs to a transaction whose answer the host has already given.
  let phase: PhaseName =
    input.issuerData === undefined ? 'initiateApplicationProcessing' : 'issuerUpdate';
  for (;;) {
    const next: PhaseName | Outcome = yield* phases[phase](run);
    if (typeof next !== 'string') return { ...next, report: report(run) };
    phase = next;
  }
};

const newRun = (input: KernelInput): Kernel3Run => ({
  input,
  options: optionsOf(input),
  ttq: emvMode(input.preprocessing.ttq),
  fci: new Map(),
  ...noObjects(),
  signedRecords: [],
  pan: '',
  declineRequired: false,
  onlineRequired: false,
  cvm: 'noCvm',
  oda: 'not performed',
  why: [],
});

// Magnetic-stripe mode is gone from the book: byte 1 bit 8 goes to the card as 0, whatever is
// configured. A reader without TTQ gets zeros, with which no card answers in EMV mode.
const emvMode = (configured: Uint8Array = new Uint8Array(4)): Uint8Array =>
  bitAt(configured, ttq.magneticStripeMode) ? withBit(configured, 1, 8, false) : configured;

// Kernel 3 sets no bit in TVR and TSI. 5.6
const report = ({ card, fci, input, oda, issuerScriptResults }: Kernel3Run): KernelReport => ({
  tvr: new Uint8Array(5),
  tsi: new Uint8Array(2),
  oda,
  known: (wanted) => card.get(wanted) ?? fci.get(wanted) ?? input.terminal.get(wanted),
  ...(issuerScriptResults ? { issuerScriptResults } : {}),
});

const phases: Readonly<Record<PhaseName, Phase>> = {
  initiateApplicationProcessing,
  readApplicationData,
  cardReadComplete,
  processingRestrictions,
  offlineDataAuthentication,
  cardholderVerification,
  completion,
  issuerUpdate,
};
