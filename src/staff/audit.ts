import { maskPan } from '#data/mask.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Entry, Journal } from '#ports/journal.ts';
import type { Role } from '#ports/people.ts';

/** What somebody did, or was refused. */
export interface AuditLine {
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** The name they signed in with, or tried to. */
  readonly person: string;
  /** `machine`: a user of the machine, without a PIN. `unknown`: they were not let in. */
  readonly role: Role | 'machine' | 'unknown';
  /** `terminal`: by itself. */
  readonly from: 'console' | 'command line' | 'terminal';
  /** In a word or two, such as "add person". */
  readonly action: string;
  /** Whom or what it was done to: a payment's id; a name, through `nameForRecord` if just typed. */
  readonly subject: string;
  readonly outcome: 'done' | 'refused';
  /** The whole of it in a sentence. */
  readonly says: string;
}

/** A line as it stands in the journal. */
export interface AuditRow extends Omit<AuditLine, 'role'> {
  readonly sequence: number;
  readonly role: string;
}

/** What reading takes of the journal: the terminal's own entries of some events, newest first. */
export interface OwnEntries {
  latestOwnEntries(events: readonly string[], count: number): Promise<readonly Entry[] | Fault>;
}

/** Where lines go: the journal at hand, or the one of the terminal that runs beside. */
export type Audit = (line: AuditLine) => Promise<Fault | undefined>;

/** On the disk when it resolves to undefined. Card numbers are masked, whoever let them slip in. */
export const writeAudit = (
  journal: Pick<Journal, 'append'>,
  { atMs, ...line }: AuditLine,
): Promise<Fault | undefined> => {
  const data = {
    person: nameForRecord(line.person),
    role: line.role,
    from: line.from,
    action: forRecord(line.action),
    subject: forRecord(line.subject),
    outcome: line.outcome,
    says: forRecord(line.says),
  };
  return journal.append({ entries: [{ payment: null, event: AUDIT, atMs, data }] });
};

/** @returns the latest, newest first */
export const readAudit = async (
  journal: OwnEntries,
  count: number,
): Promise<readonly AuditRow[] | Fault> => {
  const entries = await journal.latestOwnEntries([AUDIT], count);
  if (isFault(entries)) return entries;
  const rows: AuditRow[] = [];
  for (const entry of entries) {
    const row = rowOf(entry);
    if (row === undefined) {
      return fault('journal', `entry ${entry.sequence} is no record of what staff did`);
    }
    rows.push(row);
  }
  return rows;
};

/**
 * Whoever tries to sign in may type a PIN or a card number for a name: what has more digits than a
 * name may have is none.
 */
export const nameForRecord = (typed: string): string => {
  const name = forRecord(typed.slice(0, 100).normalize('NFKC').trim());
  const digits = name.match(/\p{Nd}/gu)?.length ?? 0;
  return name === '' || digits > MOST_DIGITS || !/\p{L}/u.test(name) ? '(no name)' : name;
};

const AUDIT = 'audit';
const MOST_DIGITS = 5;
const LONGEST = 400;

/** One line, not too long, without control characters and account numbers. */
const forRecord = (text: string): string => {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(NUMBER, masked);
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
};

// 13 to 19 digits, as they stand on a card too: with single blanks or hyphens between them.
const NUMBER = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;

const masked = (found: string): string => {
  const digits = found.replace(/[ -]/g, '');
  return isAccountNumber(digits) ? maskPan(digits) : found;
};

// ISO/IEC 7812-1 annex B: from the right, every second digit counts double, as the sum of its own.
const isAccountNumber = (digits: string): boolean => {
  let sum = 0;
  for (const [i, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (1 + (i % 2));
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
};

const rowOf = ({ sequence, atMs, data }: Entry): AuditRow | undefined => {
  const { person, role, from, action, subject, outcome, says } = data;
  const texts = { person, role, action, subject, says };
  if (!areTexts(texts)) return undefined;
  if (from !== 'console' && from !== 'command line' && from !== 'terminal') return undefined;
  if (outcome !== 'done' && outcome !== 'refused') return undefined;
  return { sequence, atMs, from, outcome, ...texts };
};

const areTexts = <Name extends string>(
  values: Readonly<Record<Name, unknown>>,
): values is Readonly<Record<Name, string>> =>
  Object.values(values).every((value) => typeof value === 'string');
