import type { Fault } from './fault.ts';

/** What JSON can hold. Nothing of it is ever account data. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

/** One line of the log, before it is written. */
export interface NewEntry {
  /** The payment's id, or null for what concerns the terminal alone. */
  readonly payment: string | null;
  /** What happened: a name such as "asked" or "approved". */
  readonly event: string;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly atMs: number;
  readonly data: JsonObject;
}

/** A line as it stands in the log; `hash` covers all of it and the hash of the line before. */
export interface Entry extends NewEntry {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** SHA-256 as 64 lower-case hexadecimal digits. */
  readonly previous: string;
  readonly hash: string;
}

/** What a payment has come to: follows from its entries, kept beside them for quick reading. */
export interface PaymentRow {
  readonly id: string;
  /** The till's own transaction id: never the same for two rows. */
  readonly tillId: string | null;
  readonly state: string;
  /** Something is owed to the host or awaited of it: the start goes on with it. */
  readonly open: boolean;
  /** Nobody owes anybody anything any more: retention may remove it. */
  readonly settled: boolean;
  readonly startedMs: number;
  /** Everything that is known of it. */
  readonly record: JsonObject;
}

/** Account data as the key store sealed them: kept beside the log, so that they can be erased. */
export interface SealedData {
  readonly payment: string;
  readonly name: 'account' | 'track2';
  /** null erases it, for good. */
  readonly value: Uint8Array | null;
}

/** All or nothing, and on the disk when `append` resolves. */
export interface JournalWrite {
  readonly entries: readonly NewEntry[];
  /** The rows that follow from them. */
  readonly rows?: readonly PaymentRow[];
  readonly sealed?: readonly SealedData[];
  /** Redacted transcripts of taps, as text (see transcript.md). */
  readonly transcripts?: readonly { readonly payment: string; readonly text: string }[];
}

/** Which payments are looked for; without anything but `count`, the latest. */
export interface PaymentQuery {
  /** What a person knows of it: see `isFound`. */
  readonly text?: string;
  readonly state?: string;
  /** Only those behind this one, in the order of the answer: for the next page. */
  readonly before?: { readonly startedMs: number; readonly id: string };
  readonly count: number;
}

/** What an inspection of the chain found. */
export type ChainState =
  | { readonly chain: 'whole'; readonly entries: number; readonly head: string }
  | { readonly chain: 'broken'; readonly sequence: number; readonly problem: string };

/**
 * The terminal's memory: an append-only log of events, each chained to the one before by its
 * hash, and what follows from them. Faults are of kind `journal`: full, read-only, damaged,
 * tampered with.
 */
export interface Journal {
  /**
   * Undefined when a payment could be written now, else why not, for cashier and technician. Looks
   * at the disk each time: space that was made counts at once.
   */
  refusal(): Fault | undefined;
  /**
   * Writes in one transaction and waits until it is on the disk. What belongs to a payment that has
   * no entry in this write gets one of event "kept". A fault, and nothing written, when the till's
   * id belongs to another payment.
   */
  append(write: JournalWrite): Promise<Fault | undefined>;
  payment(id: string): Promise<PaymentRow | undefined | Fault>;
  byTillId(tillId: string): Promise<PaymentRow | undefined | Fault>;
  /** All with `open`, oldest first. */
  openPayments(): Promise<readonly PaymentRow[] | Fault>;
  /** All without `settled`, oldest first. */
  unsettledPayments(): Promise<readonly PaymentRow[] | Fault>;
  /** The latest, newest first. */
  latestPayments(count: number): Promise<readonly PaymentRow[] | Fault>;
  /**
   * Newest first, by start and then id. For a text it looks at 50,000 payments at most, a few at a
   * time, so that nobody else waits: an older one is found by the whole of its id or the till's.
   */
  findPayments(query: PaymentQuery): Promise<readonly PaymentRow[] | Fault>;
  /** How many without `settled` are in this state. */
  countUnsettled(state: string): Promise<number | Fault>;
  entriesOf(payment: string): Promise<readonly Entry[] | Fault>;
  /** The latest entry with this event of the terminal's own (payment null). */
  latestOwn(event: string): Promise<Entry | undefined | Fault>;
  /**
   * All with this event of the terminal's own, oldest first: each fits its hash and its neighbours,
   * and none is missing that was written. A fault where one doesn't or is, that names it by its
   * sequence; every later `refusal` says so too.
   */
  ownEntries(event: string): Promise<readonly Entry[] | Fault>;
  /** The latest of the terminal's own with one of these events, newest first. */
  latestOwnEntries(events: readonly string[], count: number): Promise<readonly Entry[] | Fault>;
  /** The latest entry with one of these events, of whatever payment. */
  latestOf(events: readonly string[]): Promise<Entry | undefined | Fault>;
  sealed(payment: string, name: SealedData['name']): Promise<Uint8Array | undefined | Fault>;
  transcript(payment: string): Promise<string | undefined | Fault>;
  /**
   * Looks at a part of the chain, at most `count` entries from `from` on, fewer when that takes
   * long; the next `from` is `next`, undefined at the end. A broken chain makes every later
   * `refusal` say so.
   */
  inspect(
    from: number,
    count: number,
  ): Promise<{ readonly state: ChainState; readonly next: number | undefined } | Fault>;
  /**
   * Removes settled payments that started more than `olderThanMs` before `nowMs`, and the oldest
   * settled ones of more than seven days while the file is larger than `largerThanBytes`. "Now" is
   * never more than a day after the last entry: a clock may be wrong. What was removed is itself an
   * entry, "removed"; others may write meanwhile.
   * Resolves to how many payments went.
   */
  retain(limits: {
    readonly olderThanMs: number;
    readonly largerThanBytes: number;
    readonly nowMs: number;
  }): Promise<number | Fault>;
  close(): Promise<void>;
}
