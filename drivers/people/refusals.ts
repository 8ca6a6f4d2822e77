import { type PersonProblem, personProblem } from '#ports/people.ts';

/** Wrong name or wrong PIN: nobody is told which. @param waitMs until the next try counts */
export const wrong = (waitMs: number): PersonProblem =>
  waitMs === 0
    ? personProblem('pin', WRONG)
    : personProblem('pin', `${WRONG}: the next try counts in ${inWords(waitMs)}`, waitMs);

export const locked = (waitMs: number): PersonProblem =>
  personProblem('pin', `too many wrong tries: wait ${inWords(waitMs)}`, waitMs);

/** Too many try at once. It doesn't count as a try. */
export const busy = (): PersonProblem =>
  personProblem('', 'too many people are signing in: try again in a moment', BUSY_MS);

export const nobody = (): PersonProblem => personProblem('name', 'there is nobody of this name');

export const nameTaken = (name: string): PersonProblem =>
  personProblem('name', `there is somebody of this name already: ${name}`);

export const notFirst = (): PersonProblem =>
  personProblem('', 'somebody is known already: a manager must let others in');

export const firstManager = (): PersonProblem =>
  personProblem('role', 'the first person must be a manager');

export const lastManager = (): PersonProblem =>
  personProblem('role', 'the last manager must stay one: add another manager first');

export const noRole = (): PersonProblem =>
  personProblem('role', 'a role is one of cashier, manager, technician');

const WRONG = 'name or PIN is wrong';
const BUSY_MS = 1000;

const inWords = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  return seconds <= 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
};
