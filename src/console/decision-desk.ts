import {
  type Decision,
  type DecisionProblem,
  decisionText,
  isDecisionProblem,
} from '#acceptance/index.ts';
import type { DecisionBook } from '#decisions/types.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { PersonInfo, PersonProblem } from '#ports/people.ts';
import type { Audit, AuditLine } from '#staff/audit.ts';
import { refuseUnless } from '#staff/authorise.ts';
import type { Right } from '#staff/rights.ts';

/** What a person wants of the register. */
export type DecisionChange =
  /** @param request what `parseDecision` takes; `begin` starts the register anew with it */
  | { readonly do: 'decide' | 'begin'; readonly request: unknown }
  | { readonly do: 'approve'; readonly id: string };

export interface DecisionDesk {
  readonly book: DecisionBook;
  readonly audit: Audit;
  readonly from: AuditLine['from'];
}

/**
 * The one way to change what is decided, for console and command line: whether this person may,
 * then the register, then the record of it. A decision is its own record as well: one that stands
 * in the register is in force, even if the audit log could not take its line.
 * @param person who has signed in
 */
export const changeDecisions = async (
  { book, audit, from }: DecisionDesk,
  person: Pick<PersonInfo, 'name' | 'role'>,
  change: DecisionChange,
): Promise<Decision | DecisionProblem | PersonProblem | Fault> => {
  const asked = { from, ...aboutChange(change), atMs: book.now().wallMs };
  const { right, ...line } = asked;
  const refused = await refuseUnless(person, right, audit, line);
  if (refused !== undefined) return refused;
  const result = await make(book, { person: person.name, role: person.role }, change);
  await audit({
    ...line,
    subject: isRefusal(result) ? line.subject : result.id,
    person: person.name,
    role: person.role,
    outcome: isRefusal(result) ? 'refused' : 'done',
    says: sentence(book, change, result),
  });
  return result;
};

/** What the audit log calls it, and which right it needs. */
export const aboutChange = (
  change: DecisionChange,
): { readonly right: Right; readonly action: string; readonly subject: string } => {
  if (change.do === 'approve') {
    return { right: 'approveDecision', action: 'approve decision', subject: change.id };
  }
  const action = change.do === 'begin' ? 'begin register anew' : 'decide';
  return { right: 'decide', action, subject: 'contactless' };
};

type Result = Decision | DecisionProblem | Fault;

const make = (
  book: DecisionBook,
  by: { readonly person: string; readonly role: string },
  change: DecisionChange,
): Promise<Result> => {
  if (change.do === 'approve') return book.approve(change.id, by);
  if (change.do === 'begin') return book.beginAnew(change.request, by);
  return book.decide(change.request, by);
};

const isRefusal = (result: Result): result is DecisionProblem | Fault =>
  isFault(result) || isDecisionProblem(result);

const sentence = (book: DecisionBook, change: DecisionChange, result: Result): string => {
  if (isFault(result)) return result.detail;
  if (isDecisionProblem(result)) return result.problem;
  const what = change.do === 'approve' ? 'approved: ' : '';
  return `${what}${decisionText(result, book.now())}`;
};
