/** One line of the ledger. No line holds an account number: a mask, and a token to look it up. */
export type Entry = PaymentEntry | ReversalEntry | ReconciliationEntry;

/** A message's identity at the host: the same on every repeat. */
export interface Identity {
  readonly terminal: string;
  readonly stan: string;
  /** DE 7, MMDDhhmmss. */
  readonly transmitted: string;
}

/** What a payment is for the books: a debit, a credit, a hold, or the debit of what was held. */
export type PaymentKind = 'purchase' | 'refund' | 'preAuthorisation' | 'completion';

/** A 01xx or 02xx, as it was answered. */
export interface PaymentEntry extends Identity {
  readonly type: 'authorisation' | 'financial' | 'advice';
  readonly kind: PaymentKind;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly merchant: string;
  readonly rrn: string;
  readonly pan: string;
  readonly token: string;
  /** DE 4 of the request. */
  readonly amountMinor: number;
  /** What was booked or held: 0 when refused, less than asked for in a partial approval. */
  readonly approvedMinor: number;
  readonly currency: string;
  /** Parts of DE 4: DE 54 amount types 40 and 44, and DE 28. */
  readonly cashBackMinor?: number;
  readonly tipMinor?: number;
  readonly feeMinor?: number;
  readonly responseCode: string;
  readonly authorisationCode?: string;
  readonly arqcVerified: boolean;
  /** Why the cryptogram or the request was refused. */
  readonly why?: string;
  readonly cvn?: number;
  /** Verified by a method of ours, because the scheme's isn't public: its title. */
  readonly cryptogramStandIn?: string;
  /** Application transaction counter, hexadecimal. */
  readonly atc?: string;
  /** Tag 91 as we answered it, hexadecimal. */
  readonly issuerAuthenticationData?: string;
  /** Templates 71 and 72 as we answered them, hexadecimal. */
  readonly issuerScripts?: string;
  /** Until when a hold stands, ISO 8601. */
  readonly heldUntil?: string;
  /** The key of the pre-authorisation that this completes. */
  readonly completes?: string;
}

/** A 04xx, as it was answered. `stan` and `transmitted` are the original's, from DE 90. */
export interface ReversalEntry extends Identity {
  readonly type: 'reversal';
  readonly at: string;
  readonly rrn: string;
  /** DE 39 of the request. */
  readonly reason: string;
  /** Whether the original was in the ledger. */
  readonly found: boolean;
  readonly responseCode: string;
  /** The reversal's own STAN and DE 7. */
  readonly own: Omit<Identity, 'terminal'>;
  /** How much came off the original; ALL: what there was. */
  readonly takenMinor: number;
  /** DE 95 of a partial reversal: what the original shall be from now on. */
  readonly replacementMinor?: number;
}

/** A 0500 and what both sides counted since the one before. */
export interface ReconciliationEntry extends Identity {
  readonly type: 'reconciliation';
  readonly at: string;
  /** The one currency that was reconciled; absent: all together. */
  readonly currency?: string;
  readonly claimed: Totals;
  readonly totals: Totals;
  readonly inBalance: boolean;
}

export interface Sum {
  readonly count: number;
  readonly amountMinor: number;
}

/**
 * Of one period: purchases and completions are debits, refunds credits; a reversal counts when
 * nothing is left of its original, its amount always. Holds don't count.
 */
export interface Totals {
  readonly debits: Sum;
  readonly debitReversals: Sum;
  readonly credits: Sum;
  readonly creditReversals: Sum;
}

/** `takenMinor` of a reversal that took what there was. */
export const ALL = -1;

/** A payment's identity as a key. */
export const keyOf = (terminal: string, stan: string, transmitted: string): string =>
  `${terminal.trim()}|${stan}|${transmitted}`;

export const keyOfEntry = ({ terminal, stan, transmitted }: Identity): string =>
  keyOf(terminal, stan, transmitted);

/** An entry from its line; undefined when the line is none. */
export const parseEntry = (line: string): Entry | undefined => {
  try {
    const value = JSON.parse(line) as Partial<Entry> | null;
    const identified = [value?.terminal, value?.stan, value?.transmitted].every(
      (part) => typeof part === 'string',
    );
    if (!identified || !TYPES.has(value?.type)) return undefined;
    return complete(value as Entry);
  } catch {
    return undefined;
  }
};

const TYPES: ReadonlySet<unknown> = new Set<Entry['type']>([
  'authorisation',
  'financial',
  'advice',
  'reversal',
  'reconciliation',
]);

/** What a line may lack that was written before partial amounts were known. */
type OldReversal = Partial<Pick<ReversalEntry, 'own' | 'takenMinor' | 'responseCode'>> &
  Omit<ReversalEntry, 'own' | 'takenMinor' | 'responseCode'>;
type OldPayment = Partial<Pick<PaymentEntry, 'kind' | 'approvedMinor'>> &
  Omit<PaymentEntry, 'kind' | 'approvedMinor'>;

// Ledgers of before knew whole payments only, and reversals that took them off whole. The books
// find out what such a reversal took when they enter it.
const complete = (entry: Entry): Entry => {
  if (entry.type === 'reconciliation') return entry;
  if (entry.type === 'reversal') {
    const { stan, transmitted, found, responseCode = found ? '00' : '25' }: OldReversal = entry;
    const { own = { stan, transmitted }, takenMinor = ALL }: OldReversal = entry;
    return { ...entry, own, responseCode, takenMinor };
  }
  const { responseCode, amountMinor, kind = 'purchase' }: OldPayment = entry;
  const { approvedMinor = responseCode === '00' ? amountMinor : 0 }: OldPayment = entry;
  return { ...entry, kind, approvedMinor };
};
