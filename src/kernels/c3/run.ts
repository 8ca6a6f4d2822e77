import { type BitPosition, bitAt } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { SignedRecord } from '#oda/index.ts';
import type { CardObjects } from '../shared/card-objects.ts';
import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel3Options } from '../shared/kernel-options.ts';
import { preferredLanguage } from '../shared/language.ts';
import { type Cvm, type Outcome, outcome, type Reason } from '../shared/outcome.ts';
import * as shared from '../shared/qualifiers.ts';
import type { Step } from '../shared/step.ts';
import { type MessageId, type UiRequest, type UiStatus, uiRequest } from '../shared/ui-request.ts';

/** What the phases of one kernel 3 activation share and change. */
export interface Kernel3Run extends CardObjects {
  readonly input: KernelInput;
  readonly options: Kernel3Options;
  /** Terminal Transaction Qualifiers as Entry Point set them for this transaction. */
  readonly ttq: Uint8Array;
  /** From the FCI; its objects don't count as duplicates of later ones. C-3 5.4.2.2 */
  readonly fci: Map<number, Uint8Array>;
  /** Records that are part of the static data to be authenticated, in the AFL's order. */
  readonly signedRecords: SignedRecord[];
  /** The account number's digits, once 57 has been read. */
  pan: string;
  /** C-3 5.1.1: Decline Required by Reader, and Online Required by Reader. */
  declineRequired: boolean;
  onlineRequired: boolean;
  cvm: Cvm;
  /** How offline data authentication went, in words for the log. */
  oda: string;
  /** 9F5B: five bytes for each script the issuer sent. */
  issuerScriptResults?: Uint8Array;
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
  | 'completion'
  | 'issuerUpdate';

export type Phase = (run: Kernel3Run) => Step<PhaseName | Outcome>;

// Byte 1 bit 1, "not valid for contactless ATM" in Visa's own books, is RFU in C-3: left alone.
const ctq = {
  ...shared.ctq,
  switchInterfaceForCash: [1, 3],
  switchInterfaceForCashback: [1, 2],
  issuerUpdateSupported: [2, 7],
} as const satisfies Readonly<Record<string, BitPosition>>;

export const ttqSays = (run: Kernel3Run, name: keyof typeof shared.ttq): boolean =>
  bitAt(run.ttq, shared.ttq[name]);

/** False also when the card returned no CTQ. */
export const ctqSays = (run: Kernel3Run, name: keyof typeof ctq): boolean =>
  bitAt(run.card.get(tag.cardTransactionQualifiers) ?? EMPTY, ctq[name]);

/** Purchase with cashback: type 09, or a type 00 with another amount. Clause 1.3 */
export const withCashback = ({ input }: Kernel3Run): boolean =>
  input.transaction.type === 0x09 || input.transaction.amountOther > 0;

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
