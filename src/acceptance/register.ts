import * as v from 'valibot';
import { isSamePerson } from './approval.ts';
import type { Approved, Beginning, Decision } from './decision.ts';
import { type DecisionProblem, decisionProblem } from './problem.ts';
import { approvalEntry, beginEntry, decisionEntry, problemIn } from './schema.ts';

/** What JSON can hold, as the journal takes it. */
type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { readonly [name: string]: Json };

/** Entries of the register: each is one of the journal's, of this event. */
export const DECISION_EVENT = 'decision';

/** A decision as it was made. What came later, its approval too, stands in entries of its own. */
export const decisionToJson = (decision: Decision): JsonObject => {
  const { approved: _, setAside: __, beginning: ___, ...made } = decision;
  return { kind: 'decision', ...(made as unknown as JsonObject) };
};

export const approvalToJson = (decision: string, approved: Approved): JsonObject => {
  const { by, atMs, number } = approved;
  return { kind: 'approval', decision, number, by: { ...by }, atMs };
};

export const beginningToJson = (beginning: Beginning): JsonObject => {
  const { by, atMs, number, reason, unreadable } = beginning;
  return { kind: 'begin', number, by: { ...by }, atMs, reason, unreadable };
};

/** The register as it was read. */
export interface Register {
  /**
   * With their approvals, oldest first. Those from before it last began anew are among them as far
   * as they can be read, set aside.
   */
  readonly decisions: readonly Decision[];
  /** The number of its last entry; 0 when it is empty. */
  readonly last: number;
  /** Which of the entries its last beginning is, from 0; absent when it never began anew. */
  readonly beginsAt?: number;
}

/**
 * Reads the register, oldest entry first. One entry that can't be right, or is missing, makes all
 * of it unreadable: what it said may have been "off". Entries before the last beginning are no
 * longer asked to be right.
 * @returns the register, or a problem whose field is the entry ("entry 3")
 */
export const readRegister = (entries: readonly unknown[]): Register | DecisionProblem => {
  const parsed = entries.map((entry) => v.safeParse(anyEntry, entry, { abortEarly: true }));
  const beginsAt = parsed.findLastIndex(({ success, output }) => success && isBeginning(output));
  const reading: Reading = { decisions: new Map(), last: 0, beginning: undefined };
  for (const [index, { success, output, issues }] of parsed.entries()) {
    const problem = success ? add(reading, output, index <= beginsAt) : problemIn(issues[0]);
    if (problem !== undefined && index >= beginsAt) return inEntry(index, problem);
  }
  const { decisions, last } = reading;
  return { decisions: [...decisions.values()], last, ...(beginsAt < 0 ? {} : { beginsAt }) };
};

/**
 * The same with entries that have come to a register that was read before; none of them a
 * beginning.
 * @param entriesBefore how many it had
 */
export const readOn = (
  { decisions, ...before }: Register,
  entriesBefore: number,
  entries: readonly unknown[],
): Register | DecisionProblem => {
  const known = new Map(decisions.map((one) => [one.id, one]));
  const reading: Reading = { decisions: known, last: before.last, beginning: undefined };
  for (const [index, entry] of entries.entries()) {
    const { success, output, issues } = v.safeParse(anyEntry, entry, { abortEarly: true });
    const problem = success ? add(reading, output, false) : problemIn(issues[0]);
    if (problem !== undefined) return inEntry(entriesBefore + index, problem);
  }
  return { ...before, decisions: [...reading.decisions.values()], last: reading.last };
};

/** What of a register that can't be right can be read all the same: for people, not to go by. */
export const readableIn = (entries: readonly unknown[]): readonly Decision[] => {
  const reading: Reading = { decisions: new Map(), last: 0, beginning: undefined };
  for (const entry of entries) {
    const { success, output } = v.safeParse(anyEntry, entry);
    if (success) add(reading, output, true);
  }
  return [...reading.decisions.values()];
};

/**
 * The number of a beginning: behind every entry that there is, also those that can't be read, so
 * that no number and no id is given twice.
 */
export const numberOfBeginning = (entries: readonly unknown[]): number =>
  1 + Math.max(entries.length, ...entries.map(numberIn));

const inEntry = (index: number, { field, problem }: DecisionProblem): DecisionProblem =>
  decisionProblem(`entry ${index + 1}`, `${field === '' ? '' : `${field}: `}${problem}`);

const numberIn = (entry: unknown): number => {
  const parsed = v.safeParse(anyEntry, entry);
  return parsed.success ? parsed.output.number : 0;
};

const anyEntry = v.variant('kind', [decisionEntry, approvalEntry, beginEntry]);
type Parsed = v.InferOutput<typeof anyEntry>;

const isBeginning = (entry: unknown): boolean =>
  typeof entry === 'object' && entry !== null && 'kind' in entry && entry.kind === 'begin';

interface Reading {
  readonly decisions: Map<string, Decision>;
  last: number;
  /** When the entry before was one. */
  beginning: Beginning | undefined;
}

const add = (reading: Reading, entry: Parsed, lenient: boolean): DecisionProblem | undefined => {
  const { number } = entry;
  if (!lenient && number !== reading.last + 1) {
    return decisionProblem('number', `${reading.last + 1} is missing, ${number} stands here`);
  }
  reading.last = number;
  const { beginning } = reading;
  reading.beginning = undefined;
  if (entry.kind === 'approval') {
    const { kind: _, decision, ...approved } = entry;
    return addApproval(reading, decision, approved);
  }
  if (entry.kind === 'begin') {
    const { kind: _, ...begun } = entry;
    return addBeginning(reading, begun);
  }
  const { kind: _, ...decision } = entry;
  return addDecision(reading, beginning === undefined ? decision : { ...decision, beginning });
};

const addBeginning = (reading: Reading, setAside: Beginning): undefined => {
  const { decisions } = reading;
  for (const [id, decision] of decisions) decisions.set(id, { setAside, ...decision });
  reading.beginning = setAside;
};

const addDecision = ({ decisions }: Reading, decision: Decision): DecisionProblem | undefined => {
  const { id, supersedes } = decision;
  if (current(decisions, id)) return decisionProblem('id', `${id} is there already`);
  const stranger = supersedes.find((one) => current(decisions, one) === undefined);
  if (stranger !== undefined) return decisionProblem('supersedes', `${stranger} is not there`);
  // What was set aside under the same name gives way, to its place in the row too.
  decisions.delete(id);
  decisions.set(id, decision);
  return undefined;
};

const addApproval = (
  { decisions }: Reading,
  id: string,
  approved: Approved,
): DecisionProblem | undefined => {
  const decision = current(decisions, id);
  if (decision === undefined) return decisionProblem('decision', `${id} is not there`);
  if (decision.approval !== 'needed' || decision.approved !== undefined) {
    return decisionProblem('decision', `${id} had nothing to approve`);
  }
  if (isSamePerson(approved.by.person, decision.by.person)) {
    return decisionProblem('by', `${id} was approved by the person who made it`);
  }
  decisions.set(id, { ...decision, approved });
  return undefined;
};

const current = (decisions: ReadonlyMap<string, Decision>, id: string): Decision | undefined => {
  const decision = decisions.get(id);
  return decision?.setAside === undefined ? decision : undefined;
};
