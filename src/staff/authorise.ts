import { type Fault, isFault } from '#ports/fault.ts';
import {
  type Admission,
  isPersonProblem,
  type People,
  type PersonInfo,
  type PersonProblem,
  personProblem,
  type Recording,
} from '#ports/people.ts';
import type { Audit, AuditLine } from './audit.ts';
import { may, RIGHTS, type Right } from './rights.ts';

/** Who wants what. */
export interface Asked {
  readonly name: string;
  readonly pin: string;
  readonly right: Right;
  readonly from: AuditLine['from'];
  readonly action: string;
  readonly subject: string;
  /** Wall clock. */
  readonly atMs: number;
}

/**
 * Signs somebody in for one action and looks whether they may. What is refused is recorded; what is
 * allowed, its own record tells. A refusal that can't be recorded is one all the same.
 */
export const authorise = async (
  people: Pick<People, 'signIn'>,
  audit: Audit,
  { name, pin, right, ...asked }: Asked,
): Promise<Admission> => {
  const person = await people.signIn(name, pin);
  if (isFault(person)) return person;
  if (isPersonProblem(person)) {
    const { problem: says } = person;
    await audit({ ...asked, person: name, role: 'unknown', outcome: 'refused', says });
    return person;
  }
  return (await refuseUnless(person, right, audit, asked)) ?? person;
};

/**
 * Whether somebody who is signed in may do this.
 * @returns undefined if so; else why not, for them, and recorded
 */
export const refuseUnless = async (
  { name: person, role }: Pick<PersonInfo, 'name' | 'role'>,
  right: Right,
  audit: Audit,
  asked: Pick<AuditLine, 'from' | 'action' | 'subject' | 'atMs'>,
): Promise<PersonProblem | undefined> => {
  if (may(role, right)) return undefined;
  const says = `${person} is a ${role}: this needs a ${RIGHTS[right].join(' or ')}`;
  await audit({ ...asked, person, role, outcome: 'refused', says });
  return personProblem('role', says);
};

/**
 * A change that is recorded before it is made: what can't be recorded isn't done. If it is refused,
 * or fails after all, that is recorded as well.
 * @param line what is done, as if it were
 * @param change asks the people, and hands them the recording
 */
export const recorded = async (
  audit: Audit,
  line: Omit<AuditLine, 'outcome'>,
  change: (record: Recording) => Promise<Admission>,
): Promise<Admission> => {
  const answers: (Fault | undefined)[] = [];
  const outcome = await change(async () => {
    const unwritten = await audit({ ...line, outcome: 'done' });
    answers.push(unwritten);
    return unwritten;
  });
  const why = whyNot(outcome);
  // A journal that failed just now is not asked again.
  if (why === undefined || answers.some(isFault)) return outcome;
  const says = answers.length > 0 ? `not done after all: ${why}` : why;
  await audit({ ...line, outcome: 'refused', says });
  return outcome;
};

const whyNot = (outcome: Admission): string | undefined => {
  if (isFault(outcome)) return outcome.detail;
  return isPersonProblem(outcome) ? outcome.problem : undefined;
};
