import * as v from 'valibot';
import { isSamePerson } from './approval.ts';
import type { Approved, Decision } from './decision.ts';
import { type DecisionProblem, decisionProblem } from './problem.ts';
import { approvalEntry, decisionEntry, problemIn } from './schema.ts';

/** What JSON can hold, as the journal takes it. */
type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { readonly [name: string]: Json };

/** Entries of the register: each is one of the journal's, of this event. */
export const DECISION_EVENT = 'decision';

/** A decision as it was made. What came later, its approval too, stands in entries of its own. */
export const decisionToJson = (decision: Decision): JsonObject => {
  const { approved: _, ...made } = decision;
  return { kind: 'decision', ...(made as unknown as JsonObject) };
};

export const approvalToJson = (decision: string, approved: Approved): JsonObject => {
  const { by, atMs, number } = approved;
  return { kind: 'approval', decision, number, by: { ...by }, atMs };
};

/**
 * Reads the register, oldest entry first. One entry that can't be right makes all of it
 * unreadable: what it said may have been "off".
 * @returns the decisions with their approvals, or a problem whose field is the entry ("entry 3")
 */
export const readRegister = (
  entries: readonly unknown[],
): readonly Decision[] | DecisionProblem => {
  const register: Register = { decisions: new Map(), last: 0 };
  for (const [index, entry] of entries.entries()) {
    const problem = add(register, entry);
    if (problem === undefined) continue;
    const where = problem.field === '' ? '' : `${problem.field}: `;
    return decisionProblem(`entry ${index + 1}`, `${where}${problem.problem}`);
  }
  return [...register.decisions.values()];
};

/** The number of the register's next entry. */
export const nextNumber = (decisions: readonly Decision[]): number =>
  1 + Math.max(0, ...decisions.map(({ number, approved }) => approved?.number ?? number));

interface Register {
  readonly decisions: Map<string, Decision>;
  last: number;
}

const add = (register: Register, entry: unknown): DecisionProblem | undefined => {
  const parsed = v.safeParse(v.variant('kind', [decisionEntry, approvalEntry]), entry, {
    abortEarly: true,
  });
  if (!parsed.success) return problemIn(parsed.issues[0]);
  const { number } = parsed.output;
  if (number <= register.last) {
    return decisionProblem('number', `${number} does not follow ${register.last}`);
  }
  register.last = number;
  if (parsed.output.kind === 'approval') {
    const { kind: _, decision, ...approved } = parsed.output;
    return addApproval(register, decision, approved);
  }
  const { kind: _, ...decision } = parsed.output;
  return addDecision(register, decision);
};

const addDecision = ({ decisions }: Register, decision: Decision): DecisionProblem | undefined => {
  const { id, supersedes } = decision;
  if (decisions.has(id)) return decisionProblem('id', `${id} is there already`);
  const stranger = supersedes.find((one) => !decisions.has(one));
  if (stranger !== undefined) return decisionProblem('supersedes', `${stranger} is not there`);
  decisions.set(id, decision);
  return undefined;
};

const addApproval = (
  { decisions }: Register,
  id: string,
  approved: Approved,
): DecisionProblem | undefined => {
  const decision = decisions.get(id);
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
