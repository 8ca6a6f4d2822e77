import {
  DECISION_EVENT,
  type Decision,
  type DecisionProblem,
  describeDecisionProblem,
  isDecisionProblem,
  type Proof,
  type Register,
  readableIn,
  readOn,
  readRegister,
  waitingBeginning,
} from '#acceptance/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Entry, Journal } from '#ports/journal.ts';

/** What the register asks of the journal: one that can only be looked at will do to read it. */
export type RegisterJournal = Pick<Journal, 'refusal' | 'append' | 'ownEntries'>;

/** The register as the journal had it when it was last read. */
export interface Reading {
  readonly entries: readonly Entry[];
  readonly decisions: readonly Decision[];
  /** The number of its last entry. */
  readonly last: number;
  /** Where the journal holds each decision. */
  readonly proofs: ReadonlyMap<string, Proof>;
  /** Why nobody can go by it, naming the entry. */
  readonly unreadable?: string;
  /** When that is only because this decision, the first of a new beginning, must be approved. */
  readonly waiting?: string;
  /** When it is the journal that can't be read. */
  readonly fault?: Fault;
}

export const NOTHING_READ: Reading = { entries: [], decisions: [], last: 0, proofs: new Map() };

/**
 * Reads the register again from the disk.
 * @param before what this process knows of it: what was there must still be there, unchanged
 */
export const readBook = async (journal: RegisterJournal, before: Reading): Promise<Reading> => {
  // Looks whether the file is still the one that was opened; what comes of it, reading says.
  journal.refusal();
  const entries = await journal.ownEntries(DECISION_EVENT);
  if (isFault(entries)) return unusable(before, entries);
  const recovered = await journal.ownEntries('recovered');
  if (isFault(recovered)) return unusable(before, recovered);
  const { unreadable: _, fault: __, waiting: ___, ...known } = before;
  const changed = before.entries.findIndex((one, index) => one.hash !== entries[index]?.hash);
  const lost = before.entries[changed];
  if (lost !== undefined) {
    const unreadable = `entry ${changed + 1}, ${placeOf(lost)}, is gone or was changed`;
    return { ...known, unreadable };
  }
  const added = entries.slice(before.entries.length);
  const isOn = before.unreadable === undefined && !added.some(isBeginning);
  const read = isOn ? readingOn(before, entries, added) : readingOf(entries);
  const doubt = read.unreadable === undefined ? doubtOf(read, recovered) : undefined;
  return doubt === undefined ? read : { ...read, ...doubt };
};

const unusable = ({ waiting: _, ...before }: Reading, fault: Fault): Reading => ({
  ...before,
  unreadable: fault.detail,
  fault,
});

/** It was read before, and well: only what has come to it is new. */
const readingOn = (before: Reading, entries: readonly Entry[], added: readonly Entry[]): Reading =>
  added.length === 0
    ? before
    : readingFrom(readOn(before, before.entries.length, added.map(dataOf)), entries);

const readingOf = (entries: readonly Entry[]): Reading =>
  readingFrom(readRegister(entries.map(dataOf)), entries);

const readingFrom = (register: Register | DecisionProblem, entries: readonly Entry[]): Reading => {
  const proofs = proofsOf(entries);
  if (!isDecisionProblem(register)) {
    const { decisions, last } = register;
    return { entries, decisions, last, proofs };
  }
  const found = entries[Number(register.field.replace('entry ', '')) - 1];
  const where = found === undefined ? '' : ` (${placeOf(found)})`;
  const unreadable = `${describeDecisionProblem(register)}${where}`;
  return { entries, decisions: readableIn(entries.map(dataOf)), last: 0, proofs, unreadable };
};

/** What else keeps a register that is well in itself from being gone by. */
const doubtOf = (
  { entries, decisions }: Reading,
  recovered: readonly Entry[],
): Pick<Reading, 'unreadable' | 'waiting'> | undefined => {
  const begun = entries.findLast(isBeginning)?.sequence ?? 0;
  const loss = recovered.find(({ sequence, data }) => sequence > begun && data['ownUncertain']);
  if (loss !== undefined) {
    const when = new Date(loss.atMs).toISOString().slice(0, 16).replace('T', ' ');
    const unreadable =
      `the journal was recovered at ${when} UTC (${placeOf(loss)}) and lost entries: ` +
      'decisions may be among them';
    return { unreadable };
  }
  const waiting = waitingBeginning(decisions);
  if (waiting === undefined) return undefined;
  const { id, by } = waiting;
  const unreadable = `${id} of ${by.person} begins it anew and waits for another person`;
  return { unreadable, waiting: id };
};

const proofsOf = (entries: readonly Entry[]): ReadonlyMap<string, Proof> =>
  new Map(
    entries.flatMap(({ data: { kind, id }, sequence, hash }) =>
      kind === 'decision' && typeof id === 'string' ? [[id, { sequence, hash }]] : [],
    ),
  );

const dataOf = ({ data }: Entry): Entry['data'] => data;

const isBeginning = ({ data }: Entry): boolean => data['kind'] === 'begin';

const placeOf = ({ sequence }: Entry): string => `entry ${sequence} of the journal`;
