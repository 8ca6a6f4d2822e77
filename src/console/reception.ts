import type { Person } from '#acceptance/index.ts';
import { isFault } from '#ports/fault.ts';
import { refuseUnless } from '#staff/index.ts';
import { type Answer, problem, type Route } from './answer.ts';
import { auditAt, lineOf, type Told, tellRefused } from './audit.ts';
import { foreign, forged, type Head, notJson, type Turned } from './guard.ts';
import type { ConsoleParts } from './parts.ts';
import type { NoSession, Session, Sessions } from './sessions.ts';

/** Who asks, once all guards let them pass. */
export interface Admitted {
  readonly session: Session | NoSession;
}

/**
 * Decides about a request for a route by its head alone, before a byte of its body is read.
 * Refusals that somebody should hear of go to the audit log.
 * @param id what the session's cookie holds
 */
export const receive = async (
  { parts, sessions }: Staffed,
  route: Route,
  head: Head,
  id: string | undefined,
  address: string,
): Promise<Admitted | Answer> => {
  const changes = route.method !== 'GET';
  const session = sessions.find(id, route.needs === 'nothing' ? changes : !route.byItself);
  const told = { ...whoOf(session), action: nameOf(route), subject: '' };
  const refuse: Refuse = (turned, says) => {
    tellRefused(parts, { ...told, says }, address);
    return problem(turned.status, { error: turned.error });
  };
  const stranger = foreign(head);
  if (stranger !== undefined) return refuse(stranger, 'a page of another site asked');
  if (route.needs !== 'nothing') {
    if (typeof session === 'string') return refuseNobody(session, refuse);
    const gone = await refuseChanged(parts, sessions, session, refuse);
    if (gone !== undefined) return gone;
    const { person: name, role } = session;
    const audit = auditAt(parts, address);
    const asked = lineOf(parts, { ...told, says: '' });
    const refused = await refuseUnless({ name, role }, route.needs, audit, asked);
    if (refused !== undefined) return problem(403, { error: refused.problem });
    const fake = changes ? forged(head, session.token) : undefined;
    if (fake) return refuse(fake, 'a forged request: without the token of the page');
  }
  const unread = changes ? notJson(head) : undefined;
  if (unread !== undefined) return refuse(unread, 'a request that is not JSON');
  return { session };
};

export interface Staffed {
  readonly parts: ConsoleParts;
  readonly sessions: Sessions;
}

export const whoOf = (session: Session | NoSession): Pick<Told, 'person' | 'role'> =>
  typeof session === 'string'
    ? { person: 'nobody', role: 'unknown' }
    : { person: session.person, role: session.role };

export const personOf = ({ person, role }: Session): Person => ({ person, role });

export const nameOf = ({ action, method, url }: Route): string => action ?? `${method} ${url}`;

const SIGNED_OUT = { status: 401, error: 'Nobody is signed in. Sign in again.' };

type Refuse = (turned: Turned, says: string) => Answer;

const refuseNobody = (session: NoSession, refuse: Refuse): Answer => {
  if (session === 'ended') return refuse(SIGNED_OUT, 'the cookie of a session that was ended');
  if (session === 'unknown') return refuse(SIGNED_OUT, 'a cookie that belongs to no session');
  return { status: SIGNED_OUT.status, body: { error: SIGNED_OUT.error }, cookie: null };
};

// Somebody may have removed them, or given them another role or PIN: at the command line, too.
const refuseChanged = async (
  { people }: ConsoleParts,
  sessions: Sessions,
  session: Session,
  refuse: Refuse,
): Promise<Answer | undefined> => {
  const known = await people.list();
  if (isFault(known)) return problem(503, { error: known.detail });
  sessions.keepOnly(known);
  if (!session.isOver()) return undefined;
  return refuse(SIGNED_OUT, 'the person is gone, or has another role or PIN now');
};
