import { isSameName, openPeople, type PeopleOptions, resetPeople } from '#drivers/people/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import {
  type Admission,
  isPersonProblem,
  type People,
  type PersonInfo,
  type PersonProblem,
  type Recording,
  type Role,
} from '#ports/people.ts';
import {
  type Audit,
  type AuditLine,
  authorise,
  nameForRecord,
  type Right,
  recorded,
} from '#staff/index.ts';
import { commandAudit } from './command-audit.ts';
import { type ExitCode, exit, fail, failAs, say } from './exit.ts';
import { machinePerson } from './machine-person.ts';
import type { Places } from './places.ts';
import {
  isSignInProblem,
  type Pins,
  pinsFrom,
  type SignInOptions,
  type SignInProblem,
} from './sign-in.ts';
import { clock } from './world.ts';

/** `countertap people list`: also beside a running terminal. 0, or 3 when they can't be read. */
export const list = async (
  places: Places,
  { json = false }: { readonly json?: boolean },
): Promise<ExitCode> => {
  const people = openPeople(optionsFor(places));
  const all = await people.list();
  await people.close();
  if (isFault(all)) return failAs(json, all.detail);
  if (json) say(JSON.stringify(all));
  else if (all.length === 0) say('nobody yet: countertap people add NAME manager');
  else for (const line of describe(all)) say(line);
  return exit.ok;
};

/** `countertap people add NAME ROLE`: the first one without a sign-in, and a manager. */
export const add = (
  places: Places,
  name: string,
  role: Role,
  options: SignInOptions,
): Promise<ExitCode> =>
  change(places, options, {
    ...{ name, action: 'add person', says: `${name} may sign in as a ${role}`, newPin: true },
    first: (people, pin, record) =>
      role === 'manager' ? people.addFirst(name, pin, record) : people.add(name, role, pin, record),
    make: (people, pin, record) => people.add(name, role, pin, record),
  });

/** `countertap people pin NAME`: a manager for anybody, everybody for themselves. */
export const pin = (places: Places, name: string, options: SignInOptions): Promise<ExitCode> =>
  change(places, options, {
    ...{ name, action: 'change PIN', says: `${name} has a new PIN`, newPin: true },
    make: (people, pin, record) => people.setPin(name, pin, record),
  });

/** `countertap people role NAME ROLE`. */
export const role = (
  places: Places,
  name: string,
  to: Role,
  options: SignInOptions,
): Promise<ExitCode> =>
  change(places, options, {
    ...{ name, action: 'change role', says: `${name} is a ${to} now`, newPin: false },
    make: (people, _, record) => people.setRole(name, to, record),
  });

/** `countertap people remove NAME`. */
export const remove = (places: Places, name: string, options: SignInOptions): Promise<ExitCode> =>
  change(places, options, {
    ...{ name, action: 'remove person', says: `${name} may sign in no more`, newPin: false },
    make: (people, _, record) => people.remove(name, record),
  });

/**
 * `countertap people reset --yes`: the way back in for whoever has the machine itself, when no
 * manager knows their PIN or the database is ruined. It can't be done unseen: it is in the record.
 */
export const reset = async (
  places: Places,
  { yes = false }: { readonly yes?: boolean },
): Promise<ExitCode> => {
  if (!yes) {
    return fail('this removes everybody who may sign in, and is recorded: repeat it with --yes');
  }
  const audit = commandAudit(places);
  const removal = await resetPeople(optionsFor(places), ({ names, aside }) => {
    const who = names === undefined ? 'everybody; who they were can not be read' : listed(names);
    const kept = aside === undefined ? '' : `; the damaged database is kept: ${aside}`;
    return audit({
      ...{ ...machinePerson(), atMs: clock.wallMs(), from: 'command line', outcome: 'done' },
      ...{ action: 'reset people', subject: 'everybody', says: `removed ${who}${kept}` },
    });
  });
  if (isFault(removal)) return fail(removal.detail);
  const { names, aside } = removal;
  say(names === undefined ? 'everybody was removed' : `removed ${listed(names)}`);
  if (aside !== undefined) say(`the damaged database is kept: ${aside}`);
  say('the next to be added is the first: countertap people add NAME manager');
  return exit.ok;
};

/** One change of one person, whoever makes it. */
interface Wanted {
  readonly name: string;
  readonly action: string;
  readonly says: string;
  readonly newPin: boolean;
  readonly make: Making;
  /** The same while nobody is known. */
  readonly first?: Making;
}

type Making = (people: People, pin: string, record: Recording) => Promise<Admission>;

const change = async (
  places: Places,
  options: SignInOptions,
  wanted: Wanted,
): Promise<ExitCode> => {
  const people = openPeople(optionsFor(places));
  try {
    return await changeIn(people, commandAudit(places), options, wanted);
  } finally {
    await people.close();
  }
};

const changeIn = async (
  people: People,
  audit: Audit,
  options: SignInOptions,
  { name, action, says, newPin, make, first = make }: Wanted,
): Promise<ExitCode> => {
  const all = await people.list();
  if (isFault(all)) return fail(all.detail);
  const pins = pinsFrom(options);
  const by =
    all.length === 0 ? machinePerson() : await signedIn(people, audit, pins, options, name, action);
  if (isRefusal(by)) return refused(by);
  const pin = newPin ? await pins.newPin(name) : '';
  if (isSignInProblem(pin)) return refused(pin);
  const line = { person: by.person, role: by.role, from: 'command line', action } as const;
  const outcome = await recorded(
    audit,
    { ...line, atMs: clock.wallMs(), subject: nameForRecord(name), says },
    (record) => (all.length === 0 ? first : make)(people, pin, record),
  );
  if (isRefusal(outcome)) return refused(outcome);
  say(says);
  return exit.ok;
};

type By = Pick<AuditLine, 'person' | 'role'>;
type Refusal = PersonProblem | SignInProblem | Fault;

const signedIn = async (
  people: People,
  audit: Audit,
  pins: Pins,
  { by = '' }: SignInOptions,
  subject: string,
  action: string,
): Promise<By | Refusal> => {
  const signIn = await pins.signIn();
  if (isSignInProblem(signIn)) return signIn;
  const right: Right =
    action === 'change PIN' && isSameName(by, subject) ? 'changeOwnPin' : 'changePeople';
  const asked = { right, from: 'command line', action, atMs: clock.wallMs() } as const;
  const person = await authorise(people, audit, {
    ...{ ...signIn, ...asked },
    subject: nameForRecord(subject),
  });
  return isRefusal(person) ? person : { person: person.name, role: person.role };
};

const isRefusal = (value: object): value is Refusal => isFault(value) || isSignInProblem(value);

/** What is wrong with the request or the world is 3; what a person may not do, or gets wrong, 1. */
const refused = (why: Refusal): ExitCode => {
  if (isFault(why)) return fail(why.detail);
  fail(why.problem);
  return isPersonProblem(why) ? exit.declined : exit.error;
};

const describe = (all: readonly PersonInfo[]): string[] => {
  const width = Math.max(...all.map(({ name }) => name.length));
  return all.map(({ name, role, sinceMs, lockedUntilMs }) => {
    const since = `since ${new Date(sinceMs).toISOString()}`;
    const locked =
      lockedUntilMs === undefined ? '' : `  locked until ${new Date(lockedUntilMs).toISOString()}`;
    return `${name.padEnd(width)}  ${role.padEnd(10)}  ${since}${locked}`;
  });
};

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'nobody: there was nobody' : names.join(', ');

const optionsFor = (places: Places): PeopleOptions => ({
  ...{ path: places.people, log: quiet },
  wallMs: clock.wallMs,
  monotonicMs: clock.monotonicMs,
});

/** The command's own answer says what there is to say. */
const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
