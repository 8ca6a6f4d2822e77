// table: the versions of the journal's file. A step that was shipped never changes.

/** Marks a SQLite file as a journal of ours: "CtJl". */
export const APPLICATION_ID = 0x43744a6c;

export interface Step {
  readonly version: number;
  /** What it brings, for the log. */
  readonly brings: string;
  readonly sql: string;
  /**
   * Takes it back, for the release before: tables, indexes and triggers are then word for word what
   * they were, and nothing that the earlier release has written is lost. Without it there is no way
   * back, so every version after the first has one.
   */
  readonly back?: string;
}

/** One of the steps that a migration leaves in its entry, for the program before it. */
export interface StepBack {
  /** The version that it leads back from. */
  readonly version: number;
  readonly sql: string;
}

export const isStepBack = (value: unknown): value is StepBack =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  typeof value.version === 'number' &&
  'sql' in value &&
  typeof value.sql === 'string';

export const steps: readonly Step[] = [
  {
    version: 1,
    brings: 'entries, payments, attachments',
    sql: `
CREATE TABLE entries (
  sequence INTEGER PRIMARY KEY,
  payment TEXT,
  event TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  data TEXT NOT NULL,
  attached TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX entries_of ON entries (payment, sequence) WHERE payment IS NOT NULL;
CREATE INDEX entries_own ON entries (event, sequence) WHERE payment IS NULL;

CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  till_id TEXT UNIQUE,
  state TEXT NOT NULL,
  open INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL UNIQUE REFERENCES entries (sequence)
) STRICT;
CREATE INDEX payments_open ON payments (started_ms) WHERE open = 1;
CREATE INDEX payments_unsettled ON payments (started_ms) WHERE settled = 0;
CREATE INDEX payments_started ON payments (started_ms);

CREATE TABLE attachments (
  payment TEXT NOT NULL,
  name TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (payment, name)
) STRICT;

CREATE TABLE removing (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;

CREATE TRIGGER entries_at_the_end BEFORE INSERT ON entries
WHEN NEW.sequence <= (SELECT max(sequence) FROM entries)
BEGIN SELECT raise(ABORT, 'the journal grows at its end only'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
WHEN NOT EXISTS (SELECT 1 FROM removing)
BEGIN SELECT raise(ABORT, 'entries of the journal stay'); END;
CREATE TRIGGER entries_stand BEFORE UPDATE ON entries
BEGIN SELECT raise(ABORT, 'entries of the journal never change'); END;
`,
  },
  {
    version: 2,
    brings: 'payments counted by state',
    sql: 'CREATE INDEX payments_state ON payments (state) WHERE settled = 0;',
    back: 'DROP INDEX payments_state;',
  },
  {
    version: 3,
    brings: 'payments listed by state, and marks of how many own entries there are',
    sql: 'CREATE INDEX payments_listed ON payments (state, started_ms, id);',
    back: 'DROP INDEX payments_listed;',
  },
];

/** The version that a program with these steps writes. */
export const versionAfter = (known: readonly Step[]): number =>
  Math.max(...known.map(({ version }) => version));
