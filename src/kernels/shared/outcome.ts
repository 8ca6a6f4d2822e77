import { describeMalformed, type Malformed } from '#bytes/malformed.ts';
import { tagText } from '#tlv/tlv.ts';
import type { UiRequest } from './ui-request.ts';

export type OutcomeName =
  | 'selectNext'
  | 'tryAgain'
  | 'approved'
  | 'declined'
  | 'onlineRequest'
  | 'requestOnlinePin'
  | 'tryAnotherInterface'
  | 'endApplication';

export type StartPoint = 'A' | 'B' | 'C' | 'D';

export type Cvm = 'none' | 'noCvm' | 'obtainSignature' | 'onlinePin' | 'confirmationCodeVerified';

/** A data element with its value, ready to be coded as TLV. */
export interface DataElement {
  readonly tag: number;
  readonly value: Uint8Array;
}

/** Why an outcome came about, for the log: holds no account data. */
export interface Reason {
  readonly why: string;
  /** The data element it is about, such as "9F10", where there is one. */
  readonly element?: string;
  /** Offset in bytes within the card's answer. */
  readonly offset?: number;
}

/** What a kernel found out on the way, for replay and log. Not part of the books' outcome. */
export interface KernelReport {
  /** Terminal Verification Results (95), 5 bytes, as they stand at the end. */
  readonly tvr?: Uint8Array;
  /** Transaction Status Information (9B), 2 bytes. */
  readonly tsi?: Uint8Array;
  /** How offline data authentication went, in a word or a sentence: "fDDA succeeded". */
  readonly oda?: string;
  /** Issuer Script Results (9F5B), five bytes a script, after an issuer update by kernel 3. */
  readonly issuerScriptResults?: Uint8Array;
  /** Any data element the kernel knew at the end; a function, so that no log prints it. */
  readonly known?: (tag: number) => Uint8Array | undefined;
}

/** An outcome with its parameters, Book A clause 6 and Table 6-2. */
export interface Outcome {
  readonly outcome: OutcomeName;
  readonly start: 'none' | StartPoint;
  readonly onlineResponseType: 'none' | 'emvData' | 'any';
  readonly cvm: Cvm;
  readonly uiOnOutcome: UiRequest | null;
  readonly uiOnRestart: UiRequest | null;
  readonly dataRecord: readonly DataElement[];
  readonly discretionaryData: readonly DataElement[];
  readonly alternateInterface: 'none' | 'contactChip' | 'magneticStripe' | 'both';
  readonly receipt: boolean;
  /** Milliseconds for which the field stays off; null: the field is left as it is. */
  readonly fieldOffMs: number | null;
  readonly removalTimeoutMs: number;
  /** Not in the books: what led here. */
  readonly why: readonly Reason[];
  readonly report?: KernelReport;
}

/** An outcome with every parameter N/A, No or 0 but those given. */
export const outcome = (name: OutcomeName, parameters: Partial<Outcome> = {}): Outcome => ({
  outcome: name,
  start: 'none',
  onlineResponseType: 'none',
  cvm: 'none',
  uiOnOutcome: null,
  uiOnRestart: null,
  dataRecord: [],
  discretionaryData: [],
  alternateInterface: 'none',
  receipt: false,
  fieldOffMs: null,
  removalTimeoutMs: 0,
  why: [],
  ...parameters,
});

export const reason = (why: string, element?: number, offset?: number): Reason => ({
  why,
  ...(element === undefined ? {} : { element: tagText(element) }),
  ...(offset === undefined ? {} : { offset }),
});

export const reasonOf = (where: string, problem: Malformed): Reason => ({
  why: `${where}: ${describeMalformed(problem)}`,
  ...(problem.path.length > 0 ? { element: problem.path.at(-1) ?? '' } : {}),
  offset: problem.offset,
});
