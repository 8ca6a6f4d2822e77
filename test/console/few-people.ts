import { isSamePerson } from '#acceptance/index.ts';
import type { Fault } from '#ports/fault.ts';
import type { PersonInfo, PersonProblem } from '#ports/people.ts';
import type { ConsolePeople, Recording } from '../../src/console/parts.ts';

export interface FewPeople extends ConsolePeople {
  /** From now on nothing can be read or written. */
  fail(why: Fault | undefined): void;
  /** How many PINs were checked. */
  checked(): number;
}

interface Known {
  readonly person: PersonInfo;
  readonly pin: string;
}

const refuse = (field: string, problem: string): PersonProblem => ({
  personProblem: true,
  field,
  problem,
});

const pinProblem = (pin: string) =>
  /^\d{6,12}$/.test(pin) ? undefined : refuse('pin', 'a PIN has 6 to 12 digits');

/** People without disk or hashing: the console's own rules are what is tested with them. */
export const fewPeople = (wallMs: () => number): FewPeople => {
  const known = new Map<string, Known>();
  const wrongTries = new Map<string, number>();
  let failure: Fault | undefined;
  let checks = 0;
  const keyOf = (name: string): string | undefined =>
    [...known.keys()].find((one) => isSamePerson(one, name));
  const change = async (
    next: Known | PersonProblem,
    record: Recording | undefined,
  ): Promise<PersonInfo | PersonProblem | Fault> => {
    if (failure !== undefined) return failure;
    if ('personProblem' in next) return next;
    const unwritten = await record?.();
    if (unwritten !== undefined) return unwritten;
    known.set(next.person.name, next);
    return next.person;
  };
  const managers = (but: string) =>
    [...known.values()].filter(({ person }) => person.role === 'manager' && person.name !== but);
  const of = (name: string): Known | PersonProblem =>
    known.get(keyOf(name) ?? '') ?? refuse('name', 'there is nobody of this name');
  return {
    list: async () => failure ?? [...known.values()].map(({ person }) => person),
    add: (name, role, pin, record) => {
      const taken = keyOf(name) === undefined ? undefined : refuse('name', 'taken');
      const person = { name: name.trim(), role, sinceMs: wallMs() };
      return change(taken ?? pinProblem(pin) ?? { person, pin }, record);
    },
    setPin: (name, pin, record) => {
      const one = of(name);
      return change('pin' in one ? (pinProblem(pin) ?? { ...one, pin }) : one, record);
    },
    setRole: (name, role, record) => {
      const one = of(name);
      if ('personProblem' in one) return change(one, record);
      const last = role !== 'manager' && managers(one.person.name).length === 0;
      if (last) return change(refuse('role', 'the last manager must stay one'), record);
      return change({ ...one, person: { ...one.person, role } }, record);
    },
    remove: async (name, record) => {
      const one = of(name);
      if ('personProblem' in one) return one;
      if (managers(one.person.name).length === 0) return refuse('role', 'the last manager');
      const gone = await change(one, record);
      if ('sinceMs' in gone) known.delete(one.person.name);
      return gone;
    },
    signIn: async (name, pin) => {
      if (failure !== undefined) return failure;
      checks += 1;
      const key = keyOf(name) ?? name;
      if (known.get(key)?.pin === pin) return known.get(key)?.person ?? refuse('', 'nobody');
      const tries = (wrongTries.get(key) ?? 0) + 1;
      wrongTries.set(key, tries);
      const wrong = refuse('pin', 'name or PIN is wrong');
      return tries < 4 ? wrong : { ...wrong, retryAfterMs: 1000 * tries };
    },
    fail: (why) => {
      failure = why;
    },
    checked: () => checks,
  };
};
