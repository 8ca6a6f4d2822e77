import { closeSync, fsyncSync, openSync } from 'node:fs';
import { openForWriting } from '#drivers/sqlite/connection.ts';
import { ORIGIN } from '#drivers/sqlite/line.ts';
import { createSchema } from '#drivers/sqlite/migrate.ts';
import { NO_OWN } from '#drivers/sqlite/own-counts.ts';
import { type Head, writeAll } from '#drivers/sqlite/write.ts';
import type { JournalWrite } from '#ports/journal.ts';
import { START_MS } from '#test/ports/journal-suite.ts';

/** Makes a journal through the driver's own code, in one transaction instead of one a write. */
export const buildJournal = (path: string, writes: Iterable<JournalWrite>): void => {
  const connection = openForWriting(path);
  connection.exec('PRAGMA synchronous = OFF');
  connection.exec('PRAGMA cache_size = -100000');
  createSchema(connection);
  connection.transaction(() => {
    let head: Head = { ...ORIGIN, open: 0, unsettled: 0, own: NO_OWN };
    for (const write of writes) head = writeAll(connection, head, write, START_MS);
  });
  connection.close();
  // All of it at once: what follows must not wait for it.
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
};
