import { join } from 'node:path';
import { copyJournal, journalBytes, openJournal } from '#drivers/sqlite/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Probe } from '#ports/finding.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import { bounded, type Looked } from './bounded.ts';
import { inTemporaryFolder, TEMPORARY_PLACES } from './temporary.ts';

/**
 * Whether this release can work with the journal: on a copy, which it opens, brings to its own
 * version, checks, writes to and throws away. The journal itself stays as it is.
 */
export const journalProbe = ({ journal: path }: Pick<Places, 'journal'>): Probe =>
  bounded('journal', WITHIN_MS, SLOW, async (signal) => {
    // The copy, and another one while it is brought to this release's version.
    const room = 2 * (await journalBytes(path)) + SPARE_BYTES;
    const looked = await inTemporaryFolder(room, (folder) => tryCopy(path, folder, signal));
    if (looked) return looked;
    return {
      wrong: `there is no room for a copy of the journal: ${room >> 20} MB are needed`,
      remedy: `make room in ${TEMPORARY_PLACES.join(' or ')}`,
    };
  });

const WITHIN_MS = 40_000;
/** Of a journal that is longer than that the rest is left to the running terminal. */
const CHECK_WITHIN_MS = 15_000;
const SPARE_BYTES = 16 << 20;
const SLOW = 'look at the disk: a journal is copied and read in less time than that';

const tryCopy = async (path: string, folder: string, signal: AbortSignal): Promise<Looked> => {
  const copy = join(folder, 'journal', 'journal.db');
  const copied = await copyJournal(path, copy, signal);
  if (copied === 'none') return { well: 'there is no journal yet: the first start makes it' };
  if (copied) return wrongBy(copied, path, copy);
  const options = { path: copy, log: quiet, wallMs: clock.wallMs, minimumFreeBytes: 0 };
  const journal = await openJournal(options);
  if (isFault(journal)) return wrongBy(journal, path, copy);
  try {
    const problem = journal.refusal() ?? (await writtenAndRead(journal));
    if (problem) return wrongBy(problem, path, copy);
    const checked = await check(journal, signal);
    return isFault(checked) ? wrongBy(checked, path, copy) : { well: checked };
  } finally {
    await journal.close();
  }
};

const writtenAndRead = async (journal: Journal): Promise<Fault | undefined> => {
  const atMs = clock.wallMs();
  const entry = { payment: null, event: 'probed', atMs, data: {} };
  const unwritten = await journal.append({ entries: [entry] });
  if (unwritten) return unwritten;
  const read = await journal.ownEntries('probed');
  return isFault(read) ? read : undefined;
};

const check = async (journal: Journal, signal: AbortSignal): Promise<string | Fault> => {
  const endMs = clock.monotonicMs() + CHECK_WITHIN_MS;
  let entries = 0;
  for (let from: number | undefined = 1; from !== undefined; ) {
    const slice: Awaited<ReturnType<Journal['inspect']>> = await journal.inspect(from, 1000);
    if (isFault(slice)) return slice;
    const { state, next } = slice;
    if (state.chain === 'broken') return journal.refusal() ?? { fault: 'journal', detail: BROKEN };
    entries += state.entries;
    from = next;
    if (from === undefined) break;
    if (signal.aborted || clock.monotonicMs() > endMs) {
      return `the journal opens; its first ${entries} entries and the latest are whole`;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  // Without the one that was written to the copy.
  return `the journal opens, and its ${entries - 1} entries are whole`;
};

const BROKEN = 'the chain is broken';

// A fault says what to do behind its last colon or semicolon: that part is the remedy.
const wrongBy = ({ detail }: Fault, path: string, copy: string): Looked => {
  const told = detail.replaceAll(copy, path);
  const [wrong = told, remedy = ''] = told.split(/[;:] (?=[^;:]*$)/);
  return remedy === '' ? { wrong: told, remedy: VERIFY } : { wrong, remedy };
};

const VERIFY = 'run `countertap journal verify`, and look at the disk and its rights';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
