import { type BitPosition, bitAt, withBit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { SignedRecord } from '#oda/index.ts';
import type { CardObjects } from '../shared/card-objects.ts';
import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel6Options } from '../shared/kernel-options.ts';
import { preferredLanguage } from '../shared/language.ts';
import { type Cvm, type Outcome, outcome, type Reason } from '../shared/outcome.ts';
import { ttq } from '../shared/qualifiers.ts';
import type { Step } from '../shared/step.ts';
import { tvrBits } from '../shared/tvr-bits.ts';
import { type MessageId, type UiRequest, type UiStatus, uiRequest } from '../shared/ui-request.ts';

/** What the phases of one kernel 6 activation share and change. */
export interface Kernel6Run extends CardObjects {
  readonly input: KernelInput;
  readonly options: Kernel6Options;
  /** Terminal Transaction Qualifiers (9F66) as they go to the card. */
  readonly ttq: Uint8Array;
  readonly fci: Map<number, Uint8Array>;
  /** Values for the PDOL as sent, and the objects of the answer to it: the card signs both. */
  pdolValues: Uint8Array;
  answered: readonly Uint8Array[];
  /** Records that are part of the static data to be authenticated, in the AFL's order. */
  readonly signedRecords: SignedRecord[];
  /** The account number's digits. */
  pan: string;
  /** Terminal Verification Results (95). */
  tvr: Uint8Array;
  /** The card is to prove itself with its cryptogram: CDA in the answer to GPO. */
  cdaExpected: boolean;
  cda: 'notPerformed' | 'succeeded' | 'failed';
  /** Usage control could not be checked: the card left out what that takes. */
  usageUnchecked: boolean;
  cvm: Cvm;
  /** How offline data authentication went, in words for the log. */
  oda: string;
  why: Reason[];
}

/** The phases of kernel 6, in the order of Book C-6's flow. */
export type PhaseName =
  | 'initiateApplicationProcessing'
  | 'readApplicationData'
  | 'offlineDataAuthentication'
  | 'cardholderVerification'
  | 'processingRestrictions'
  | 'terminalActionAnalysis'
  | 'issuerUpdate';

export type Phase = (run: Kernel6Run) => Step<PhaseName | Outcome>;

type BitNames = Readonly<Record<string, BitPosition>>;

/** Card Processing Requirements (9F71), as byte and bit. */
const cpr = {
  onlinePinRequired: [1, 8],
  signatureRequired: [1, 7],
  loyaltyLimitReached: [1, 6],
  cdcvmPerformed: [1, 5],
  switchIfUnableToGoOnline: [2, 8],
  goOnlineIfCdaFailed: [2, 7],
  switchIfCdaFailed: [2, 6],
  issuerUpdateSupported: [2, 5],
  goOnlineIfExpired: [2, 4],
  declineIfExpired: [2, 3],
  signatureInstead: [2, 2],
  noCvmInstead: [2, 1],
} as const satisfies BitNames;

/** What kernel 6 sets in the TVR. */
const tvr = {
  ...tvrBits,
  issuerAuthenticationFailed: [5, 7],
  scriptFailed: [5, 6],
} as const satisfies BitNames;

export const ttqSays = (run: Kernel6Run, name: keyof typeof ttq): boolean =>
  bitAt(run.ttq, ttq[name]);

export const cprSays = (run: Kernel6Run, name: keyof typeof cpr): boolean =>
  bitAt(run.card.get(tag.cardProcessingRequirementsCpr) ?? EMPTY, cpr[name]);

export const tvrSays = (run: Kernel6Run, name: keyof typeof tvr): boolean =>
  bitAt(run.tvr, tvr[name]);

export const setTvr = (run: Kernel6Run, name: keyof typeof tvr, on = true): void => {
  const [byte, bitNumber] = tvr[name];
  run.tvr = withBit(run.tvr, byte, bitNumber, on);
};

/** Bits 8-7 of 9F27, which every answer to GPO has. */
export const cryptogramType = ({ card }: Kernel6Run): number =>
  (card.get(tag.cryptogramInformationData)?.[0] ?? 0) >> 6;

export const terminalHas = ({ input }: Kernel6Run, wanted: number, at: BitPosition): boolean =>
  bitAt(input.terminal.get(wanted) ?? EMPTY, at);

export const message = (
  run: Kernel6Run,
  messageId: MessageId | null,
  status: UiStatus,
  more: Partial<UiRequest> = {},
): UiRequest => uiRequest(messageId, status, { language: preferredLanguage(run.fci), ...more });

/** C-6, End Application (with error indication). */
export const endApplication = (run: Kernel6Run, why: Reason): Outcome =>
  outcome('endApplication', {
    uiOnOutcome: message(run, '1C', 'processingError'),
    why: [...run.why, why],
  });

export const tryAnotherInterface = (run: Kernel6Run, why: Reason): Outcome =>
  outcome('tryAnotherInterface', {
    uiOnOutcome: message(run, '18', 'readyToRead'),
    alternateInterface: otherInterface(run),
    why: [...run.why, why],
  });

export const otherInterfaceOrEnd = (run: Kernel6Run, why: Reason): Outcome =>
  otherInterface(run) === 'none' ? endApplication(run, why) : tryAnotherInterface(run, why);

/** What this reader has beside its antenna: TTQ byte 1 bit 5, and 9F33 byte 1 bit 7. */
export const otherInterface = (run: Kernel6Run): Outcome['alternateInterface'] => {
  const chip = ttqSays(run, 'contactChipSupported');
  const stripe = terminalHas(run, tag.terminalCapabilities, [1, 7]);
  if (chip) return stripe ? 'both' : 'contactChip';
  return stripe ? 'magneticStripe' : 'none';
};

export const EMPTY = new Uint8Array(0);
