import {
  type Decision,
  type DecisionProblem,
  decisionText,
  isDecisionProblem,
  type Person,
} from '#acceptance/index.ts';
import type { DecisionBook } from '#decisions/types.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { isPersonProblem, type People, type PersonProblem } from '#ports/people.ts';
import { type Audit, authorise } from '#staff/index.ts';
import type { NfcChange } from './requests.ts';

export interface ChangeParts {
  readonly book: DecisionBook;
  readonly people: Pick<People, 'signIn'>;
  readonly audit: Audit;
}

/**
 * Whether this person may, then the register, then the record of it under the names that the
 * console uses. A decision is its own record as well: one that stands in the register is in force,
 * even if the audit log could not take its line.
 */
export const changeDecisions = async (
  { book, people, audit }: ChangeParts,
  change: NfcChange,
): Promise<Decision | DecisionProblem | PersonProblem | Fault> => {
  const { by: name, pin } = change;
  const line = {
    from: 'command line',
    action: ACTIONS[change.do],
    subject: change.do === 'approve' ? change.id : '',
  } as const;
  const right = change.do === 'approve' ? 'approveDecision' : 'decide';
  const atMs = book.now().wallMs;
  const who = await authorise(people, audit, { name, pin, right, ...line, atMs });
  if (isFault(who) || isPersonProblem(who)) return who;
  const by = { person: who.name, role: who.role };
  const result = await make(book, by, change);
  const made = isFault(result) || isDecisionProblem(result) ? undefined : result;
  await audit({
    ...line,
    ...{ person: who.name, role: who.role, atMs: book.now().wallMs },
    ...(made === undefined ? {} : { subject: made.id }),
    outcome: made === undefined ? 'refused' : 'done',
    says: sentence(book, result),
  });
  return result;
};

const ACTIONS = {
  decide: 'decide',
  begin: 'begin the register anew',
  approve: 'approve decision',
} as const;

const make = (
  book: DecisionBook,
  by: Person,
  change: NfcChange,
): Promise<Decision | DecisionProblem | Fault> => {
  if (change.do === 'approve') return book.approve(change.id, by);
  return change.do === 'begin'
    ? book.beginAnew(change.request, by)
    : book.decide(change.request, by);
};

const sentence = (book: DecisionBook, result: Decision | DecisionProblem | Fault): string => {
  if (isFault(result)) return result.detail;
  return isDecisionProblem(result) ? result.problem : decisionText(result, book.now());
};
