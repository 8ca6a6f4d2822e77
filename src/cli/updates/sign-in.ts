import { openPeople } from '#drivers/people/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { isPersonProblem } from '#ports/people.ts';
import { type AuditLine, authorise } from '#staff/index.ts';
import { commandAudit } from '../command-audit.ts';
import { type ExitCode, exit, fail } from '../exit.ts';
import { machinePerson } from '../machine-person.ts';
import type { Places } from '../places.ts';
import { isSignInProblem, readSignIn, type SignInOptions } from '../sign-in.ts';
import { clock } from '../world.ts';

export interface OrderedUpdate {
  readonly action: string;
  readonly says: string;
  /** Whoever has the machine may do it: it changes nothing. */
  readonly free?: boolean;
}

/**
 * Who orders it, and the record of it, which comes first: what can't be recorded isn't done. While
 * nobody is known here, whoever has the machine may order everything.
 */
export const mayOrder = async (
  places: Places,
  options: SignInOptions,
  { action, says, free = false }: OrderedUpdate,
): Promise<{ readonly person: string } | { readonly exit: ExitCode }> => {
  const who = free ? machinePerson() : await signedIn(places, options, action);
  if ('exit' in who) return who;
  const line = { from: 'command line', subject: '', outcome: 'done' } as const;
  const unwritten = await commandAudit(places)({
    ...{ ...line, ...who, action, says, atMs: clock.wallMs() },
  });
  return unwritten === undefined ? who : { exit: fail(`not recorded: ${unwritten.detail}`) };
};

type Who = Pick<AuditLine, 'person' | 'role'>;

const signedIn = async (
  places: Places,
  options: SignInOptions,
  action: string,
): Promise<Who | { readonly exit: ExitCode }> => {
  const { wallMs, monotonicMs } = clock;
  const people = openPeople({ path: places.people, log: quiet, wallMs, monotonicMs });
  try {
    const all = await people.list();
    if (isFault(all)) return { exit: fail(all.detail) };
    if (all.length === 0) return machinePerson();
    const signIn = await readSignIn(options);
    if (isSignInProblem(signIn)) return { exit: fail(signIn.problem) };
    const asked = { right: 'update', from: 'command line', action, subject: '' } as const;
    const person = await authorise(people, commandAudit(places), {
      ...{ ...signIn, ...asked, atMs: clock.wallMs() },
    });
    if (isFault(person)) return { exit: fail(person.detail) };
    if (!isPersonProblem(person)) return { person: person.name, role: person.role };
    fail(person.problem);
    return { exit: exit.declined };
  } finally {
    await people.close();
  }
};

/** The command's own answer says what there is to say. */
const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
