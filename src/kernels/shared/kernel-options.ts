/**
 * Choices that Book C-3 leaves to implementation, acquirer or merchant and that no data element
 * carries. What the TTQ (9F66) says is not repeated here: offline authentication for online
 * cryptograms (byte 1 bit 1), issuer update (byte 3 bit 8).
 */
export interface Kernel3Options {
  /** fDDA (format 95) where the card asks to go online: transit gates and the like. 5.6 */
  readonly fddaForOnline: boolean;
  /** The card's usage control is checked for manual cash (9C 01). 5.5 */
  readonly usageControlForCash: boolean;
  /** The same for cashback. 5.5 */
  readonly usageControlForCashback: boolean;
  /** The terminal exception file is looked up before an offline approval. 5.5 */
  readonly exceptionFileCheck: boolean;
  /** Available Offline Spending Amount (9F5D) is shown as a balance. 5.8 */
  readonly showOfflineBalance: boolean;
}

/** What Book C-2 leaves open. */
export interface Kernel2Options {
  /**
   * Terminal Risk Management Data (9F1D): the dictionary calls some of its bits dynamic, and no
   * step of the book sets them. `dynamic` follows kernel 8's rule; `asConfigured` leaves 9F1D as
   * it is.
   */
  readonly riskManagementData: 'dynamic' | 'asConfigured';
}

/** What Book C-6 leaves to the reader. */
export interface Kernel6Options {
  /** Authorisation comes later (public transport): an ARQC is taken if the card proves itself. */
  readonly deferredAuthorisation: boolean;
}

/** What Book C-7 leaves to the reader. */
export interface Kernel7Options {
  /** A gate of public transport: every card that is fit for it pays online, with fDDA. */
  readonly transitReader: boolean;
}

/** What Book C-4 leaves to the reader. */
export interface Kernel4Options {
  /** The host can't be reached for now: what would go online is for the Default action codes. */
  readonly unableToGoOnline: boolean;
}

/** What Book C-5 wants configured for each application and no data element carries. */
export interface Kernel5Options {
  /** Combination Options byte 1 bit 6: offline data authentication (CDA). */
  readonly offlineDataAuthentication: boolean;
  /** Bit 5: the terminal exception file is looked up. */
  readonly exceptionFileCheck: boolean;
  /** Bit 4: some payments below the floor limit go online by chance; null: none. */
  readonly randomSelection: RandomSelection | null;
  /** Bit 1: cards that know no EMV mode are taken too. */
  readonly legacyMode: boolean;
  /** Minor units, each reached by an amount that is equal; null: not configured. */
  readonly transactionLimit: number | null;
  readonly cdcvmTransactionLimit: number | null;
  readonly floorLimit: number | null;
  /** Terminal Action Codes, 5 bytes each. */
  readonly actionCodeDenial: Uint8Array;
  readonly actionCodeOnline: Uint8Array;
  readonly actionCodeDefault: Uint8Array;
  /** Present and hold: how long the shopper holds the card there while the host is asked. */
  readonly removalTimeoutMs: number;
}

/** Random Transaction Selection, Book 3 §10.6.2. */
export interface RandomSelection {
  /** Minor units; from here on the larger amounts are chosen more often. */
  readonly threshold: number;
  /** Percent below the threshold, and just below the floor limit. */
  readonly targetPercentage: number;
  readonly maximumTargetPercentage: number;
}

/** Choices for the kernels of one combination; what is left out is as the kernel ships. */
export interface KernelOptions {
  readonly kernel2?: Partial<Kernel2Options>;
  readonly kernel3?: Partial<Kernel3Options>;
  readonly kernel4?: Partial<Kernel4Options>;
  readonly kernel5?: Partial<Kernel5Options>;
  readonly kernel6?: Partial<Kernel6Options>;
  readonly kernel7?: Partial<Kernel7Options>;
}
