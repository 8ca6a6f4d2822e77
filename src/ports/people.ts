import type { Fault } from './fault.ts';

export type Role = 'cashier' | 'manager' | 'technician';

/** Somebody who may sign in. Their PIN is known to nobody, only checked. */
export interface PersonInfo {
  /** What they sign in with; "Ann", " ann" and "ＡＮＮ" are one person. */
  readonly name: string;
  readonly role: Role;
  readonly sinceMs: number;
  /** When their PIN was set. Another one is always later, whatever the clock says. */
  readonly pinSinceMs: number;
  /** Too many wrong PINs: no try counts before then. Wall clock. */
  readonly lockedUntilMs?: number;
}

/** Why a person or PIN isn't taken, or nobody let in. Says nothing that a stranger may not know. */
export interface PersonProblem {
  readonly personProblem: true;
  /** "name", "pin", "role"; empty for the whole. */
  readonly field: string;
  readonly problem: string;
  /** For a sign-in that is locked: when it makes sense to try again, in milliseconds from now. */
  readonly retryAfterMs?: number;
}

/** A person as they stand now, or why not. */
export type Admission = PersonInfo | PersonProblem | Fault;

/**
 * Writes down what is about to be done, when nothing speaks against it any more. A Fault, and it is
 * not done.
 */
export type Recording = () => Promise<Fault | undefined>;

/**
 * The people of this terminal and their PINs (Argon2id). What is written is on the disk when a call
 * resolves. A Fault where it can't be read or written: then nobody is let in.
 */
export interface People {
  list(): Promise<readonly PersonInfo[] | Fault>;
  /**
   * The first manager: refused as soon as anybody is known, as a whole (no field), so that no two
   * can be the first.
   */
  addFirst(name: string, pin: string, record?: Recording): Promise<Admission>;
  /** The first one must be a manager. Nobody is there by default. */
  add(name: string, role: Role, pin: string, record?: Recording): Promise<Admission>;
  /** A new PIN ends a lock-out. */
  setPin(name: string, pin: string, record?: Recording): Promise<Admission>;
  /** Refuses to leave the terminal without a manager. */
  setRole(name: string, role: Role, record?: Recording): Promise<Admission>;
  /** Refuses to remove the last manager. */
  remove(name: string, record?: Recording): Promise<Admission>;
  /**
   * Checks a PIN. Wrong ones delay the next try of the same name, longer each time, across
   * restarts; a name that isn't there takes as long to refuse and says the same.
   */
  signIn(name: string, pin: string): Promise<Admission>;
  close(): Promise<void>;
}

export const ROLES: readonly Role[] = ['cashier', 'manager', 'technician'];

export const personProblem = (
  field: string,
  problem: string,
  retryAfterMs?: number,
): PersonProblem => ({
  personProblem: true,
  field,
  problem,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

export const isPersonProblem = (value: unknown): value is PersonProblem =>
  typeof value === 'object' && value !== null && 'personProblem' in value;
