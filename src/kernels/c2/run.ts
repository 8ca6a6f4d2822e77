import { type BitPosition, bitAt, withBit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { SignedRecord } from '#oda/index.ts';
import { AAC, type CryptogramType } from '../shared/cryptogram-type.ts';
import { dataBit } from '../shared/element-values.ts';
import type { ErrorIndication } from '../shared/error-indication.ts';
import type { KernelInput } from '../shared/kernel.ts';
import type { Cvm, Outcome, Reason } from '../shared/outcome.ts';
import type { Step } from '../shared/step.ts';

export {
  binaryOf,
  bytesOf,
  dataBit,
  isNotEmpty,
  numberOf,
} from '../shared/element-values.ts';

/** Level 2 errors of the Error Indication (DF8115), C-2 Annex A. */
export const l2 = {
  ok: 0x00,
  cardDataMissing: 0x01,
  camFailed: 0x02,
  statusBytes: 0x03,
  parsingError: 0x04,
  maxLimitExceeded: 0x05,
  cardDataError: 0x06,
  magStripeNotSupported: 0x07,
  terminalDataError: 0x0f,
} as const;

/** What the states of one kernel 2 activation share and change. */
export interface Kernel2Run {
  readonly input: KernelInput;
  /** The TLV database, C-2 clause 4: configuration, transaction and card data. */
  readonly data: Map<number, Uint8Array>;
  /** Terminal Verification Results (95). */
  tvr: Uint8Array;
  /** PDOL Related Data: the values the PDOL asked for, as sent. The CDA hash needs them. */
  pdolValues: Uint8Array;
  /** CDOL1 Related Data, likewise. */
  cdol1Values: Uint8Array;
  /** ODA Status: CDA is to be used. */
  cda: boolean;
  /** GENERATE AC asked for a signature. */
  cdaRequested: boolean;
  /** The records that CDA has to authenticate, in order. */
  readonly signedRecords: SignedRecord[];
  /** Static Data To Be Authenticated, once all records are read. */
  staticData: Uint8Array;
  transactionLimit: number;
  /** AC Type: what GENERATE AC is to ask for. */
  acType: CryptogramType;
  cvm: Cvm;
  receipt: boolean;
  fieldOffMs: number | null;
  readonly error: ErrorIndication;
  why: Reason[];
  /** How offline data authentication stands, for the report. */
  oda: string;
}

/** The states of kernel 2, C-2 clause 6, by what they do; its S-numbers stand at each. */
export type StateName =
  | 'idle' // S1, S2, S3
  | 'relayResistance' // SR1
  | 'readRecords' // S3R1, S4
  | 'checkBeforeGenerateAc' // S456
  | 'generateAc'; // S456 end, S9, S910

export type State = (run: Kernel2Run) => Step<StateName | Outcome>;

/** TVR bits that kernel 2 sets, as byte and bit. C-2 Annex A */
export const tvr = {
  odaNotPerformed: [1, 8],
  iccDataMissing: [1, 6],
  onExceptionFile: [1, 5],
  cdaFailed: [1, 3],
  versionsDiffer: [2, 8],
  expired: [2, 7],
  notYetEffective: [2, 6],
  serviceNotAllowed: [2, 5],
  cvmNotSuccessful: [3, 8],
  unrecognisedCvm: [3, 7],
  onlinePinEntered: [3, 3],
  floorLimitExceeded: [4, 8],
  relayResistanceThresholdExceeded: [5, 4],
  relayResistanceTimeLimitsExceeded: [5, 3],
  relayResistancePerformed: [5, 2],
  relayResistanceNotPerformed: [5, 1],
} as const satisfies Readonly<Record<string, BitPosition>>;

export const setTvr = (run: Kernel2Run, name: keyof typeof tvr): void => {
  const [byte, bitNumber] = tvr[name];
  run.tvr = withBit(run.tvr, byte, bitNumber, true);
  run.data.set(tag.terminalVerificationResults, run.tvr);
};

export const tvrBit = (run: Kernel2Run, name: keyof typeof tvr): boolean =>
  bitAt(run.tvr, tvr[name]);

/** Both the card (AIP byte 1 bit 2) and this reader (DF811B bit 6) do on-device verification. */
export const cdcvmSupported = (run: Kernel2Run): boolean =>
  dataBit(run, tag.applicationInterchangeProfile, 1, 2) && readerDoesCdcvm(run);

export const readerDoesCdcvm = (run: Kernel2Run): boolean =>
  dataBit(run, tag.kernelConfigurationK2, 1, 6);

export const newRun = (input: KernelInput, data: Map<number, Uint8Array>): Kernel2Run => ({
  input,
  data,
  tvr: new Uint8Array(5),
  pdolValues: EMPTY,
  cdol1Values: EMPTY,
  cda: false,
  cdaRequested: false,
  signedRecords: [],
  staticData: EMPTY,
  transactionLimit: 0,
  acType: AAC,
  cvm: 'none',
  receipt: false,
  fieldOffMs: null,
  error: { l1: 0, l2: 0, l3: 0, sw12: 0, messageOnError: 'FF' },
  why: [],
  oda: 'not reached',
});

const EMPTY = new Uint8Array(0);
