import type { Fault } from './fault.ts';

export type Role = 'cashier' | 'manager' | 'technician';

/** Somebody who may sign in. Their PIN is known to nobody, only checked. */
export interface PersonInfo {
  /** What they sign in with; "Ann", " ann" and "ＡＮＮ" are one person. */
  readonly name: string;
  readonly role: Role;
  readonly sinceMs: number;
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

/**
 * The people of this terminal and their PINs (Argon2id). What is written is on the disk when a call
 * resolves. A Fault where it can't be read or written: then nobody is let in.
 */
export interface People {
  list(): Promise<readonly PersonInfo[] | Fault>;
  /** The first one must be a manager. Nobody is there by default. */
  add(name: string, role: Role, pin: string): Promise<PersonInfo | PersonProblem | Fault>;
  /** A new PIN ends a lock-out. */
  setPin(name: string, pin: string): Promise<PersonInfo | PersonProblem | Fault>;
  /** Refuses to leave the terminal without a manager. */
  setRole(name: string, role: Role): Promise<PersonInfo | PersonProblem | Fault>;
  /** Refuses to remove the last manager. */
  remove(name: string): Promise<PersonInfo | PersonProblem | Fault>;
  /**
   * Checks a PIN. Wrong ones delay the next try of the same name, longer each time, across
   * restarts; a name that isn't there takes as long to refuse and says the same.
   */
  signIn(name: string, pin: string): Promise<PersonInfo | PersonProblem | Fault>;
  close(): Promise<void>;
}

export const isPersonProblem = (value: unknown): value is PersonProblem =>
  typeof value === 'object' && value !== null && 'personProblem' in value;
