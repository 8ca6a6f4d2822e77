import { type BitPosition, bitAt, withBit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { SignedRecord } from '#oda/index.ts';
import type { CardObjects } from '../shared/card-objects.ts';
import type { CryptogramType } from '../shared/cryptogram-type.ts';
import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel5Options } from '../shared/kernel-options.ts';
import type { Cvm, Outcome, Reason } from '../shared/outcome.ts';
import type { Step } from '../shared/step.ts';
import { tvrBits } from '../shared/tvr-bits.ts';

/** What the phases of one kernel 5 activation share and change. */
export interface Kernel5Run extends CardObjects {
  readonly input: KernelInput;
  readonly options: Kernel5Options;
  /** Terminal Interchange Profile (9F53), byte 1 bit 8 as this transaction sets it. */
  readonly tip: Uint8Array;
  readonly fci: Map<number, Uint8Array>;
  /** The first half of this payment, where the card is there for what the issuer sent. */
  readonly earlier?: (tag: number) => Uint8Array | undefined;
  /** The card knows no EMV mode: its PDOL doesn't ask for 9F52. */
  legacy: boolean;
  /** Records that are part of the static data to be authenticated, in the AFL's order. */
  readonly signedRecords: SignedRecord[];
  /** The account number's digits, once the records have been read. */
  pan: string;
  /** Terminal Verification Results (95). */
  tvr: Uint8Array;
  /** CVM Results (9F34). */
  cvmResults: Uint8Array;
  /** GENERATE AC is to ask for a signature (CDA). */
  cda: boolean;
  /** What the card was sent for PDOL and CDOL1: its signature covers both. */
  pdolValues: Uint8Array;
  cdol1Values: Uint8Array;
  /** What GENERATE AC is to ask for. */
  acType: CryptogramType;
  cvm: Cvm;
  /** How offline data authentication went, in words for the log. */
  oda: string;
  why: Reason[];
}

/** The phases of kernel 5, each a clause of Book C-5. */
export type PhaseName =
  | 'initiateApplicationProcessing'
  | 'readApplicationData'
  | 'terminalRiskManagement'
  | 'processingRestrictions'
  | 'terminalActionAnalysis'
  | 'generateAc'
  | 'legacyGenerateAc'
  | 'issuerUpdate';

export type Phase = (run: Kernel5Run) => Step<PhaseName | Outcome>;

type BitNames = Readonly<Record<string, BitPosition>>;

/** Terminal Interchange Profile (9F53), as byte and bit. */
export const tip = {
  cvmRequired: [1, 8],
  signatureSupported: [1, 7],
  onlinePinSupported: [1, 6],
  cdcvmSupported: [1, 5],
  transitReader: [1, 3],
  contactChipSupported: [1, 2],
  issuerUpdateSupported: [2, 8],
} as const satisfies BitNames;

export const tipSays = (run: Kernel5Run, name: keyof typeof tip): boolean =>
  bitAt(run.tip, tip[name]);

/** TVR bits that kernel 5 sets. A CA key that isn't there is its own affair, in byte 5. */
export const tvr = {
  ...tvrBits,
  selectedAtRandom: [4, 5],
  scriptFailedBeforeAc: [5, 6],
  scriptFailedAfterAc: [5, 5],
  caPublicKeyMissing: [5, 3],
} as const satisfies BitNames;

export const setTvr = (run: Kernel5Run, name: keyof typeof tvr): void => {
  const [byte, bitNumber] = tvr[name];
  run.tvr = withBit(run.tvr, byte, bitNumber, true);
};

/** CVM Results by what was chosen. C-5, Cardholder Verification */
export const CVM_RESULTS = {
  notApplicable: Uint8Array.of(0x3f, 0x00, 0x00),
  noCvm: Uint8Array.of(0x1f, 0x00, 0x02),
  obtainSignature: Uint8Array.of(0x1e, 0x00, 0x00),
  onlinePin: Uint8Array.of(0x02, 0x00, 0x00),
  confirmationCodeVerified: Uint8Array.of(0x01, 0x00, 0x02),
} as const;

/** The value of an element: the kernel's own before the card's, the card's before the reader's. */
export const elementIn = (run: Kernel5Run, wanted: number): Uint8Array | undefined => {
  switch (wanted) {
    case tag.terminalCompatibilityIndicator:
      return EMV_MODE;
    case tag.terminalInterchangeProfileDynamic:
      return run.tip;
    case tag.terminalVerificationResults:
      return run.tvr;
    case tag.cvmResults:
      return run.cvmResults;
    case tag.unpredictableNumber:
      return run.earlier?.(wanted) ?? run.input.unpredictableNumber;
    default:
      return run.card.get(wanted) ?? run.earlier?.(wanted) ?? run.input.terminal.get(wanted);
  }
};

// 9F52: this reader knows EMV mode, whether it takes legacy cards or not.
const EMV_MODE = Uint8Array.of(0x02);

export const EMPTY = new Uint8Array(0);
