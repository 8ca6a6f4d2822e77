import { type PersonProblem, personProblem } from '#ports/people.ts';

/** Why a PIN isn't good enough. Never repeats it. */
export const pinProblem = (typed: string): PersonProblem | undefined => {
  const pin = plainDigits(typed);
  if (!/^[0-9]*$/.test(pin)) return personProblem('pin', 'a PIN has digits only');
  if (pin.length < SHORTEST || pin.length > LONGEST) {
    return personProblem('pin', `a PIN has ${SHORTEST} to ${LONGEST} digits`);
  }
  if (/^(\d{1,3})\1+$/.test(pin)) {
    return personProblem('pin', 'this PIN repeats the same digits: choose another');
  }
  if (isRun(pin)) return personProblem('pin', 'this PIN counts up or down: choose another');
  return undefined;
};

/** A PIN as ASCII digits, whichever digits the keyboard writes: full-width, Arabic, Persian. */
export const plainDigits = (typed: string): string =>
  typed
    .slice(0, 4 * LONGEST)
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));

const SHORTEST = 6;
const LONGEST = 12;

// 890123 is one, too.
const isRun = (pin: string): boolean => {
  const steps = new Set<number>();
  for (let i = 1; i < pin.length; i++) steps.add((10 + Number(pin[i]) - Number(pin[i - 1])) % 10);
  return steps.size === 1 && (steps.has(1) || steps.has(9));
};
