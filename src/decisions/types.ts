import type { Observable } from 'rxjs';
import type {
  Decision,
  DecisionProblem,
  Facts,
  Known,
  Moment,
  Person,
  Proof,
  Verdict,
} from '#acceptance/index.ts';
import type { Fault } from '#ports/fault.ts';

/** What counts at this moment. */
export interface Standing {
  readonly inForce: readonly Decision[];
  /**
   * Why the register can't be read, for staff, naming the entry: then nothing is taken that a
   * decision could be about.
   */
  readonly unreadable?: string;
  /** When it changes by itself, wall clock. */
  readonly changesAtMs?: number;
}

/** What a decision would do, before it is made. */
export interface Preview {
  readonly decision: Decision;
  /** In sentences for a person: what it switches, what it ends, whom it waits for. */
  readonly says: readonly string[];
  /** What else it refuses, such as cards that don't tell in time whether they are meant. */
  readonly warnings: readonly string[];
}

/** The register as it was found when it was read again from the disk. */
export interface RegisterCheck {
  readonly entries: number;
  /** SHA-256 of the last entry, 64 hexadecimal digits; empty for an empty register. */
  readonly head: string;
  /** What is wrong, naming the entry; absent when all is well. */
  readonly problem?: string;
}

/**
 * The shop's decisions: kept in the journal, chained by hash, in force by the clock. One for
 * terminal, console and command line, so that the same rules hold for all.
 */
export interface DecisionBook {
  /** Replays what counts now, then each change: a decision, a beginning, an end, a damage. */
  readonly standing$: Observable<Standing>;
  standing(): Standing;
  /** "no" by nobody's decision when the register can't be read. */
  judge(facts: Facts): Verdict;
  /** The whole register, oldest first, as it was last read. */
  all(): readonly Decision[];
  /** Where the journal holds each decision, by its id. */
  proofs(): ReadonlyMap<string, Proof>;
  /** What there is to decide about. */
  known(): Known;
  /** Why a payment of which so much is known is taken or not, in sentences. No digit of a card. */
  why(facts: Facts): readonly string[];
  /** Nothing is written. */
  preview(request: unknown, by: Person): Preview | DecisionProblem;
  /**
   * Written, then in force: what `standing$` says follows within the same turn of the event loop.
   * @param request what `parseDecision` takes
   */
  decide(request: unknown, by: Person): Promise<Decision | DecisionProblem | Fault>;
  approve(id: string, by: Person): Promise<Decision | DecisionProblem | Fault>;
  /**
   * The way out of a register that can't be read: from here on only what is decided now counts.
   * What stood before stays in the journal.
   * @param request the first decision of the new register
   */
  beginAnew(request: unknown, by: Person): Promise<Decision | DecisionProblem | Fault>;
  /** Reads the register again from the disk; what is wrong counts at once. */
  verify(): Promise<RegisterCheck | Fault>;
  /** The clock and the place that decisions go by. */
  now(): Moment;
}
