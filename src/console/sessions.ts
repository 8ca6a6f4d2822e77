import { isSamePerson } from '#acceptance/index.ts';
import { toHex } from '#bytes/hex.ts';
import { digestOf } from '#crypto/secrets.ts';
import type { Clock, Entropy } from '#ports/clock.ts';
import type { PersonInfo, Role } from '#ports/people.ts';

/** Somebody who signed in. Ends for good; what is open in its name ends with it. */
export interface Session {
  readonly person: string;
  readonly role: Role;
  /** Proves a request to be the page's own: no other site can read it. */
  readonly token: string;
  readonly isOver: () => boolean;
}

/** Why a cookie opens nothing: only the last two are worth a line in the audit log. */
export type NoSession = 'none' | 'ranOut' | 'ended' | 'unknown';

/** Who is signed in. Kept in memory alone: a restart signs everybody out. */
export interface Sessions {
  /** @returns the session, and what its cookie holds: told once and kept nowhere */
  begin(person: PersonInfo): { readonly session: Session; readonly id: string };
  /** @param asks whether a person asks, which puts off the end: a page that polls doesn't */
  find(id: string | undefined, asks: boolean): Session | NoSession;
  end(session: Session): void;
  /** Goes on although the person has another PIN now; the others of this person end. */
  goOn(session: Session, person: PersonInfo): void;
  /** Ends those of people who are gone, or have another role or PIN than when they signed in. */
  keepOnly(people: readonly PersonInfo[]): void;
  isSignedIn(person: string): boolean;
  /** What has run out ends now: what is open in its name asks for that. */
  sweep(): void;
}

export const IDLE_MS = 15 * 60_000;
export const LONGEST_MS = 10 * 3_600_000;
export const MOST_OF_A_PERSON = 5;
export const MOST_SESSIONS = 100;
/** 256 bits: an id or a token is never guessed. */
const SECRET_BYTES = 32;

/** Ids that are known to have ended; the oldest is forgotten first. */
const MOST_ENDED = 500;

interface Kept {
  readonly session: Session;
  /** As they were when they signed in. */
  person: PersonInfo;
  readonly beganMs: number;
  askedMs: number;
  over: boolean;
}

export const createSessions = (clock: Pick<Clock, 'monotonicMs'>, entropy: Entropy): Sessions => {
  // By the SHA-256 of their id: what lies in memory opens nothing.
  const open = new Map<string, Kept>();
  const ended = new Map<string, 'ranOut' | 'ended'>();
  const secret = () => toHex(entropy.bytes(SECRET_BYTES));

  const close = (digest: string, kept: Kept, why: 'ranOut' | 'ended'): void => {
    kept.over = true;
    open.delete(digest);
    ended.set(digest, why);
    const [oldest] = ended.keys();
    if (ended.size > MOST_ENDED && oldest !== undefined) ended.delete(oldest);
  };
  const closeWhere = (chosen: (kept: Kept) => boolean, why: 'ranOut' | 'ended'): void => {
    for (const [digest, kept] of open) if (chosen(kept)) close(digest, kept, why);
  };
  const ranOut = ({ beganMs, askedMs }: Kept): boolean => {
    const now = clock.monotonicMs();
    return now - askedMs >= IDLE_MS || now - beganMs >= LONGEST_MS;
  };
  // The one that nobody has used for longest makes room.
  const makeRoom = (among: readonly [string, Kept][], most: number): void => {
    const oldestFirst = [...among].sort(([, a], [, b]) => a.askedMs - b.askedMs);
    for (const [digest, kept] of oldestFirst.slice(0, Math.max(0, among.length + 1 - most))) {
      close(digest, kept, 'ranOut');
    }
  };

  return {
    begin: (person) => {
      const { name, role } = person;
      closeWhere(ranOut, 'ranOut');
      const own = [...open].filter(([, { session }]) => isSamePerson(session.person, name));
      makeRoom(own, MOST_OF_A_PERSON);
      makeRoom([...open], MOST_SESSIONS);
      const id = secret();
      const now = clock.monotonicMs();
      const session = { person: name, role, token: secret(), isOver: () => kept.over };
      const kept: Kept = { session, person, beganMs: now, askedMs: now, over: false };
      open.set(digestOf(id), kept);
      return { session, id };
    },
    find: (id, asks) => {
      if (id === undefined || id === '') return 'none';
      const digest = digestOf(id);
      const kept = open.get(digest);
      if (kept === undefined) return ended.get(digest) ?? 'unknown';
      if (ranOut(kept)) {
        close(digest, kept, 'ranOut');
        return 'ranOut';
      }
      if (asks) kept.askedMs = clock.monotonicMs();
      return kept.session;
    },
    end: (session) => closeWhere((kept) => kept.session === session, 'ended'),
    goOn: (session, person) => {
      for (const kept of open.values()) if (kept.session === session) kept.person = person;
      closeWhere(
        (kept) => kept.session.person === session.person && !isAsBefore(kept.person, person),
        'ended',
      );
    },
    keepOnly: (people) =>
      closeWhere(({ person }) => !people.some((now) => isAsBefore(person, now)), 'ended'),
    isSignedIn: (person) =>
      [...open.values()].some((kept) => isSamePerson(kept.session.person, person) && !ranOut(kept)),
    sweep: () => closeWhere(ranOut, 'ranOut'),
  };
};

/** Somebody else of the same name later is another person. */
const isAsBefore = (before: PersonInfo, now: PersonInfo): boolean =>
  now.name === before.name &&
  now.role === before.role &&
  now.sinceMs === before.sinceMs &&
  now.pinSinceMs === before.pinSinceMs;
