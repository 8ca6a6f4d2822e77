import {
  ALL,
  type Entry,
  type Identity,
  keyOf,
  keyOfEntry,
  type PaymentEntry,
  type PaymentKind,
  type ReconciliationEntry,
  type ReversalEntry,
  type Totals,
} from './entries.ts';
import { addTotals, booking, noTotals, takingOff } from './totals.ts';

/** What the books say now of one payment. */
export type Booked = PaymentEntry & { readonly reversed: boolean };

export type PositionState =
  | 'declined'
  | 'booked'
  | 'reversed'
  | 'held'
  | 'completed'
  /** A hold that was not completed in time. */
  | 'released';

/** Where a payment ended, or stands so far. */
export interface Position extends Identity {
  readonly kind: PaymentKind;
  readonly rrn: string;
  readonly currency: string;
  readonly responseCode: string;
  readonly amountMinor: number;
  readonly approvedMinor: number;
  readonly reversedMinor: number;
  /** Of a hold: what its completion booked. */
  readonly completedMinor?: number;
  /** What the books charge, or give back in a refund; of a hold, what is held still. */
  readonly standingMinor: number;
  readonly state: PositionState;
}

/** Minor units; booked is negative where more was given back than paid. */
export interface AccountPosition {
  readonly bookedMinor: number;
  readonly heldMinor: number;
}

/** Entries in order, and what can be asked about them. */
export interface Books {
  enter(entry: Entry): void;
  find(key: string): PaymentEntry | undefined;
  /** An approved pre-authorisation by DE 37. */
  preAuthorisation(terminal: string, rrn: string): PaymentEntry | undefined;
  /** How much of a payment stands: approved less reversed. */
  standingMinor(key: string): number;
  /** The approved completion of a pre-authorisation. */
  completionOf(key: string): PaymentEntry | undefined;
  /** The reversal that left nothing of this payment, or came before it. */
  reversalOf(key: string): ReversalEntry | undefined;
  /** A reversal by its own identity. */
  reversal(key: string): ReversalEntry | undefined;
  reconciliation(key: string): ReconciliationEntry | undefined;
  /** Whether this card's counter stood in an earlier request. */
  cryptogramSeen(token: string, atc: string): boolean;
  /** The latest payments, oldest first. */
  last(count: number): readonly Booked[];
  /** Every payment of a terminal, or of all, oldest first. */
  positions(nowMs: number, terminal?: string): readonly Position[];
  /** What this card has paid and got back in a currency, and what is held of it now. */
  account(token: string, currency: string, nowMs: number): AccountPosition;
  /** Since the last reconciliation, of one currency or of all together. */
  totals(terminal: string, currency?: string): Totals;
  terminals(): readonly string[];
  counts(): { readonly payments: number; readonly reversals: number };
}

interface Kept {
  readonly payments: Map<string, PaymentEntry>;
  readonly reversedMinor: Map<string, number>;
  readonly gone: Map<string, ReversalEntry>;
  readonly reversals: Map<string, ReversalEntry>;
  readonly reversedKeys: Set<string>;
  readonly completions: Map<string, PaymentEntry>;
  readonly references: Map<string, PaymentEntry>;
  readonly cryptograms: Set<string>;
  readonly reconciliations: Map<string, ReconciliationEntry>;
  /** By terminal, then by currency. */
  readonly periods: Map<string, Map<string, Totals>>;
}

export const createBooks = (): Books => {
  const kept: Kept = {
    payments: new Map(),
    reversedMinor: new Map(),
    gone: new Map(),
    reversals: new Map(),
    reversedKeys: new Set(),
    completions: new Map(),
    references: new Map(),
    cryptograms: new Set(),
    reconciliations: new Map(),
    periods: new Map(),
  };
  return {
    enter: (entry) => {
      if (entry.type === 'reversal') enterReversal(entry, kept);
      else if (entry.type === 'reconciliation') enterReconciliation(entry, kept);
      else enterPayment(entry, kept);
    },
    find: (key) => kept.payments.get(key),
    preAuthorisation: (terminal, rrn) => kept.references.get(`${terminal} ${rrn}`),
    standingMinor: (key) => standingMinor(key, kept),
    completionOf: (key) => kept.completions.get(key),
    reversalOf: (key) => kept.gone.get(key),
    reversal: (key) => kept.reversals.get(key),
    reconciliation: (key) => kept.reconciliations.get(key),
    cryptogramSeen: (token, atc) => kept.cryptograms.has(`${token} ${atc}`),
    last: (count) =>
      [...kept.payments]
        .slice(-count)
        .map(([key, entry]) => ({ ...entry, reversed: kept.gone.has(key) })),
    positions: (nowMs, terminal) =>
      [...kept.payments.values()]
        .filter((entry) => terminal === undefined || entry.terminal === terminal)
        .map((entry) => positionOf(entry, nowMs, kept)),
    account: (token, currency, nowMs) => accountOf(token, currency, nowMs, kept),
    totals: (terminal, currency) =>
      [...(kept.periods.get(terminal) ?? [])]
        .filter(([code]) => currency === undefined || code === currency)
        .reduce((sum, [, totals]) => addTotals(sum, totals), noTotals),
    terminals: () => [...new Set([...kept.payments.values()].map(({ terminal }) => terminal))],
    counts: () => ({ payments: kept.payments.size, reversals: kept.reversedKeys.size }),
  };
};

const enterPayment = (entry: PaymentEntry, kept: Kept): void => {
  const key = keyOfEntry(entry);
  kept.payments.set(key, entry);
  if (entry.atc !== undefined) kept.cryptograms.add(`${entry.token} ${entry.atc}`);
  if (!isApproved(entry)) return;
  if (entry.kind === 'preAuthorisation')
    kept.references.set(`${entry.terminal} ${entry.rrn}`, entry);
  if (entry.completes !== undefined) kept.completions.set(entry.completes, entry);
  count(entry, booking(entry.kind, entry.approvedMinor), kept);
};

const enterReversal = (entry: ReversalEntry, kept: Kept): void => {
  const key = keyOfEntry(entry);
  const { terminal, own } = entry;
  kept.reversals.set(keyOf(terminal, own.stan, own.transmitted), entry);
  if (!TAKEN.has(entry.responseCode)) return;
  kept.reversedKeys.add(key);
  const standing = standingMinor(key, kept);
  const original = kept.payments.get(key);
  // A reversal from a ledger of before took what there was.
  const takenMinor = entry.takenMinor === ALL ? standing : entry.takenMinor;
  kept.reversedMinor.set(key, (kept.reversedMinor.get(key) ?? 0) + takenMinor);
  const whole = takenMinor === standing;
  if (whole) kept.gone.set(key, entry);
  if (original !== undefined && isApproved(original)) {
    count(original, takingOff(original.kind, takenMinor, whole), kept);
  }
};

// Taken off, or kept off: the original of a 25 may still come. Any other reversal was refused.
const TAKEN: ReadonlySet<string> = new Set(['00', '25']);

const enterReconciliation = (entry: ReconciliationEntry, kept: Kept): void => {
  kept.reconciliations.set(keyOfEntry(entry), entry);
  if (entry.currency === undefined) kept.periods.delete(entry.terminal);
  else kept.periods.get(entry.terminal)?.delete(entry.currency);
};

const isApproved = ({ approvedMinor, completes }: PaymentEntry): boolean =>
  approvedMinor > 0 || completes !== undefined;

const count = ({ terminal, currency }: PaymentEntry, totals: Totals, { periods }: Kept): void => {
  const period = periods.get(terminal) ?? new Map<string, Totals>();
  periods.set(terminal, period);
  period.set(currency, addTotals(period.get(currency) ?? noTotals, totals));
};

const standingMinor = (key: string, { payments, reversedMinor }: Kept): number =>
  (payments.get(key)?.approvedMinor ?? 0) - (reversedMinor.get(key) ?? 0);

const accountOf = (token: string, currency: string, nowMs: number, kept: Kept): AccountPosition => {
  const positions = [...kept.payments.values()]
    .filter((entry) => entry.token === token && entry.currency === currency)
    .map((entry) => positionOf(entry, nowMs, kept));
  const sum = (some: readonly Position[]) =>
    some.reduce((total, { standingMinor: minor }) => total + minor, 0);
  const held = positions.filter(({ state }) => state === 'held');
  const given = positions.filter(({ kind }) => kind === 'refund');
  return {
    heldMinor: sum(held),
    bookedMinor: sum(positions) - sum(held) - 2 * sum(given),
  };
};

const positionOf = (entry: PaymentEntry, nowMs: number, kept: Kept): Position => {
  const key = keyOfEntry(entry);
  const { terminal, stan, transmitted, kind, rrn, currency, responseCode } = entry;
  const completion = kept.completions.get(key);
  const state = stateOf(entry, nowMs, kept);
  const ended = completion !== undefined || state === 'released';
  return {
    terminal,
    stan,
    transmitted,
    kind,
    rrn,
    currency,
    responseCode,
    amountMinor: entry.amountMinor,
    approvedMinor: entry.approvedMinor,
    reversedMinor: kept.reversedMinor.get(key) ?? 0,
    ...(completion === undefined ? {} : { completedMinor: completion.approvedMinor }),
    standingMinor: ended ? 0 : standingMinor(key, kept),
    state,
  };
};

const stateOf = (entry: PaymentEntry, nowMs: number, kept: Kept): PositionState => {
  const key = keyOfEntry(entry);
  if (!isApproved(entry)) return 'declined';
  if (kept.completions.has(key)) return 'completed';
  if (kept.gone.has(key)) return 'reversed';
  if (entry.kind !== 'preAuthorisation') return 'booked';
  return nowMs < Date.parse(entry.heldUntil ?? '') ? 'held' : 'released';
};
