import { bitAt } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { SignedRecord } from '#oda/index.ts';
import type { CardObjects } from '../shared/card-objects.ts';
import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel7Options } from '../shared/kernel-options.ts';
import { preferredLanguage } from '../shared/language.ts';
import { type Cvm, type Outcome, outcome, type Reason } from '../shared/outcome.ts';
import { ctq, ttq } from '../shared/qualifiers.ts';
import type { Step } from '../shared/step.ts';
import { type MessageId, type UiRequest, type UiStatus, uiRequest } from '../shared/ui-request.ts';

/** What the phases of one kernel 7 activation share and change. */
export interface Kernel7Run extends CardObjects {
  readonly input: KernelInput;
  readonly options: Kernel7Options;
  /** Terminal Transaction Qualifiers (9F66) as they go to the card. */
  ttq: Uint8Array;
  /** From the FCI; its objects don't count as duplicates of later ones. */
  readonly fci: Map<number, Uint8Array>;
  /** Records that are part of the static data to be authenticated, in the AFL's order. */
  readonly signedRecords: SignedRecord[];
  /** The account number's digits. */
  pan: string;
  declineRequired: boolean;
  onlineRequired: boolean;
  cvm: Cvm;
  /** How offline data authentication went, in words for the log. */
  oda: string;
  why: Reason[];
}

/** The phases of kernel 7, in the order of Book C-7's flow. */
export type PhaseName =
  | 'initiateApplicationProcessing'
  | 'readApplicationData'
  | 'cardReadComplete'
  | 'processingRestrictions'
  | 'offlineDataAuthentication'
  | 'cardholderVerification'
  | 'completion';

export type Phase = (run: Kernel7Run) => Step<PhaseName | Outcome>;

export const ttqSays = (run: Kernel7Run, name: keyof typeof ttq): boolean =>
  bitAt(run.ttq, ttq[name]);

/** False also when the card returned no CTQ. */
export const ctqSays = (run: Kernel7Run, name: keyof typeof ctq): boolean =>
  bitAt(run.card.get(tag.cardTransactionQualifiers) ?? EMPTY, ctq[name]);

export const decline = (run: Kernel7Run, why: Reason): void => {
  run.declineRequired = true;
  run.why.push(why);
};

export const message = (
  run: Kernel7Run,
  messageId: MessageId | null,
  status: UiStatus,
  more: Partial<UiRequest> = {},
): UiRequest => uiRequest(messageId, status, { language: preferredLanguage(run.fci), ...more });

/** C-7 names no message for it: what the display shows stays until the next card is wanted. */
export const endApplication = (run: Kernel7Run, why: Reason): Outcome =>
  outcome('endApplication', { why: [...run.why, why] });

/** The next application of the card, silently. */
export const selectNext = (run: Kernel7Run, why: Reason): Outcome =>
  outcome('selectNext', { start: 'C', why: [...run.why, why] });

/**
 * Another interface where the reader has one, the chip before the stripe; else the end. Whether it
 * has a stripe reader only Terminal Capabilities (9F33 byte 1 bit 7) tell.
 */
export const tryAnotherInterface = (run: Kernel7Run, why: Reason): Outcome => {
  const alternateInterface = ttqSays(run, 'contactChipSupported')
    ? 'contactChip'
    : readsStripes(run)
      ? 'magneticStripe'
      : undefined;
  if (alternateInterface === undefined) return endApplication(run, why);
  return outcome('tryAnotherInterface', {
    uiOnOutcome: message(run, '18', 'processingError'),
    alternateInterface,
    why: [...run.why, why],
  });
};

const readsStripes = ({ input }: Kernel7Run): boolean =>
  bitAt(input.terminal.get(tag.terminalCapabilities) ?? EMPTY, [1, 7]);

/** A Level 1 error anywhere in the kernel: the same card again, once it has left the field. */
export const linkError = (run: Kernel7Run, why: Reason): Outcome =>
  tryAgain(run, '21', [...run.why, why]);

/** The field goes off so that the card, or the phone, is taken away and looked at. */
export const tryAgain = (run: Kernel7Run, messageId: MessageId, why: readonly Reason[]): Outcome =>
  outcome('tryAgain', {
    start: 'B',
    uiOnOutcome: message(run, messageId, 'processingError', { holdMs: HOLD_MS }),
    uiOnRestart: message(run, null, 'readyToRead'),
    fieldOffMs: HOLD_MS,
    why,
  });

// C-7 gives 13 tenths of a second for Level 1 errors, and 10 to 15 for 6986.
const HOLD_MS = 1300;

export const EMPTY = new Uint8Array(0);
