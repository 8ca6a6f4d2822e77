import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Connection, inMemory, number, text } from './connection.ts';
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
 * so. Meanwhile a copy of the file lies beside it ("journal-v1.db" for journal.db).
 */
export const migrate = (
  connection: Connection,
  path: string,
  head: Head,
  atMs: number,
  steps = shipped,
): Head => {
  const from = versionOf(connection);
  const copy = join(dirname(path), `${basename(path, '.db')}-v${from}.db`);
  rmSync(copy, { force: true });
  connection.run('VACUUM INTO ?', copy);
  narrowRights(copy);
  syncFolder(copy);
  const migrated = connection.transaction(() => {
    for (const step of steps.filter(({ version }) => version > from)) take(connection, step);
    const to = versionOf(connection);
    return insertOwn(connection, head, { event: ownEvents.migrated, atMs, data: { from, to } });
  });
  rmSync(copy, { force: true });
  return migrated;
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
