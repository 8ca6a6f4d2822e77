import { type PersonProblem, personProblem } from '#ports/people.ts';

/** A name as it is shown, and as it is compared. */
export interface Named {
  readonly name: string;
  readonly key: string;
}

/**
 * A name that somebody can be known by. It has a letter and few digits, so that no PIN and no card
 * number that was typed into the wrong field is ever taken, kept or shown as one.
 */
export const nameOf = (typed: string): Named | PersonProblem => {
  const name = typed
    .slice(0, 4 * LONGEST)
    .normalize('NFKC')
    .trim()
    .replace(/\s+/g, ' ');
  if (name === '') return personProblem('name', 'a name is missing');
  if (name.length > LONGEST) {
    return personProblem('name', `a name has at most ${LONGEST} characters`);
  }
  if (!NAME.test(name)) {
    return personProblem('name', "a name begins with a letter; letters, digits, blanks, . ' - _");
  }
  if ((name.match(/\p{Nd}/gu) ?? []).length > MOST_DIGITS) {
    return personProblem('name', `a name has at most ${MOST_DIGITS} digits`);
  }
  return { name, key: keyOf(name) };
};

/** What is typed for a name that can't be anybody's: they count as one. */
export const NO_NAME = '';

/** By what wrong tries are counted: of somebody, of nobody, or of no name at all. */
export const keyToCount = (typed: string): string => {
  const named = nameOf(typed);
  return 'key' in named ? named.key : NO_NAME;
};

/** Whether both are names, and of the same person. */
export const isSameName = (one: string, other: string): boolean =>
  keyToCount(one) !== NO_NAME && keyToCount(one) === keyToCount(other);

const LONGEST = 40;
const MOST_DIGITS = 5;
const NAME = /^\p{L}[\p{L}\p{M}\p{Nd} .'’_-]*$/u;

// Upper case first: "ß" and "SS" are one.
const keyOf = (name: string): string => name.toUpperCase().toLowerCase().normalize('NFKC');
