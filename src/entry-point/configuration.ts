import type {
  Authentication,
  DataMap,
  EphemeralKeyPair,
  KernelRegistry,
  PreprocessingIndicators,
} from '#kernels/shared/kernel.ts';
import type { KernelOptions } from '#kernels/shared/kernel-options.ts';

/**
 * Entry Point Configuration Data of one combination and transaction type, Book B Table 5-2.
 * An absent element is "not configured", which differs from zero and false. Limits in minor units.
 */
export interface EntryPointData {
  readonly statusCheck?: boolean;
  readonly zeroAmountAllowed?: boolean;
  readonly zeroAmountForOfflineAllowed?: boolean;
  readonly readerContactlessTransactionLimit?: number;
  readonly readerContactlessFloorLimit?: number;
  readonly terminalFloorLimit?: number;
  readonly readerCvmRequiredLimit?: number;
  readonly ttq?: Uint8Array;
  readonly extendedSelection?: boolean;
  /** Indicators for activations by the reader at Start B (autorun); otherwise all clear. */
  readonly fixedIndicators?: Partial<PreprocessingIndicators>;
}

/** What the reader takes: an AID with the kernel that handles it. */
export interface Combination {
  /** 5 to 16 bytes; matches every ADF Name that begins with it. */
  readonly aid: Uint8Array;
  /** Upper-case hexadecimal, 1 to 8 bytes: "03". */
  readonly kernelId: string;
  readonly entryPoint: EntryPointData;
  /** Kernel configuration data, overlaid on the terminal's. */
  readonly data: DataMap;
  /** Choices of the kernel's that no data element carries. */
  readonly options?: KernelOptions;
}

/** What SEND POI INFORMATION tells a card that asks, Book B 3.3.2 step 1a. */
export interface PoiInformation {
  /** Two bytes: 0001 transit gate, 0002 loyalty. Absent: a terminal of no category. */
  readonly terminalCategory?: Uint8Array;
  /** Further items by identifier, sent behind the category only; values of up to 255 bytes. */
  readonly items: readonly { readonly id: number; readonly value: Uint8Array }[];
}

export interface ReaderConfiguration {
  /** By Transaction Type (9C). A type that isn't there is as if nothing were allowed. */
  readonly combinations: ReadonlyMap<number, readonly Combination[]>;
  readonly terminal: DataMap;
  readonly kernels: KernelRegistry;
  /** Digits after the decimal point by ISO 4217 numeric code, for the status check. */
  readonly currencyExponents: ReadonlyMap<number, number>;
  /** Kernels ask before they ask a card for a cryptogram; see `KernelInput.clearance`. */
  readonly clearance?: boolean;
  /**
   * Key pairs for kernel 8, made ahead of taps: each is given out once. Without it the kernel makes
   * one of entropy that it asks for, so that a recorded tap can be replayed.
   */
  readonly ephemeralKeys?: () => EphemeralKeyPair;
  /** Keys and lists for the kernels; Entry Point only hands them on. */
  readonly authentication?: Authentication;
  /**
   * Schemes that the counter can take by another interface only. A card that shares nothing with
   * the reader and has one of theirs ends in Try Another Interface: ours, beyond Book B. Absent,
   * such a card is like any other without candidates (3.3.2.7).
   */
  readonly otherInterface?: readonly { readonly name: string; readonly rid: Uint8Array }[];
  /** Absent: SEND POI INFORMATION is switched off, which Book B leaves to the reader. */
  readonly poiInformation?: PoiInformation;
}
