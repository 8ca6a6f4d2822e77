import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '#drivers/sqlite/index.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import { got, START_MS } from '#test/ports/journal-suite.ts';

export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A folder of the test's own with a journal's place in it. */
export interface Place {
  readonly folder: string;
  readonly path: string;
  open(log?: Log): Promise<Journal>;
  remove(): Promise<void>;
}

export const place = async (): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-journal-'));
  const path = join(folder, 'journal', 'journal.db');
  return {
    folder,
    path,
    open: async (log = quiet) => got(await openJournal({ path, log, wallMs: () => START_MS })),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
