import { statSync } from 'node:fs';
import { type Fault, fault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import { checkHeadFile, readHead } from './check.ts';
import type { Connection } from './connection.ts';
import { readHead as readHeadFile } from './files.ts';
import { type Gaps, readGaps } from './gaps.ts';
import { attachedOf } from './line.ts';
import { checkOwn, latestOwnEntries, ownEntries } from './own.ts';
import { lastLine } from './read.ts';
import { troubleOf } from './reasons.ts';
import { withFile } from './verify.ts';
import type { Head } from './write.ts';

/** What can be read beside a running terminal, or where none runs. */
export type JournalLook = Pick<
  Journal,
  'refusal' | 'append' | 'ownEntries' | 'latestOwnEntries' | 'close'
>;

/**
 * The terminal's own entries, checked as the terminal checks them; nothing is written, and whoever
 * writes is not held up. A journal that was never made has no entries; one that is gone is a fault.
 */
export const lookAtJournal = (path: string): JournalLook => {
  const refusal = fault('journal', `the journal ${path} was opened to be looked at alone`);
  const looking = async <T>(
    none: T,
    work: (connection: Connection, gaps: Gaps, head: Head) => T,
  ): Promise<T | Fault> => {
    try {
      if (neverMade(path)) return none;
      // Before the snapshot: the journal may grow meanwhile, the head file must not be ahead.
      const noted = readHeadFile(path);
      return withFile(path, (connection) => {
        const last = lastLine(connection);
        const head = readHead(connection, last);
        checkHeadFile(connection, head, noted);
        const gaps = readGaps(connection);
        checkOwn(connection, gaps, head, last && attachedOf(last).own);
        return work(connection, gaps, head);
      });
    } catch (error) {
      return troubleOf(error, path).fault;
    }
  };
  return {
    refusal: () => refusal,
    append: async () => refusal,
    ownEntries: (event) =>
      looking([], (connection, gaps, head) => ownEntries(connection, gaps, head, event)),
    latestOwnEntries: (events, count) =>
      looking([], (connection) => latestOwnEntries(connection, events, count)),
    close: async () => {},
  };
};

const neverMade = (path: string): boolean =>
  !statSync(path, { throwIfNoEntry: false }) && readHeadFile(path) === undefined;
