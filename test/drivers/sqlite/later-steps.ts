import { type Step, steps, versionAfter } from '#drivers/sqlite/schema.ts';

const present = versionAfter(steps);

/** What the release to come makes of the journal: a table of its own that follows the payments. */
export const next: Step = {
  version: present + 1,
  brings: 'a table for the test',
  sql: `
CREATE TABLE seen (payment TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
CREATE INDEX seen_state ON seen (state);
INSERT INTO seen SELECT id, state FROM payments;
CREATE TRIGGER payments_seen AFTER INSERT ON payments
BEGIN INSERT INTO seen VALUES (NEW.id, NEW.state); END;
DROP INDEX payments_listed;
`,
  back: `
DROP TRIGGER payments_seen;
DROP TABLE seen;
CREATE INDEX payments_listed ON payments (state, started_ms, id);
`,
};

/** And the one after that. */
export const afterNext: Step = {
  version: present + 2,
  brings: 'a column for the test',
  sql: "ALTER TABLE payments ADD COLUMN extra TEXT NOT NULL DEFAULT 'none';",
  back: 'ALTER TABLE payments DROP COLUMN extra;',
};

export const withNext: readonly Step[] = [...steps, next];
export const withBoth: readonly Step[] = [...withNext, afterNext];

const SLOW = `
SELECT count(*) FROM
  (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1500000) SELECT i FROM n);
`;

/** The same, but the one way or the other takes some time in the middle, for a kill. */
export const slowForth: readonly Step[] = [
  ...steps,
  { ...next, sql: next.sql.replace('CREATE INDEX', `${SLOW}CREATE INDEX`) },
];
export const slowBack: readonly Step[] = [
  ...steps,
  { ...next, back: next.back?.replace('DROP TABLE', `${SLOW}DROP TABLE`) ?? '' },
];
