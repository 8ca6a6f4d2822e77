import * as v from 'valibot';
import { isSamePerson } from '#acceptance/index.ts';
import { isFault } from '#ports/fault.ts';
import { isPersonProblem, type PersonInfo } from '#ports/people.ts';
import { may, nameForRecord, RIGHTS, type Right, recorded } from '#staff/index.ts';
import {
  type Answer,
  type AskedByAnyone,
  type AskedByPerson,
  alreadyTold,
  faulty,
  ofPerson,
  parsed,
  type Route,
} from '../answer.ts';
import type { ErrorView, NobodyView, SessionView } from '../api.ts';
import { auditAt, lineOf } from '../audit.ts';
import { name, pin } from '../fields.ts';
import type { ConsoleParts } from '../parts.ts';
import { whoOf } from '../reception.ts';
import type { Session, Sessions } from '../sessions.ts';

const signIn = v.strictObject({ name, pin });
const newPin = v.strictObject({ pin, newPin: pin });

/** Signing in and out, and the very first manager. */
export const sessionRoutes = (parts: ConsoleParts, sessions: Sessions): readonly Route[] => [
  {
    method: 'GET',
    url: '/api/session',
    needs: 'nothing',
    handle: (asked) => present(parts, asked),
  },
  {
    method: 'POST',
    url: '/api/session',
    needs: 'nothing',
    fewTries: true,
    action: 'sign in',
    handle: (asked) => enter(parts, sessions, asked),
  },
  {
    method: 'POST',
    url: '/api/setup',
    needs: 'nothing',
    fewTries: true,
    action: 'add the first manager',
    handle: (asked) => setUp(parts, sessions, asked),
  },
  {
    method: 'DELETE',
    url: '/api/session',
    needs: 'seeTerminal',
    action: 'sign out',
    handle: async ({ session }) => {
      sessions.end(session);
      return {
        status: 204,
        cookie: null,
        audit: { subject: session.person, says: 'signed out' },
      };
    },
  },
  {
    method: 'PUT',
    url: '/api/session/pin',
    needs: 'changeOwnPin',
    action: 'change own PIN',
    handle: (asked) => changePin(parts, sessions, asked),
  },
];

const present = async (parts: ConsoleParts, { session }: AskedByAnyone): Promise<Answer> => {
  if (typeof session !== 'string') return { status: 200, body: sessionView(parts, session) };
  const known = await parts.people.list();
  if (isFault(known)) return faulty(known);
  const nobody: NobodyView & ErrorView = {
    error: 'Nobody is signed in.',
    setUp: known.length > 0,
    merchant: parts.shop.merchant,
  };
  return { status: 401, body: nobody };
};

const enter = async (
  parts: ConsoleParts,
  sessions: Sessions,
  { body, session }: AskedByAnyone,
): Promise<Answer> => {
  const asked = parsed(signIn, body);
  if ('refused' in asked) return asked.refused;
  const person = await parts.people.signIn(asked.value.name, asked.value.pin);
  if (isFault(person)) return faulty(person);
  if (isPersonProblem(person)) {
    // Whatever was typed as a name may be a PIN: only a name that is known is written down.
    const subject = await knownName(parts, asked.value.name);
    const says = person.retryAfterMs === undefined ? 'wrong name or PIN' : 'wrong, or too soon';
    return { ...ofPerson(person, subject, 401), audit: { subject, says } };
  }
  if (typeof session !== 'string') sessions.end(session);
  return admit(parts, sessions, person, 200);
};

const setUp = async (
  parts: ConsoleParts,
  sessions: Sessions,
  { body, session, address }: AskedByAnyone,
): Promise<Answer> => {
  const asked = parsed(signIn, body);
  if ('refused' in asked) return asked.refused;
  const { name, pin } = asked.value;
  const line = { action: 'add the first manager', subject: nameForRecord(name), says: 'a manager' };
  const person = await recorded(
    auditAt(parts, address),
    lineOf(parts, { ...whoOf(session), ...line }),
    (record) => parts.people.addFirst(name, pin, record),
  );
  if (isFault(person)) return alreadyTold(faulty(person));
  if (isPersonProblem(person)) {
    return alreadyTold(ofPerson(person, '', person.field === '' ? 409 : 422));
  }
  return admit(parts, sessions, person, 201);
};

const changePin = async (
  parts: ConsoleParts,
  sessions: Sessions,
  { body, session, address }: AskedByPerson,
): Promise<Answer> => {
  const asked = parsed(newPin, body);
  if ('refused' in asked) return asked.refused;
  const { person: subject } = session;
  const known = await parts.people.signIn(subject, asked.value.pin);
  if (isFault(known)) return faulty(known);
  if (isPersonProblem(known)) {
    const answer = ofPerson({ ...known, field: 'pin' }, subject, 401);
    return { ...answer, audit: { subject, says: 'the present PIN is wrong' } };
  }
  const says = 'a new PIN; all other sessions end';
  const changed = await recorded(
    auditAt(parts, address),
    lineOf(parts, { ...whoOf(session), action: 'change own PIN', subject, says }),
    (record) => parts.people.setPin(subject, asked.value.newPin, record),
  );
  if (isFault(changed)) return alreadyTold(faulty(changed));
  if (isPersonProblem(changed)) return alreadyTold(ofPerson({ ...changed, field: 'newPin' }));
  sessions.goOn(session, changed);
  return { status: 204 };
};

const admit = (
  parts: ConsoleParts,
  sessions: Sessions,
  person: PersonInfo,
  status: number,
): Answer => {
  const { session, id } = sessions.begin(person);
  return {
    status,
    body: sessionView(parts, session),
    cookie: id,
    audit: { subject: session.person, says: 'signed in', person: session },
  };
};

const sessionView = ({ shop, decisions }: ConsoleParts, session: Session): SessionView => ({
  person: session.person,
  role: session.role,
  rights: (Object.keys(RIGHTS) as Right[]).filter((right) => may(session.role, right)),
  token: session.token,
  merchant: shop.merchant,
  terminalId: shop.terminalId,
  language: shop.language,
  currency: shop.currency,
  timeZone: decisions.now().zone.name,
});

const knownName = async ({ people }: ConsoleParts, typed: string): Promise<string> => {
  const known = await people.list();
  if (isFault(known)) return UNKNOWN;
  return known.find(({ name: one }) => isSamePerson(one, typed))?.name ?? UNKNOWN;
};

const UNKNOWN = 'a name that nobody has';
