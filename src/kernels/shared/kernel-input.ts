import type { CaPublicKeys, IssuerKeyCache, RevocationList } from '#oda/index.ts';
import type { KernelOptions } from './kernel-options.ts';
import type { StartPoint } from './outcome.ts';

/** What a payment is about, as Entry Point and the kernels see it. */
export interface Transaction {
  /** Transaction Type 9C as one byte: 00 purchase, 01 cash, 09 with cashback, 20 refund. */
  readonly type: number;
  /** Minor units. With cashback: the sum of purchase and cashback. */
  readonly amountAuthorised: number;
  readonly amountOther: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
}

/** Entry Point Pre-Processing Indicators of one combination, Book B Table 5-3. */
export interface PreprocessingIndicators {
  readonly statusCheckRequested: boolean;
  readonly contactlessApplicationNotAllowed: boolean;
  readonly zeroAmount: boolean;
  readonly readerCvmRequiredLimitExceeded: boolean;
  readonly readerContactlessFloorLimitExceeded: boolean;
  /** Copy of the Terminal Transaction Qualifiers; only if they are configured. */
  readonly ttq?: Uint8Array;
}

/** Data elements by tag. */
export type DataMap = ReadonlyMap<number, Uint8Array>;

/** What offline decisions rest on: the schemes' keys, and who is no longer trusted. */
export interface Authentication {
  readonly caKeys: CaPublicKeys;
  readonly revoked: RevocationList;
  /** Account numbers of the terminal exception file, digits only. */
  readonly exceptionFile: ReadonlySet<string>;
  /** Issuers' keys of earlier taps: saves time, decides nothing. */
  readonly issuerKeys?: IssuerKeyCache;
}

/** A key pair on P-256 that serves for one activation of kernel 8. */
export interface EphemeralKeyPair {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** x||y, 64 bytes. */
  readonly publicKey: Uint8Array;
}

/** What Entry Point hands to a kernel, Book B §3.4. */
export interface KernelInput {
  /** Where this activation stands: D is a restart without a new SELECT. */
  readonly start: StartPoint;
  readonly restart: boolean;
  readonly adfName: Uint8Array;
  /** AID of the reader's combination; the card's ADF Name may be longer. */
  readonly aid: Uint8Array;
  /** The answer to SELECT (AID), without its status word 9000; empty at Start D. */
  readonly fci: Uint8Array;
  readonly transaction: Transaction;
  readonly preprocessing: PreprocessingIndicators;
  /** Terminal, transaction and combination data: everything but the card's. */
  readonly terminal: DataMap;
  readonly unpredictableNumber: Uint8Array;
  /** Made ahead of the tap and never used before. Without it kernel 8 makes one of entropy. */
  readonly ephemeralKey?: EphemeralKeyPair;
  /** 91, 71 and 72 from the issuer, when the kernel is restarted to deliver them. */
  readonly issuerData?: Uint8Array;
  /** All that the host answered, as TLV: 8A too, which is no issuer data. */
  readonly onlineResponse?: Uint8Array;
  /**
   * The terminal answers kernel 2's data exchange. Without it the kernel never asks, as one built
   * without that option.
   */
  readonly dataExchange?: boolean;
  /**
   * The terminal decides, when the card was read as far as it tells by itself, whether it may be
   * asked for a cryptogram at all. Without it the kernel never asks.
   */
  readonly clearance?: boolean;
  /** Absent in a terminal that is configured without keys and lists. */
  readonly authentication?: Authentication;
  readonly options?: KernelOptions;
}
