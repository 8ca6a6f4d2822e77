/** What a person decided about what this shop takes. Never edited: a later one supersedes it. */
export interface Decision {
  readonly id: string;
  /** Its place in the register, from 1. Orders decisions even when the clock was set back. */
  readonly number: number;
  readonly action: 'off' | 'on';
  readonly scope: Scope;
  readonly by: Person;
  /** When it was made, milliseconds since 1970 UTC. */
  readonly madeMs: number;
  /** Whether a second person had to agree, by the rules of the day it was made. */
  readonly approval: 'notNeeded' | 'needed';
  readonly approved?: Approved;
  /** First instant, UTC. Absent: at once, whatever the clock says. */
  readonly fromMs?: number;
  /** First instant at which it is over, UTC. Absent: until superseded. */
  readonly untilMs?: number;
  /** Within these hours only. Absent: at all hours. */
  readonly hours?: WeeklyHours;
  readonly reason: { readonly category: ReasonCategory; readonly text: string };
  /** The shop's own words by language ("en"). A language that isn't there has stock words. */
  readonly texts: Readonly<Record<string, Words>>;
  /** What to offer instead, by name: "insert", "cash", "qr:alipay". */
  readonly alternatives: readonly string[];
  /** Decisions that end for good when this one begins, by id. */
  readonly supersedes: readonly string[];
  /** It stands before the register began anew: history, and never in force again. */
  readonly setAside?: Beginning;
  /** The register began anew with it. */
  readonly beginning?: Beginning;
}

export interface Person {
  /** The name a person signs in with: two people never share one. */
  readonly person: string;
  readonly role: string;
}

export interface Approved {
  readonly by: Person;
  readonly atMs: number;
  /** The approval's own place in the register. */
  readonly number: number;
}

/** The register begins anew, as it could not be read: only what is decided after it counts. */
export interface Beginning {
  readonly by: Person;
  readonly atMs: number;
  /** Its place in the register. */
  readonly number: number;
  readonly reason: string;
  /** What could not be read, naming the entry. */
  readonly unreadable: string;
}

export interface Words {
  readonly shopper?: string;
  readonly cashier?: string;
}

/**
 * What a decision is about: all parts that are there must hold. Without any, all contactless
 * payments.
 */
export interface Scope {
  /** "qr" or "qr:alipay". Absent: contactless. */
  readonly method?: string;
  /** Phones and watches, not plastic. */
  readonly devices?: 'phones';
  readonly scheme?: string;
  /** Upper-case hexadecimal; every application whose identifier begins so. */
  readonly aid?: string;
  /** Upper-case hexadecimal: "03". */
  readonly kernel?: string;
  readonly range?: AccountRange;
  /** Amounts greater than this one, in this currency. */
  readonly above?: Amount;
  /** In ascending order, none twice. */
  readonly lanes?: readonly string[];
}

/** Account numbers (or tokens) whose first digits lie between these, both included. */
export interface AccountRange {
  /** As many digits as `to`, at most 11. */
  readonly from: string;
  readonly to: string;
}

export interface Amount {
  readonly minor: number;
  /** ISO 4217, three letters. */
  readonly currency: string;
}

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

/**
 * Hours by the clock on the shop's wall: an hour that it skips in spring is skipped, an hour that
 * it repeats in autumn counts twice.
 */
export type WeeklyHours = readonly Hours[];
export interface Hours {
  /** The days on which it begins. */
  readonly days: readonly Day[];
  /** "22:00" */
  readonly from: string;
  /** "06:00", not included; not later than `from` means the next day. "24:00" ends the day. */
  readonly to: string;
}

/** Why a shop decides, for reports; the text says the rest. */
export const REASON_CATEGORIES = {
  commercial: 'fees, contracts, a preferred way to pay',
  security: 'fraud, an attack, a device that may be tampered with',
  technical: 'a fault of reader, network, host or software',
  legal: 'a law, a court, a regulator, a licence',
  scheme: 'a payment scheme or the acquirer asks for it',
  operational: 'staff, opening hours, an event, stocktaking',
  trial: 'a test or a pilot',
  other: 'the text says it',
} as const;
export type ReasonCategory = keyof typeof REASON_CATEGORIES;

/** A second person is still to agree: it counts for nothing yet. */
export const isProposed = ({ approval, approved }: Decision): boolean =>
  approval === 'needed' && approved === undefined;

/** May count by now, or some day by its times: not a proposal, not set aside. */
export const isDecided = (decision: Decision): boolean =>
  !isProposed(decision) && decision.setAside === undefined;

/** The place in the register of the entry that made it count. */
export const countsSince = ({ approved, number }: Decision): number => approved?.number ?? number;
