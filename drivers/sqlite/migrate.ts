import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Connection, inMemory, number, openForReading, text } from './connection.ts';
import { Damage } from './damage.ts';
import { narrowRights, syncFolder } from './files.ts';
import { APPLICATION_ID, type Step, steps as shipped } from './schema.ts';
import { type Head, insertOwn, ownEvents } from './write.ts';

/** A new journal, in an empty file. */
export const createSchema = (connection: Connection, steps = shipped): void => {
  connection.transaction(() => {
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    for (const step of steps) take(connection, step);
  });
};

/**
 * Brings a journal from an earlier version to this one, in one transaction whose last entry says
 * so. The same entry holds the way back, for the program that knows the version before: the chain
 * vouches for it, and the next migration has a way of its own.
 */
export const migrate = (
  connection: Connection,
  path: string,
  head: Head,
  atMs: number,
  steps = shipped,
): Head => {
  const from = versionOf(connection);
  return beside(path, from, () =>
    connection.transaction(() => {
      const due = steps.filter(({ version }) => version > from);
      for (const step of due) take(connection, step);
      const to = versionOf(connection);
      const back = due.flatMap(({ version, back: sql }) =>
        sql === undefined ? [] : [{ version, sql }],
      );
      const data = { from, to, back };
      return insertOwn(connection, head, { event: ownEvents.migrated, atMs, data });
    }),
  );
};

/** While `work` changes the version, a copy lies beside the file ("journal-v1.db"). */
export const beside = <T>(path: string, version: number, work: () => T): T => {
  const copy = join(dirname(path), `${basename(path, '.db')}-v${version}.db`);
  rmSync(copy, { force: true });
  // Through a connection that can't write: what is damaged stays as it is.
  const reading = openForReading(path);
  try {
    reading.run('VACUUM INTO ?', copy);
  } finally {
    reading.close();
  }
  narrowRights(copy);
  syncFolder(copy);
  const done = work();
  rmSync(copy, { force: true });
  return done;
};

/** Copies that a process left which died between the two: nobody needs them any more. */
export const removeCopies = (path: string): void => {
  const name = basename(path, '.db');
  for (const found of readdirSync(dirname(path))) {
    const rest = found.startsWith(`${name}-v`) ? found.slice(name.length + 2) : '';
    if (/^\d+\.db$/.test(rest)) rmSync(join(dirname(path), found), { force: true });
  }
};

export const versionOf = (connection: Connection): number =>
  number(connection.get('PRAGMA user_version') ?? {}, 'user_version');

/** Throws `Damage` unless it is a journal, with all tables, indexes and triggers of its version. */
export const checkSchema = (connection: Connection, steps = shipped): void => {
  const mark = connection.get('PRAGMA application_id')?.['application_id'];
  const version = versionOf(connection);
  if (mark !== APPLICATION_ID || version < 1) throw new Damage(0, 'it is no journal of ours');
  const found = schemaOf(connection);
  const wanted = schemaOfVersion(version, steps);
  const missing = [...wanted].find(([name, sql]) => found.get(name) !== sql)?.[0];
  if (missing !== undefined) throw new Damage(0, `"${missing}" is gone or was changed`);
  const added = [...found.keys()].find((name) => !wanted.has(name));
  if (added !== undefined) throw new Damage(0, `"${added}" was added to it`);
};

const take = (connection: Connection, { version, sql }: Step): void => {
  connection.exec(sql);
  connection.exec(`PRAGMA user_version = ${version}`);
};

const schemaOfVersion = (version: number, steps: readonly Step[]): ReadonlyMap<string, string> => {
  const fresh = inMemory();
  try {
    for (const step of steps) if (step.version <= version) take(fresh, step);
    return schemaOf(fresh);
  } finally {
    fresh.close();
  }
};

// SQLite's own tables (sqlite_…) are its business.
const schemaOf = (connection: Connection): ReadonlyMap<string, string> =>
  new Map(
    connection
      .all(`SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'`)
      .map((row) => [`${text(row, 'type')} ${text(row, 'name')}`, text(row, 'sql')]),
  );
