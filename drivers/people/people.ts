import { availableParallelism } from 'node:os';
import { isFault } from '#ports/fault.ts';
import {
  type Admission,
  type People,
  type PersonInfo,
  type PersonProblem,
  type Recording,
  ROLES,
  type Role,
} from '#ports/people.ts';
import { type Holder, holderOf, type PeopleOptions } from './holder.ts';
import { keyToCount, type Named, nameOf } from './names.ts';
import { hashPin, hashText, isPin, isWeaker, nobodysHash, type PinHash } from './pin-hash.ts';
import { pinProblem, plainDigits } from './pin-rules.ts';
import { createQueue, type Place, type Queue } from './queue.ts';
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
} from './refusals.ts';
import type { Change, Kept } from './store.ts';

/** Always there: a database that can't be used lets nobody in, and is tried again at each call. */
export const openPeople = (options: PeopleOptions): People => {
  const holder = holderOf(options);
  const queue = createQueue(HASHINGS);
  const stranger = nobodysHash(holder.cost);
  return {
    list: async () => {
      const all = await holder.use((store) => store.all(holder.now()));
      return isFault(all) ? all : all.map(({ person }) => person);
    },
    addFirst: (typed, pin, record) =>
      withPin({ holder, queue, typed, pin, record }, ({ name, key }, hashed) => (all) => {
        if (all.length > 0) return notFirst();
        const person = newcomer(name, 'manager', holder);
        return { change: { next: { key, person, pin: hashed }, newPin: true } };
      }),
    add: (typed, role, pin, record) =>
      withPin({ holder, queue, typed, pin, record }, ({ name, key }, hashed) => (all) => {
        if (!ROLES.includes(role)) return noRole();
        const taken = all.find((one) => one.key === key);
        if (taken) return nameTaken(taken.person.name);
        if (all.length === 0 && role !== 'manager') return firstManager();
        const person = newcomer(name, role, holder);
        return { change: { next: { key, person, pin: hashed }, newPin: true } };
      }),
    setPin: (typed, pin, record) =>
      withPin({ holder, queue, typed, pin, record }, ({ key }, hashed) => (all) => {
        const before = all.find((one) => one.key === key);
        if (before === undefined) return nobody();
        const pinSinceMs = Math.max(holder.now().wallMs, before.person.pinSinceMs + 1);
        const person = { ...before.person, pinSinceMs };
        return { change: { before, next: { ...before, person, pin: hashed }, newPin: true } };
      }),
    setRole: (typed, role, record) =>
      changed(holder, typed, record, ({ key }) => (all) => {
        if (!ROLES.includes(role)) return noRole();
        const before = all.find((one) => one.key === key);
        if (before === undefined) return nobody();
        if (role !== 'manager' && isLastManager(all, before)) return lastManager();
        const next = { ...before, person: { ...before.person, role } };
        return { change: { before, next, newPin: false } };
      }),
    remove: (typed, record) =>
      changed(holder, typed, record, ({ key }) => (all) => {
        const before = all.find((one) => one.key === key);
        if (before === undefined) return nobody();
        return isLastManager(all, before) ? lastManager() : { change: { before, newPin: false } };
      }),
    signIn: async (name, pin) => {
      // Before anything is read: 10,000 at once cost next to nothing.
      const key = keyToCount(name);
      const place = queue.enter(key);
      if (place === undefined) return busy();
      try {
        return await signIn(holder, stranger, place, key, plainDigits(pin));
      } finally {
        place.leave();
      }
    },
    close: async () => holder.close(true),
  };
};

const newcomer = (name: string, role: Role, { now }: Holder): PersonInfo => {
  const { wallMs } = now();
  return { name, role, sinceMs: wallMs, pinSinceMs: wallMs };
};

// 19 MB each, and one core is left to the payments. Nobody needs more places than free tries.
const HASHINGS = {
  atOnce: Math.max(1, Math.min(2, availableParallelism() - 1)),
  waiting: 16,
  each: 3,
};

const signIn = async (
  holder: Holder,
  stranger: PinHash,
  place: Place,
  key: string,
  pin: string,
): Promise<Admission> => {
  const { use, now, cost } = holder;
  const lockedMs = await use((store) => store.lockedMs(key, now()));
  if (isFault(lockedMs)) return lockedMs;
  if (lockedMs > 0) return locked(lockedMs);
  await place.turn();
  const tried = await use((store) => store.countTry(key, now()));
  if (isFault(tried)) return tried;
  if ('lockedMs' in tried) return locked(tried.lockedMs);
  const { kept, hash = stranger, waitMs } = tried;
  const right = await isPin(pin, hash);
  if (!right || kept === undefined) return wrong(waitMs);
  const stronger = isWeaker(hash.cost, cost) ? hashText(await hashPin(pin, cost)) : undefined;
  const forgiven = await use((store) => store.forgive(kept, stronger));
  if (isFault(forgiven)) return forgiven;
  // Removed, or given another PIN, while we compared.
  return forgiven ? kept.person : wrong(waitMs);
};

type Check = (all: readonly Kept[]) => PersonProblem | Change;

/** What a change goes through: the check, the record, the check again with the change. */
const changed = async (
  { use, now }: Holder,
  typed: string,
  record: Recording | undefined,
  checkFor: (named: Named) => Check,
): Promise<Admission> => {
  const named = nameOf(typed);
  if ('personProblem' in named) return named;
  const check = checkFor(named);
  const peeked = await use((store) => store.peek(check));
  if (!('change' in peeked)) return peeked;
  const unwritten = await record?.();
  if (unwritten !== undefined) return unwritten;
  const outcome = await use((store) => store.change(check, now()));
  return 'person' in outcome ? outcome.person : outcome;
};

interface NewPin {
  readonly holder: Holder;
  readonly queue: Queue;
  readonly typed: string;
  readonly pin: string;
  readonly record: Recording | undefined;
}

/** The same with a PIN, which is hashed only when nothing else speaks against the change. */
const withPin = async (
  { holder, queue, typed, pin, record }: NewPin,
  checkFor: (named: Named, hashed: string) => Check,
): Promise<Admission> => {
  const named = nameOf(typed);
  if ('personProblem' in named) return named;
  const peeked = await holder.use((store) => store.peek(checkFor(named, '')));
  if (!('change' in peeked)) return peeked;
  const bad = pinProblem(pin);
  if (bad !== undefined) return bad;
  const hashed = await hashedInTurn(queue, pin, holder);
  return changed(holder, typed, record, () => checkFor(named, hashed));
};

const hashedInTurn = async (queue: Queue, pin: string, { cost }: Holder): Promise<string> => {
  const place = queue.enterFirst();
  try {
    await place.turn();
    return hashText(await hashPin(plainDigits(pin), cost));
  } finally {
    place.leave();
  }
};

/** Somebody must always be there who may let others in. */
const isLastManager = (all: readonly Kept[], { key, person }: Kept): boolean =>
  person.role === 'manager' && !all.some((one) => one.key !== key && one.person.role === 'manager');
