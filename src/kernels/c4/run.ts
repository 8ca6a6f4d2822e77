import { type BitPosition, bit, bitAt, withBit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { SignedRecord } from '#oda/index.ts';
import { type CardObjects, noObjects } from '../shared/card-objects.ts';
import { AAC, type CryptogramType } from '../shared/cryptogram-type.ts';
import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel4Options } from '../shared/kernel-options.ts';
import type { Cvm, Outcome, Reason } from '../shared/outcome.ts';
import type { Step } from '../shared/step.ts';
import { tvrBits } from '../shared/tvr-bits.ts';
import { type ReaderCapabilities, reader } from './reader-capabilities.ts';

/** What the phases of one kernel 4 activation share and change. */
export interface Kernel4Run extends CardObjects {
  readonly input: KernelInput;
  readonly options: Kernel4Options;
  readonly reader: ReaderCapabilities;
  /** From the FCI; its objects don't count as duplicates of later ones. */
  readonly fci: Map<number, Uint8Array>;
  /** Values for the PDOL and for CDOL1, as sent: the card signs them. */
  pdolValues: Uint8Array;
  cdol1Values: Uint8Array;
  /** Records that are part of the static data to be authenticated, in the AFL's order. */
  readonly signedRecords: SignedRecord[];
  /** The account number's digits, once the records are read. */
  pan: string;
  /** Terminal Verification Results (95). */
  tvr: Uint8Array;
  /** CVM Results (9F34). */
  cvmResults: Uint8Array;
  cvm: Cvm;
  /** Card and terminal do CDA. */
  cda: boolean;
  /** What GENERATE AC asks for. */
  asked: CryptogramType;
  /** How offline data authentication went, in words for the log. */
  oda: string;
  why: Reason[];
}

/** The phases of kernel 4, in the order of Book C-4's flow. */
export type PhaseName =
  | 'initiateApplicationProcessing'
  | 'readApplicationData'
  | 'offlineDataAuthentication'
  | 'processingRestrictions'
  | 'cardholderVerification'
  | 'terminalRiskManagement'
  | 'terminalActionAnalysis'
  | 'cardActionAnalysis'
  | 'onlineResponse';

export type Phase = (run: Kernel4Run) => Step<PhaseName | Outcome>;

/** TVR bits that kernel 4 sets. Byte 3 bit 6, the PIN's try limit, is the phone's CVM here. */
export const tvr = { ...tvrBits, mobileCvmBlocked: [3, 6] } as const satisfies Readonly<
  Record<string, BitPosition>
>;

export const setTvr = (run: Kernel4Run, name: keyof typeof tvr): void => {
  const [byte, bitNumber] = tvr[name];
  run.tvr = withBit(run.tvr, byte, bitNumber, true);
};

export const tvrSays = (run: Kernel4Run, name: keyof typeof tvr): boolean =>
  bitAt(run.tvr, tvr[name]);

/** Application Interchange Profile (82), as byte and bit. C-4 Annex A */
export const aip = {
  cardholderVerification: [1, 5],
  cda: [1, 1],
  emvMode: [2, 8],
  mobile: [2, 7],
  hostCardEmulation: [2, 6],
} as const satisfies Readonly<Record<string, BitPosition>>;

export const aipSays = (run: Kernel4Run, name: keyof typeof aip): boolean =>
  bitAt(cardBytes(run, tag.applicationInterchangeProfile), aip[name]);

export const readerSays = (run: Kernel4Run, name: keyof typeof reader): boolean =>
  bitAt(run.reader.enhanced, reader[name]);

export const cardBytes = (run: Kernel4Run, wanted: number): Uint8Array =>
  run.card.get(wanted) ?? EMPTY;

/** A data element as the card's lists and conditions see it: this transaction's own first. */
export const elementOf = (run: Kernel4Run, wanted: number): Uint8Array | undefined => {
  switch (wanted) {
    case tag.terminalVerificationResults:
      return run.tvr;
    case tag.cvmResults:
      return run.cvmResults;
    case tag.unpredictableNumber:
      return run.input.unpredictableNumber;
    case tag.contactlessReaderCapabilities:
      return run.reader.basic;
    case tag.enhancedContactlessReaderCapabilities:
      return run.reader.enhanced;
    default:
      return run.input.terminal.get(wanted) ?? run.card.get(wanted) ?? run.fci.get(wanted);
  }
};

/**
 * Whether the card can be put into a contact reader instead: this reader has one, the card is no
 * phone, and says nothing to the contrary (9F70 byte 1 bit 6). C-4, Try Another Interface
 */
export const canUseContact = (run: Kernel4Run): boolean => {
  if (!readerSays(run, 'contactChip')) return false;
  if (aipSays(run, 'mobile') || aipSays(run, 'hostCardEmulation')) return false;
  const capabilities = run.card.get(tag.cardInterfaceAndPaymentCapabilities);
  return capabilities === undefined || bit(capabilities, 1, 6);
};

/** Which cryptogram the card has made, bits 8-7 of 9F27; 3 is reserved. */
export const typeIn = (run: Kernel4Run): number =>
  (cardBytes(run, tag.cryptogramInformationData)[0] ?? 0) >> 6;

/** Nothing can be sent to a host now: a terminal that never can, or that can't reach it. */
export const unableToGoOnline = (run: Kernel4Run): boolean => readerSays(run, 'unableToGoOnline');

export const newRun = (
  input: KernelInput,
  options: Kernel4Options,
  capabilities: ReaderCapabilities,
): Kernel4Run => ({
  input,
  options,
  reader: capabilities,
  fci: new Map(),
  ...noObjects(),
  pdolValues: EMPTY,
  cdol1Values: EMPTY,
  signedRecords: [],
  pan: '',
  tvr: new Uint8Array(5),
  cvmResults: new Uint8Array(3),
  cvm: 'none',
  cda: false,
  asked: AAC,
  oda: 'not performed',
  why: [],
});

export const EMPTY = new Uint8Array(0);
