import type { DataMap, PreprocessingIndicators, Transaction } from '#kernels/shared/kernel.ts';
import type { KernelReport, Outcome, Reason, StartPoint } from '#kernels/shared/outcome.ts';
import type { Step } from '#kernels/shared/step.ts';
import type { UiRequest } from '#kernels/shared/ui-request.ts';
import type { Combination, ReaderConfiguration } from './configuration.ts';
import type { Candidate } from './directory.ts';

/** What the reader asks of Entry Point, Book B clause 2. */
export interface Activation {
  /** A new transaction starts at A (variable amount) or B (fixed); the others continue one. */
  readonly start: StartPoint;
  readonly transaction: Transaction;
  /** Transaction data for this activation: 9A 9F21 9F41 9C 9F02 9F03 5F2A. */
  readonly transactionData: DataMap;
  /** 91, 71, 72 from the issuer's response. */
  readonly issuerData?: Uint8Array;
  /** All that the host answered, as TLV, for the kernel. */
  readonly onlineResponse?: Uint8Array;
}

/** The application that was last selected, with what Book B 3.5.1.5 hands to the reader. */
export interface Selected {
  readonly candidate: Candidate;
  readonly combination: Combination;
  /** Kernel Identifier – Terminal (96), 8 bytes. */
  readonly kernelIdentifierTerminal: Uint8Array;
}

/** What a transaction keeps between two activations. */
export interface EntryPointState {
  readonly restart: boolean;
  readonly retainedUi: UiRequest | null;
  /** Beside the transaction type's combinations, in their order. */
  readonly indicators: readonly PreprocessingIndicators[];
  readonly candidates: readonly Candidate[];
  readonly selected: Selected | null;
  /** What the kernel of the Final Outcome knew, for the activation that goes on with it. */
  readonly before?: KernelReport['known'];
}

/** The end of an activation. `cardTimeout`: nobody presented a card, which is no outcome. */
export interface ActivationEnd {
  readonly end: 'final' | 'cardTimeout';
  readonly outcome: Outcome | null;
  readonly selected: Selected | null;
  readonly state: EntryPointState;
}

/** What the phases of one activation share and change. */
export interface Run {
  readonly configuration: ReaderConfiguration;
  readonly combinations: readonly Combination[];
  readonly activation: Activation;
  restart: boolean;
  retainedUi: UiRequest | null;
  indicators: readonly PreprocessingIndicators[];
  candidates: readonly Candidate[];
  selected: Selected | null;
  /** A scheme of the configuration's `otherInterface` that the card has an application of. */
  elsewhere: string | undefined;
  readonly before?: KernelReport['known'];
  /** The answer to the last SELECT (AID), for the kernel. */
  fci: Uint8Array;
  /** False after an internal return to B: Try Again, or a Level 1 error. Book B 2.2 */
  byReader: boolean;
  /** The start point at which this activation now stands. */
  stands: StartPoint;
  /** What led here, for the log. */
  why: readonly Reason[];
}

/** The phases of Entry Point, each a clause of Book B. */
export type PhaseName =
  | 'preProcessing'
  | 'protocolActivation'
  | 'directorySelection'
  | 'restartedSelection'
  | 'finalSelection'
  | 'applicationSelection'
  | 'restartedKernel'
  | 'kernelActivation';

/** Takes a combination off the list, Book B 3.3.3 and 3.5.1.4: selection goes on at Start C. */
export const removeCandidate = (run: Run, candidate: Candidate): void => {
  run.candidates = run.candidates.filter((other) => other !== candidate);
  run.stands = 'C';
};

/** A phase ends in another phase, in a Final Outcome, or without a card. */
export type Phase = (run: Run) => Step<PhaseName | Outcome | null>;
