import { withBit } from '#bytes/bytes.ts';
import { noObjects } from '../shared/card-objects.ts';
import type { Kernel, KernelInput } from '../shared/kernel.ts';
import { type KernelReport, type Outcome, outcome, reason } from '../shared/outcome.ts';
import { cardReadComplete } from './card-read-complete.ts';
import { cardholderVerification } from './cardholder-verification.ts';
import { completion } from './completion.ts';
import { initiateApplicationProcessing } from './initiate.ts';
import { offlineDataAuthentication } from './offline-data-authentication.ts';
import { optionsOf } from './options.ts';
import { processingRestrictions } from './processing-restrictions.ts';
import { readApplicationData } from './read.ts';
import { EMPTY, type Kernel7Run, type Phase, type PhaseName } from './run.ts';

/**
 * Kernel 7 (UnionPay QuickPass, qUICS), Book C-7 2.12: on the wire a sister of kernel 3. RSA, SHA-1
 * and triple DES only: what domestic cards in China do with SM2, SM3 and SM4 is in no open book.
 */
export const kernel7: Kernel = function* (input) {
  // There is no second tap: what the issuer sends is for no card of this kernel.
  if (input.issuerData !== undefined) {
    return outcome('endApplication', { why: [reason('kernel 7 delivers no issuer data')] });
  }
  const run = newRun(input);
  let phase: PhaseName = 'initiateApplicationProcessing';
  for (;;) {
    const next: PhaseName | Outcome = yield* phases[phase](run);
    if (typeof next !== 'string') return { ...next, report: report(run) };
    phase = next;
  }
};

const newRun = (input: KernelInput): Kernel7Run => ({
  input,
  options: optionsOf(input),
  ttq: ownQualifiers(input.preprocessing.ttq),
  fci: new Map(),
  ...noObjects(),
  signedRecords: [],
  pan: '',
  declineRequired: false,
  onlineRequired: false,
  cvm: 'none',
  oda: 'not performed',
  why: [],
});

// Magnetic-stripe mode (byte 1 bit 8) is gone. Of byte 3 the kernel leaves CDCVM alone, so that no
// card offers an issuer update; byte 4 bit 8 says that it verifies fDDA of version 01.
const ownQualifiers = (configured: Uint8Array = EMPTY): Uint8Array => {
  const qualifiers = new Uint8Array(4);
  qualifiers.set(configured.subarray(0, 4));
  qualifiers[2] = (qualifiers[2] ?? 0) & 0x40;
  return withBit(withBit(qualifiers, 1, 8, false), 4, 8, true);
};

// Kernel 7 sets no bit in TVR and TSI.
const report = ({ card, fci, input, oda }: Kernel7Run): KernelReport => ({
  tvr: new Uint8Array(5),
  tsi: new Uint8Array(2),
  oda,
  known: (wanted) => card.get(wanted) ?? fci.get(wanted) ?? input.terminal.get(wanted),
});

const phases: Readonly<Record<PhaseName, Phase>> = {
  initiateApplicationProcessing,
  readApplicationData,
  cardReadComplete,
  processingRestrictions,
  offlineDataAuthentication,
  cardholderVerification,
  completion,
};
