import {
  anchored,
  counted,
  type Moment,
  stillToWaitMs,
  type Tries,
} from '#drivers/people/lock-out.ts';
import { keyToCount, nameOf } from '#drivers/people/names.ts';
import { pinProblem, plainDigits } from '#drivers/people/pin-rules.ts';
import {
  busy,
  firstManager,
  lastManager,
  locked,
  nameTaken,
  nobody,
  noRole,
  wrong,
} from '#drivers/people/refusals.ts';
import type { Fault } from '#ports/fault.ts';
import {
  type Admission,
  type People,
  type PersonInfo,
  type PersonProblem,
  type Recording,
  ROLES,
  type Role,
} from '#ports/people.ts';

interface Known {
  readonly person: PersonInfo;
  readonly pin: string;
}

/** What would be on a disk. */
export interface KeptPeople {
  readonly known: Map<string, Known>;
  readonly tries: Map<string, Tries>;
}

export interface MemoryPeople extends People {
  /** From now on every call answers with this; undefined: all is well again. */
  fail(why: Fault | undefined): void;
  /** From now on sign-ins are refused as when too many try at once. */
  crowd(crowded: boolean): void;
}

/** People with the driver's own rules, without disk and without hashing: for tests of others. */
export const memoryPeople = (
  now: () => Moment,
  { known, tries }: KeptPeople = { known: new Map(), tries: new Map() },
): MemoryPeople => {
  let failure: Fault | undefined;
  let crowded = false;
  for (const [key, one] of tries)
    if (one.since.boot !== now().boot) tries.set(key, anchored(one, now()));

  const told = (key: string, { person }: Known): PersonInfo => {
    const one = tries.get(key);
    const waitMs = one === undefined ? 0 : stillToWaitMs(one, now());
    return waitMs === 0 ? person : { ...person, lockedUntilMs: now().wallMs + waitMs };
  };
  const noOtherManager = (key: string): boolean =>
    ![...known].some(([other, { person }]) => other !== key && person.role === 'manager');

  /** What every change goes through: rules, the record, the change. */
  const change = async (
    typed: string,
    record: Recording | undefined,
    check: (key: string, one: Known | undefined, name: string) => PersonProblem | Known,
  ): Promise<Admission> => {
    if (failure) return failure;
    const named = nameOf(typed);
    if ('personProblem' in named) return named;
    const next = check(named.key, known.get(named.key), named.name);
    if ('personProblem' in next) return next;
    const unwritten = await record?.();
    if (unwritten) return unwritten;
    known.set(named.key, next);
    return told(named.key, next);
  };

  return {
    fail: (why) => {
      failure = why;
    },
    crowd: (yes) => {
      crowded = yes;
    },
    list: async () => failure ?? [...known].map(([key, one]) => told(key, one)),
    add: async (name, role, pin, record) =>
      endLock(
        tries,
        name,
        await change(name, record, (_, one, shown) => {
          if (!ROLES.includes(role)) return noRole();
          const bad = pinProblem(pin);
          if (bad) return bad;
          if (one) return nameTaken(one.person.name);
          if (known.size === 0 && role !== 'manager') return firstManager();
          return { person: { name: shown, role, sinceMs: now().wallMs }, pin: plainDigits(pin) };
        }),
      ),
    setPin: async (name, pin, record) =>
      endLock(
        tries,
        name,
        await change(name, record, (_, one) => {
          if (one === undefined) return nobody();
          return pinProblem(pin) ?? { ...one, pin: plainDigits(pin) };
        }),
      ),
    setRole: (name, role: Role, record) =>
      change(name, record, (key, one) => {
        if (!ROLES.includes(role)) return noRole();
        if (one === undefined) return nobody();
        if (role !== 'manager' && noOtherManager(key)) return lastManager();
        return { ...one, person: { ...one.person, role } };
      }),
    remove: async (name, record) => {
      const gone = await change(name, record, (key, one) => {
        if (one === undefined) return nobody();
        return noOtherManager(key) ? lastManager() : one;
      });
      if ('sinceMs' in gone) known.delete(keyToCount(name));
      return endLock(tries, name, gone);
    },
    signIn: async (name, pin) => {
      if (failure) return failure;
      if (crowded) return busy();
      const key = keyToCount(name);
      const before = tries.get(key);
      const waitMs = before === undefined ? 0 : stillToWaitMs(before, now());
      if (waitMs > 0) return locked(waitMs);
      const one = known.get(key);
      const after = counted(before, now());
      tries.set(key, after);
      if (one === undefined || one.pin !== plainDigits(pin)) return wrong(after.waitMs);
      tries.delete(key);
      return one.person;
    },
    close: async () => {},
  };
};

const endLock = (tries: Map<string, Tries>, name: string, outcome: Admission): Admission => {
  if (!('sinceMs' in outcome)) return outcome;
  tries.delete(keyToCount(name));
  const { lockedUntilMs: _, ...person } = outcome;
  return person;
};
