import { fault } from '#ports/fault.ts';
import { type Connection, codeOf, LINE, lineOf, openForWriting } from './connection.ts';
import { Damage } from './damage.ts';
import { entryOf, hashOf, type Line } from './line.ts';
import { beside, versionOf } from './migrate.ts';
import type { Trouble } from './reasons.ts';
import { isStepBack, type Step, type StepBack, versionAfter } from './schema.ts';
import { type Head, insertOwn, ownEvents } from './write.ts';

/** How a journal of a later version comes to one that this program knows. */
export interface WayBack {
  readonly from: number;
  readonly to: number;
  /** The latest first. */
  readonly steps: readonly StepBack[];
}

/**
 * The way back that the later program left in its own entry "migrated": from the version of the
 * file to the one that this program writes. `ends` where it goes back, but not that far.
 */
export const wayBack = (
  connection: Connection,
  known: readonly Step[],
): WayBack | { readonly ends: number | undefined } => {
  const [from, to] = [versionOf(connection), versionAfter(known)];
  const line = latestMigration(connection);
  if (line === undefined || hashOf(line) !== line.hash) return { ends: undefined };
  const { data } = entryOf(line);
  const back = Array.isArray(data['back']) ? data['back'].filter(isStepBack) : [];
  if (data['to'] !== from) return { ends: undefined };
  const steps: StepBack[] = [];
  for (let version = from; version > to; version--) {
    const step = back.find((one) => one.version === version);
    if (step === undefined) return { ends: steps.length === 0 ? undefined : version };
    steps.push(step);
  }
  return { from, to, steps };
};

/**
 * Brings a journal back in one transaction, whose last entry says so; nothing of it stays when what
 * comes out isn't whole. Meanwhile a copy of the file lies beside it, as on the way forth.
 * @param examine throws `Damage` unless the journal is whole and of this program's version
 */
export const goBack = (
  path: string,
  { from, to, steps }: WayBack,
  atMs: number,
  examine: (connection: Connection) => Head,
): { readonly connection: Connection; readonly head: Head } | Trouble => {
  let connection: Connection | undefined;
  try {
    return beside(path, from, () => {
      const writing = openForWriting(path);
      connection = writing;
      const head = writing.transaction(() => {
        for (const { sql } of steps) writing.exec(sql);
        writing.exec(`PRAGMA user_version = ${to}`);
        const data = { from, to };
        return insertOwn(writing, examine(writing), { event: ownEvents.migrated, atMs, data });
      });
      return { connection: writing, head };
    });
  } catch (error) {
    connection?.close();
    if (error instanceof Damage || NOT_WHOLE.includes(codeOf(error)))
      return cantGoBack(path, error);
    throw error;
  }
};

/** The fault of a journal that a later program wrote. */
export const tooNew = (connection: Connection, path: string, known: readonly Step[]): Trouble => {
  const way = wayBack(connection, known);
  const advice =
    'steps' in way
      ? 'start the terminal, which brings it back'
      : way.ends === undefined
        ? 'install the newer program again'
        : `install the newer program again, or the one before it, which knows up to ${way.ends}`;
  const versions = `of version ${versionOf(connection)}, and this program knows up to`;
  const detail = `the journal ${path} is ${versions} ${versionAfter(known)}: ${advice}`;
  return { kind: 'lasting', fault: fault('journal', detail) };
};

const SQLITE_ERROR = 1;
// Damaged pages, too: only the later program can recover what is in its own tables.
const NOT_WHOLE: readonly (number | undefined)[] = [SQLITE_ERROR, 11, 26];

// What a later program's tables are like, nobody here knows: this one must be as it is today.
const latestMigration = (connection: Connection): Line | undefined => {
  try {
    const row = connection.get(
      `SELECT ${LINE} FROM entries
        WHERE payment IS NULL AND event = ? ORDER BY sequence DESC LIMIT 1`,
      ownEvents.migrated,
    );
    return row && lineOf(row);
  } catch (error) {
    if (error instanceof Damage || codeOf(error) === SQLITE_ERROR) return undefined;
    throw error;
  }
};

const cantGoBack = (path: string, error: unknown): Trouble => ({
  kind: 'lasting',
  fault: fault(
    'journal',
    `the journal ${path} is of a later version and can't be brought back ` +
      `(${error instanceof Error ? error.message : error}): install the newer program again`,
  ),
});
