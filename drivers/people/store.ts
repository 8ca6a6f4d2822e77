import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type PersonInfo, ROLES, type Role } from '#ports/people.ts';
import { anchored, counted, type Moment, stillToWaitMs, type Tries } from './lock-out.ts';
import { hashFrom, type PinHash } from './pin-hash.ts';
import { damage } from './troubles.ts';

/** Somebody as they are kept. */
export interface Kept {
  readonly key: string;
  readonly person: PersonInfo;
  /** The hash of their PIN, as text. */
  readonly pin: string;
}

/** What a try is worth: nothing while its name has to wait. */
export type Counted =
  | { readonly lockedMs: number }
  | { readonly waitMs: number; readonly kept: Kept | undefined; readonly hash?: PinHash };

/** The tables. Each call can throw; what writes does all or nothing. */
export interface Store {
  all(now: Moment): readonly Kept[];
  find(key: string): Kept | undefined;
  lockedMs(key: string, now: Moment): number;
  /** Counts a try as wrong before anybody looks whether it is. */
  countTry(key: string, now: Moment): Counted;
  /** It was right. @returns whether the PIN is still the one that was compared with */
  forgive(kept: Kept, newPin: string | undefined): boolean;
  /** What the check says of those there are. Nothing is written. */
  peek<Outcome>(check: (all: readonly Kept[]) => Outcome): Outcome;
  /** Checks again, and makes the change that the check asks for, as one. */
  change<Refusal>(check: (all: readonly Kept[]) => Refusal | Change, now: Moment): Refusal | Kept;
  clear(): void;
}

/** What becomes of one person: `next` absent removes them. */
export interface Change {
  readonly change: { readonly before?: Kept; readonly next?: Kept; readonly newPin: boolean };
}

/** @param now measures the waits of names that were tried before the machine was started */
export const storeOf = (db: DatabaseSync, now: Moment): Store => {
  const sql = statements(db);
  const transaction = transactions(db);
  anchorAll(sql, transaction, now);
  return {
    all: (at) =>
      sql
        .all('SELECT * FROM people ORDER BY since_ms, key')
        .map((row) => withLock(sql, keptOf(row), at)),
    find: (key) => find(sql, key),
    lockedMs: (key, at) => waitOf(triesOf(sql, key), at),
    countTry: (key, at) => transaction(() => countTry(sql, key, at)),
    forgive: (kept, newPin) =>
      transaction(() => {
        if (find(sql, kept.key)?.pin !== kept.pin) return false;
        sql.run('DELETE FROM tries WHERE key = ?', kept.key);
        if (newPin !== undefined) put(sql, { ...kept, pin: newPin });
        return true;
      }),
    peek: (check) => check(everybody(sql)),
    change: (check, at) =>
      transaction(() => {
        const decided = check(everybody(sql));
        if (!isChange(decided)) return decided;
        const { before, next, newPin } = decided.change;
        const changed = next ?? before;
        if (changed === undefined) throw new Error('a change of nobody');
        if (next === undefined) sql.run('DELETE FROM people WHERE key = ?', changed.key);
        else put(sql, next);
        if (newPin || next === undefined) sql.run('DELETE FROM tries WHERE key = ?', changed.key);
        return withLock(sql, changed, at);
      }),
    clear: () =>
      transaction(() => {
        sql.run('DELETE FROM people');
        sql.run('DELETE FROM tries');
      }),
  };
};

const isChange = (value: unknown): value is Change =>
  typeof value === 'object' && value !== null && 'change' in value;

/** Names of nobody are counted too, but only so many: the longest untried make room. */
const STRANGERS = 1000;

const countTry = (sql: Sql, key: string, now: Moment): Counted => {
  const before = triesOf(sql, key);
  const lockedMs = waitOf(before, now);
  if (lockedMs > 0) return { lockedMs };
  const kept = find(sql, key);
  if (kept === undefined && before === undefined) {
    sql.run(
      `DELETE FROM tries WHERE key IN (SELECT key FROM tries WHERE key NOT IN
        (SELECT key FROM people) ORDER BY wall_ms DESC LIMIT -1 OFFSET ?)`,
      STRANGERS - 1,
    );
  }
  const tries = counted(before, now);
  putTries(sql, key, tries);
  const { waitMs } = tries;
  return kept === undefined ? { waitMs, kept } : { waitMs, kept, hash: hashFrom(kept.pin) };
};

// The wall clock counts once after a start of the machine, here; from then on the monotonic one.
const anchorAll = (sql: Sql, transaction: Transaction, now: Moment): void => {
  const stale = () =>
    sql.all('SELECT * FROM tries').filter((row) => {
      const { boot, monotonicMs } = triesIn(row).since;
      return boot !== now.boot || monotonicMs > now.monotonicMs;
    });
  if (stale().length === 0) return;
  transaction(() => {
    for (const row of stale()) putTries(sql, text(row, 'key'), anchored(triesIn(row), now));
  });
};

const waitOf = (tries: Tries | undefined, now: Moment): number =>
  tries === undefined ? 0 : stillToWaitMs(tries, now);

const withLock = (sql: Sql, kept: Kept, now: Moment): Kept => {
  const lockedMs = waitOf(triesOf(sql, kept.key), now);
  if (lockedMs === 0) return kept;
  return { ...kept, person: { ...kept.person, lockedUntilMs: now.wallMs + lockedMs } };
};

const everybody = (sql: Sql): readonly Kept[] => sql.all('SELECT * FROM people').map(keptOf);

const find = (sql: Sql, key: string): Kept | undefined => {
  const row = sql.get('SELECT * FROM people WHERE key = ?', key);
  return row === undefined ? undefined : keptOf(row);
};

const put = (sql: Sql, { key, person, pin }: Kept): void =>
  sql.run(
    `INSERT OR REPLACE INTO people (key, name, role, since_ms, pin_since_ms, pin)
      VALUES (?, ?, ?, ?, ?, ?)`,
    key,
    person.name,
    person.role,
    person.sinceMs,
    person.pinSinceMs,
    pin,
  );

const keptOf = (row: SqlRow): Kept => {
  const role = ROLES.find((one) => one === row['role']);
  if (role === undefined) throw damage('somebody has a role that there is not');
  const person: PersonInfo = {
    name: text(row, 'name'),
    role: role satisfies Role,
    sinceMs: number(row, 'since_ms'),
    pinSinceMs: number(row, 'pin_since_ms'),
  };
  return { key: text(row, 'key'), person, pin: text(row, 'pin') };
};

const triesOf = (sql: Sql, key: string): Tries | undefined => {
  const row = sql.get('SELECT * FROM tries WHERE key = ?', key);
  return row === undefined ? undefined : triesIn(row);
};

const triesIn = (row: SqlRow): Tries => ({
  wrong: number(row, 'wrong'),
  waitMs: number(row, 'wait_ms'),
  since: {
    wallMs: number(row, 'wall_ms'),
    monotonicMs: number(row, 'monotonic_ms'),
    boot: text(row, 'boot'),
  },
});

const putTries = (sql: Sql, key: string, { wrong, waitMs, since }: Tries): void =>
  sql.run(
    `INSERT OR REPLACE INTO tries (key, wrong, wait_ms, wall_ms, monotonic_ms, boot)
      VALUES (?, ?, ?, ?, ?, ?)`,
    key,
    wrong,
    waitMs,
    Math.floor(since.wallMs),
    Math.floor(since.monotonicMs),
    since.boot,
  );

type SqlRow = Readonly<Record<string, SQLOutputValue>>;

interface Sql {
  run(text: string, ...values: readonly SQLInputValue[]): void;
  get(text: string, ...values: readonly SQLInputValue[]): SqlRow | undefined;
  all(text: string, ...values: readonly SQLInputValue[]): readonly SqlRow[];
}

const statements = (db: DatabaseSync): Sql => {
  const kept = new Map<string, StatementSync>();
  const statement = (text: string): StatementSync => {
    const made = kept.get(text) ?? db.prepare(text);
    kept.set(text, made);
    return made;
  };
  return {
    run: (text, ...values) => void statement(text).run(...values),
    get: (text, ...values) => statement(text).get(...values),
    all: (text, ...values) => statement(text).all(...values),
  };
};

type Transaction = <T>(work: () => T) => T;

const transactions =
  (db: DatabaseSync): Transaction =>
  (work) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

const number = (row: SqlRow, name: string): number => {
  const value = row[name];
  if (typeof value === 'number') return value;
  throw damage(`"${name}" is no number`);
};

const text = (row: SqlRow, name: string): string => {
  const value = row[name];
  if (typeof value === 'string') return value;
  throw damage(`"${name}" is no text`);
};
