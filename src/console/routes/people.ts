import * as v from 'valibot';
import { isFault } from '#ports/fault.ts';
import { type Admission, isPersonProblem, type Recording, ROLES } from '#ports/people.ts';
import {
  type Answer,
  type AskedByPerson,
  faulty,
  ofPerson,
  parsed,
  type Route,
} from '../answer.ts';
import type { AuditView, PeopleView } from '../api.ts';
import type { Auditor } from '../audit.ts';
import { name, pin } from '../fields.ts';
import type { ConsoleParts } from '../parts.ts';
import type { Sessions } from '../sessions.ts';

const role = v.picklist(ROLES, 'cashier, manager or technician');
const newcomer = v.strictObject({ name, role, pin });
const newRole = v.strictObject({ role });
const newPin = v.strictObject({ pin });

const MOST_LINES = 200;

/** Who may sign in, and what they did. */
export const peopleRoutes = (
  parts: ConsoleParts,
  sessions: Sessions,
  auditor: Auditor,
): readonly Route[] => {
  const change = changing(parts, sessions, auditor);
  return [
    {
      method: 'GET',
      url: '/api/people',
      needs: 'seePeople',
      handle: () => everybody(parts, sessions, 200),
    },
    {
      method: 'POST',
      url: '/api/people',
      needs: 'changePeople',
      action: 'add person',
      handle: async (asked) => {
        const wanted = parsed(newcomer, asked.body);
        if ('refused' in wanted) return wanted.refused;
        const { value } = wanted;
        const line = { action: 'add person', subject: value.name.trim(), says: `as ${value.role}` };
        return change(asked, line, 201, (record) =>
          parts.people.add(value.name, value.role, value.pin, record),
        );
      },
    },
    {
      method: 'PUT',
      url: '/api/people/:name',
      needs: 'changePeople',
      action: 'change person',
      handle: (asked) => changePerson(parts, asked, change),
    },
    {
      method: 'DELETE',
      url: '/api/people/:name',
      needs: 'changePeople',
      action: 'remove person',
      handle: (asked) => {
        const subject = asked.params['name'] ?? '';
        const line = { action: 'remove person', subject, says: 'removed, and signed out' };
        return change(asked, line, 200, (record) => parts.people.remove(subject, record));
      },
    },
    {
      method: 'GET',
      url: '/api/audit',
      needs: 'seePeople',
      handle: async () => {
        const lines = await parts.audit.read(MOST_LINES);
        if (isFault(lines)) return faulty(lines);
        const view: AuditView = { lines };
        return { status: 200, body: view };
      },
    },
  ];
};

interface Line {
  readonly action: string;
  readonly subject: string;
  readonly says: string;
}

type Change = (
  asked: AskedByPerson,
  line: Line,
  status: number,
  work: (record: Recording) => Promise<Admission>,
) => Promise<Answer>;

// Recorded before it is made: what can't be written down isn't done.
const changing =
  (parts: ConsoleParts, sessions: Sessions, auditor: Auditor): Change =>
  async ({ session, by }, line, status, work) => {
    const { subject } = line;
    const person = await work(() => auditor.done({ ...by, role: session.role, ...line }));
    if (isFault(person)) return faulty(person, subject);
    if (isPersonProblem(person)) return ofPerson(person, subject);
    sessions.endAllOf(person.name);
    return everybody(parts, sessions, status);
  };

const changePerson = async (
  { people }: ConsoleParts,
  asked: AskedByPerson,
  change: Change,
): Promise<Answer> => {
  const subject = asked.params['name'] ?? '';
  const wanted = parsed(v.union([newRole, newPin], 'either a role or a PIN'), asked.body);
  if ('refused' in wanted) return wanted.refused;
  const { value } = wanted;
  if ('role' in value) {
    const line = { action: 'change role', subject, says: `now ${value.role}` };
    return change(asked, line, 200, (record) => people.setRole(subject, value.role, record));
  }
  const line = { action: 'set PIN', subject, says: 'a new PIN; a lock-out ends' };
  return change(asked, line, 200, (record) => people.setPin(subject, value.pin, record));
};

const everybody = async (
  { people }: ConsoleParts,
  sessions: Sessions,
  status: number,
): Promise<Answer> => {
  const known = await people.list();
  if (isFault(known)) return faulty(known);
  const view: PeopleView = {
    people: known.map((person) => ({ ...person, signedIn: sessions.isSignedIn(person.name) })),
  };
  return { status, body: view };
};
