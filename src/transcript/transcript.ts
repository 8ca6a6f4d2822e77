import type { Transaction } from '#kernels/shared/kernel.ts';
import type { OutcomeName } from '#kernels/shared/outcome.ts';
import type { CaPublicKey } from '#oda/index.ts';

/** One command with its answer, or why there was none. */
export type Exchange =
  | {
      readonly command: Uint8Array;
      /** With its status word. */
      readonly response: Uint8Array;
      /** The time the card took, where it matters. */
      readonly microseconds?: number;
    }
  | { readonly command: Uint8Array; readonly fault: TranscriptFault };

export const TRANSCRIPT_FAULTS = ['timeout', 'transmission', 'protocol', 'removed'] as const;
export type TranscriptFault = (typeof TRANSCRIPT_FAULTS)[number];

/** Parameters of an outcome that a `=` line can name. UI requests by their message identifier. */
export const OUTCOME_PARAMETERS = [
  'start',
  'onlineResponseType',
  'cvm',
  'uiOnOutcome',
  'uiOnRestart',
  'alternateInterface',
  'receipt',
  'fieldOffMs',
  'removalTimeoutMs',
] as const;
export type OutcomeParameter = (typeof OUTCOME_PARAMETERS)[number];

/** What must have come out: an outcome with some of its parameters, or a data element. */
export type Expectation =
  | {
      readonly outcome: OutcomeName;
      readonly parameters: readonly (readonly [OutcomeParameter, string])[];
    }
  | { readonly tag: number; readonly value: Uint8Array };

/** A tap as it was, with all that it takes to run it again. */
export interface Transcript {
  /** Comment lines at its head: what it shows. */
  readonly about: readonly string[];
  /** A configuration set under config/, or a path. */
  readonly config: string;
  /** Local time such as "2026-01-31T12:00:00Z"; its digits count. */
  readonly clock: string;
  /** At least one byte, used over and over. */
  readonly random: Uint8Array;
  readonly transaction: Transaction;
  /** Overrides of configuration data, by tag. */
  readonly overrides: ReadonlyMap<number, Uint8Array>;
  /** Beside those of the configuration. */
  readonly keys: readonly CaPublicKey[];
  /**
   * What the host answers (TLV), if the first outcome asks for a restart with it. Ours: the format
   * has no word for the second presentment.
   */
  readonly host?: Uint8Array;
  readonly exchanges: readonly Exchange[];
  readonly expectations: readonly Expectation[];
}
