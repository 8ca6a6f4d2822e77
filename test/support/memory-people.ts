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
  notFirst,
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
  kept: KeptPeople = { known: new Map(), tries: new Map() },
): MemoryPeople => {
  const { known, tries } = kept;
  let failure: Fault | undefined;
  let crowded = false;
  for (const [key, one] of tries) {
    if (one.since.boot !== now().boot) tries.set(key, anchored(one, now()));
  }
  return {
    ...changes(
      kept,
      now,
      changing(kept, now, () => failure),
    ),
    fail: (why) => {
      failure = why;
    },
    crowd: (yes) => {
      crowded = yes;
    },
    list: async () => failure ?? [...known].map(([key, one]) => told(kept, key, one, now())),
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

type Check = (key: string, one: Known | undefined, name: string) => PersonProblem | Known;

type Changing = (
  typed: string,
  record: Recording | undefined,
  check: Check,
  newPin: boolean,
) => Promise<Admission>;

/** What every change goes through: rules, the record, the rules again. */
const changing =
  (kept: KeptPeople, now: () => Moment, failure: () => Fault | undefined): Changing =>
  async (typed, record, check, newPin) => {
    const failed = failure();
    if (failed) return failed;
    const named = nameOf(typed);
    if ('personProblem' in named) return named;
    const { key, name } = named;
    const before = check(key, kept.known.get(key), name);
    if ('personProblem' in before) return before;
    const unwritten = await record?.();
    if (unwritten) return unwritten;
    const next = check(key, kept.known.get(key), name);
    if ('personProblem' in next) return next;
    kept.known.set(key, next);
    if (newPin) kept.tries.delete(key);
    return told(kept, key, next, now());
  };

const changes = (
  { known }: KeptPeople,
  now: () => Moment,
  change: Changing,
): Pick<People, 'addFirst' | 'add' | 'setPin' | 'setRole' | 'remove'> => {
  const noOtherManager = (key: string): boolean =>
    ![...known].some(([other, { person }]) => other !== key && person.role === 'manager');
  const made = (name: string, role: Role, pin: string): Known => ({
    person: { name, role, sinceMs: now().wallMs, pinSinceMs: now().wallMs },
    pin: plainDigits(pin),
  });

  return {
    addFirst: (typed, pin, record) => {
      const check: Check = (_, __, name) =>
        known.size > 0 ? notFirst() : (pinProblem(pin) ?? made(name, 'manager', pin));
      return change(typed, record, check, true);
    },
    add: (typed, role, pin, record) => {
      const check: Check = (_, one, name) => {
        if (!ROLES.includes(role)) return noRole();
        if (one) return nameTaken(one.person.name);
        if (known.size === 0 && role !== 'manager') return firstManager();
        return pinProblem(pin) ?? made(name, role, pin);
      };
      return change(typed, record, check, true);
    },
    setPin: (typed, pin, record) => {
      const check: Check = (_, one) => {
        if (one === undefined) return nobody();
        const pinSinceMs = Math.max(now().wallMs, one.person.pinSinceMs + 1);
        const person = { ...one.person, pinSinceMs };
        return pinProblem(pin) ?? { person, pin: plainDigits(pin) };
      };
      return change(typed, record, check, true);
    },
    setRole: (typed, role, record) => {
      const check: Check = (key, one) => {
        if (!ROLES.includes(role)) return noRole();
        if (one === undefined) return nobody();
        if (role !== 'manager' && noOtherManager(key)) return lastManager();
        return { ...one, person: { ...one.person, role } };
      };
      return change(typed, record, check, false);
    },
    remove: async (typed, record) => {
      const check: Check = (key, one) => {
        if (one === undefined) return nobody();
        return noOtherManager(key) ? lastManager() : one;
      };
      const gone = await change(typed, record, check, true);
      if ('sinceMs' in gone) known.delete(keyToCount(typed));
      return gone;
    },
  };
};

const told = ({ tries }: KeptPeople, key: string, { person }: Known, now: Moment): PersonInfo => {
  const one = tries.get(key);
  const waitMs = one === undefined ? 0 : stillToWaitMs(one, now);
  return waitMs === 0 ? person : { ...person, lockedUntilMs: now.wallMs + waitMs };
};
