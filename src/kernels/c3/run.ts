import { type BitPosition, bitAt } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { KernelInput } from '../shared/kernel.ts';
import { preferredLanguage } from '../shared/language.ts';
import { type Cvm, type Outcome, outcome, type Reason } from '../shared/outcome.ts';
import type { Step } from '../shared/step.ts';
import { type MessageId, type UiRequest, type UiStatus, uiRequest } from '../shared/ui-request.ts';

/** What the phases of one kernel 3 activation share and change. */
export interface Kernel3Run {
  readonly input: KernelInput;
  /** Terminal Transaction Qualifiers as Entry Point set them for this transaction. */
  readonly ttq: Uint8Array;
  /** From the FCI; its objects don't count as duplicates of later ones. C-3 5.4.2.2 */
  readonly fci: Map<number, Uint8Array>;
  /** From GPO and records. */
  readonly card: Map<number, Uint8Array>;
  /** Recognised objects that came more than once, by tag. */
  readonly duplicates: number[];
  /** C-3 5.1.1: Decline Required by Reader, and Online Required by Reader. */
  declineRequired: boolean;
  onlineRequired: boolean;
  cvm: Cvm;
  why: Reason[];
}

/** The phases of kernel 3, each a clause of Book C-3. */
export type PhaseName =
  | 'initiateApplicationProcessing'
  | 'readApplicationData'
  | 'cardReadComplete'
  | 'processingRestrictions'
  | 'offlineDataAuthentication'
  | 'cardholderVerification'
  | 'completion';

export type Phase = (run: Kernel3Run) => Step<PhaseName | Outcome>;

type BitNames = Readonly<Record<string, BitPosition>>;

/** Terminal Transaction Qualifiers 9F66 and Card Transaction Qualifiers 9F6C, as byte and bit. */
export const ttq = {
  offlineOnlyReader: [1, 4],
  onlinePinSupported: [1, 3],
  signatureSupported: [1, 2],
  contactChipSupported: [1, 5],
  onlineCryptogramRequired: [2, 8],
  cvmRequired: [2, 7],
  issuerUpdateSupported: [3, 8],
} as const satisfies BitNames;

export const ctq = {
  onlinePinRequired: [1, 8],
  signatureRequired: [1, 7],
  goOnlineIfOdaFails: [1, 6],
  switchInterfaceIfOdaFails: [1, 5],
  goOnlineIfExpired: [1, 4],
  switchInterfaceForCash: [1, 3],
  switchInterfaceForCashback: [1, 2],
  cdcvmPerformed: [2, 8],
  issuerUpdateSupported: [2, 7],
} as const satisfies BitNames;

export const ttqSays = (run: Kernel3Run, name: keyof typeof ttq): boolean =>
  bitAt(run.ttq, ttq[name]);

/** False also when the card returned no CTQ. */
export const ctqSays = (run: Kernel3Run, name: keyof typeof ctq): boolean =>
  bitAt(run.card.get(tag.cardTransactionQualifiers) ?? EMPTY, ctq[name]);

export const message = (
  run: Kernel3Run,
  messageId: MessageId | null,
  status: UiStatus,
  more: Partial<UiRequest> = {},
): UiRequest => uiRequest(messageId, status, { language: preferredLanguage(run.fci), ...more });

/** C-3 5.2.3 and clause 2.3: the generic End Application. */
export const endApplication = (run: Kernel3Run, why: Reason): Outcome =>
  outcome('endApplication', {
    uiOnOutcome: message(run, '1C', 'processingError'),
    why: [...run.why, why],
  });

export const tryAnotherInterface = (run: Kernel3Run, why: Reason): Outcome =>
  outcome('tryAnotherInterface', {
    uiOnOutcome: message(run, '18', 'processingError'),
    why: [...run.why, why],
  });

/** A Level 1 error anywhere in the kernel: Try Again, all data discarded. C-3 2.4 */
export const linkError = (run: Kernel3Run, why: Reason): Outcome =>
  outcome('tryAgain', { start: 'B', why: [...run.why, why] });

export const EMPTY = new Uint8Array(0);
