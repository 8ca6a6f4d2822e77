import { type BitPosition, bitAt, withBit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { Tlv } from '#tlv/tlv.ts';
import { AAC, type CryptogramType } from '../shared/cryptogram-type.ts';
import type { ErrorIndication } from '../shared/error-indication.ts';
import type { KernelInput } from '../shared/kernel.ts';
import type { Cvm, Outcome, Reason } from '../shared/outcome.ts';
import type { Step } from '../shared/step.ts';
import type { SecureChannel } from './secure-channel.ts';

export {
  binaryOf,
  bytesOf,
  dataBit,
  isNotEmpty,
  numberOf,
} from '../shared/element-values.ts';

/** Level 2 and level 3 errors of the Error Indication (9F8204), C-8, data dictionary. */
export const l2 = {
  cardDataMissing: 0x01,
  statusBytes: 0x03,
  parsingError: 0x04,
  cardDataError: 0x06,
  terminalDataError: 0x0f,
  decryptionFailed: 0x10,
  iadMacFailed: 0x12,
  edaMacFailed: 0x13,
} as const;

export const l3 = { timeOut: 0x01, transactionDataMissing: 0x03 } as const;

/** One exchange of relay resistance data, as the card's MAC covers it. */
export interface RelayExchange {
  /** The terminal's entropy, 4 bytes, and the ten bytes that the card answered. */
  readonly entropy: Uint8Array;
  readonly answer: Uint8Array;
}

/** A data envelope that waits to be written: tag, length and value. */
export type Envelope = Uint8Array;

/** What the states of one kernel 8 activation share and change. */
export interface Kernel8Run {
  readonly input: KernelInput;
  /** The TLV database: configuration, transaction and card data. */
  readonly data: Map<number, Uint8Array>;
  /** Terminal Verification Results (95). */
  tvr: Uint8Array;
  channel: SecureChannel;
  /** PDOL and CDOL1 Related Data: the values as sent. The card's MAC covers them. */
  pdolValues: Uint8Array;
  cdol1Values: Uint8Array;
  /** Last ERRD Response with what it answered. */
  relayExchange: RelayExchange | undefined;
  /** The active AFL is empty. */
  recordsRead: boolean;
  /** Signed Records: the decrypted values of the records that the AFL counts as signed. */
  readonly signedRecords: Uint8Array[];
  /** Tags To Read Yet: the envelopes among them. */
  tagsToReadYet: readonly number[];
  /** Data Envelopes To Write Yet. */
  envelopesToWriteYet: readonly Envelope[];
  /** What template 77 of GENERATE AC's answer holds, as received. */
  generateAcAnswer: readonly Tlv[];
  /** What GENERATE AC asked for. */
  requested: CryptogramType;
  /** The kernel's decision: of the same three kinds as a cryptogram. */
  decision: CryptogramType;
  cvm: Cvm;
  receipt: boolean;
  fieldOffMs: number | null;
  readonly error: ErrorIndication;
  why: Reason[];
  /** How local authentication stands, for the report. */
  localAuthentication: string;
}

/** The states of kernel 8 by what they do; the book's S-numbers where they are known to us. */
export type StateName =
  | 'initiate' // S1, S2, S20
  | 'relayResistance' // S21
  | 'readEnvelopes'
  | 'readRecords' // S22
  | 'awaitFirstWrite'
  | 'checkBeforeGenerateAc'
  | 'generateAc' // S26
  | 'authenticate' // to S29
  | 'writeEnvelopes'
  | 'complete'; // S2930

export type State = (run: Kernel8Run) => Step<StateName | Outcome>;

/**
 * TVR bits that kernel 8 sets itself, as byte and bit; others come from the card. C-8, data
 * dictionary
 */
export const tvr = {
  localAuthenticationNotPerformed: [1, 8],
  localAuthenticationFailed: [1, 3],
  cardholderVerificationFailed: [3, 8],
  onlineCvm: [3, 3],
  floorLimitExceeded: [4, 8],
  kernel8: [5, 8],
  aidMismatch: [5, 7],
  relayResistanceThresholdExceeded: [5, 4],
  relayResistanceTimeLimitsExceeded: [5, 3],
  relayResistancePerformed: [5, 2],
  relayResistanceNotPerformed: [5, 1],
} as const satisfies Readonly<Record<string, BitPosition>>;

export const setTvr = (run: Kernel8Run, name: keyof typeof tvr, on = true): void => {
  const [byte, bitNumber] = tvr[name];
  storeTvr(run, withBit(run.tvr, byte, bitNumber, on));
};

export const storeTvr = (run: Kernel8Run, value: Uint8Array): void => {
  run.tvr = value;
  run.data.set(tag.terminalVerificationResults, value);
};

export const tvrBit = (run: Kernel8Run, name: keyof typeof tvr): boolean =>
  bitAt(run.tvr, tvr[name]);

export const newRun = (
  input: KernelInput,
  data: Map<number, Uint8Array>,
  channel: SecureChannel,
): Kernel8Run => ({
  input,
  data,
  channel,
  tvr: new Uint8Array(5),
  pdolValues: EMPTY,
  cdol1Values: EMPTY,
  relayExchange: undefined,
  recordsRead: false,
  signedRecords: [],
  tagsToReadYet: [],
  envelopesToWriteYet: [],
  generateAcAnswer: [],
  requested: AAC,
  decision: AAC,
  cvm: 'none',
  receipt: false,
  fieldOffMs: null,
  error: { l1: 0, l2: 0, l3: 0, sw12: 0, messageOnError: '1C' },
  why: [],
  localAuthentication: 'not reached',
});

const EMPTY = new Uint8Array(0);
