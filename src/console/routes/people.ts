import * as v from 'valibot';
import { isFault } from '#ports/fault.ts';
import { type Admission, isPersonProblem, type Recording, ROLES } from '#ports/people.ts';
import { type AuditLine, nameForRecord, readAudit, recorded } from '#staff/index.ts';
import {
  type Answer,
  type AskedByPerson,
  alreadyTold,
  faulty,
  ofPerson,
  parsed,
  type Route,
} from '../answer.ts';
import type { AuditView, PeopleView } from '../api.ts';
import { auditAt, lineOf } from '../audit.ts';
import { name, pin } from '../fields.ts';
import type { ConsoleParts } from '../parts.ts';
import { whoOf } from '../reception.ts';
import type { Sessions } from '../sessions.ts';

const role = v.picklist(ROLES, 'cashier, manager or technician');
const newcomer = v.strictObject({ name, role, pin });
const newRole = v.strictObject({ role });
const newPin = v.strictObject({ pin });

const MOST_LINES = 200;

/** Who may sign in, and what they did. */
export const peopleRoutes = (parts: ConsoleParts, sessions: Sessions): readonly Route[] => {
  const change = changing(parts, sessions);
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
        const line = { action: 'add person', says: `as ${value.role}` };
        return change(asked, value.name, line, 201, (record) =>
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
        const { name = '' } = asked.params;
        const line = { action: 'remove person', says: 'removed, and signed out' };
        return change(asked, name, line, 200, (record) => parts.people.remove(name, record));
      },
    },
    {
      method: 'GET',
      url: '/api/audit',
      needs: 'seePeople',
      handle: async () => {
        const lines = await readAudit(parts.journal, MOST_LINES);
        if (isFault(lines)) return faulty(lines);
        const view: AuditView = { lines };
        return { status: 200, body: view };
      },
    },
  ];
};

type Change = (
  asked: AskedByPerson,
  name: string,
  line: Pick<AuditLine, 'action' | 'says'>,
  status: number,
  work: (record: Recording) => Promise<Admission>,
) => Promise<Answer>;

const changing =
  (parts: ConsoleParts, sessions: Sessions): Change =>
  async ({ session, address }, name, line, status, work) => {
    const told = lineOf(parts, { ...whoOf(session), ...line, subject: nameForRecord(name) });
    const person = await recorded(auditAt(parts, address), told, work);
    if (isFault(person)) return alreadyTold(faulty(person));
    if (isPersonProblem(person)) return alreadyTold(ofPerson(person));
    return everybody(parts, sessions, status);
  };

const changePerson = async (
  { people }: ConsoleParts,
  asked: AskedByPerson,
  change: Change,
): Promise<Answer> => {
  const { name = '' } = asked.params;
  const wanted = parsed(v.union([newRole, newPin], 'either a role or a PIN'), asked.body);
  if ('refused' in wanted) return wanted.refused;
  const { value } = wanted;
  if ('role' in value) {
    const line = { action: 'change role', says: `now ${value.role}` };
    return change(asked, name, line, 200, (record) => people.setRole(name, value.role, record));
  }
  const line = { action: 'set PIN', says: 'a new PIN; a lock-out ends' };
  return change(asked, name, line, 200, (record) => people.setPin(name, value.pin, record));
};

const everybody = async (
  { people }: ConsoleParts,
  sessions: Sessions,
  status: number,
): Promise<Answer> => {
  const known = await people.list();
  if (isFault(known)) return faulty(known);
  // After a change somebody may be signed in no more.
  sessions.keepOnly(known);
  const view: PeopleView = {
    people: known.map((person) => ({ ...person, signedIn: sessions.isSignedIn(person.name) })),
  };
  return { status, body: view };
};
