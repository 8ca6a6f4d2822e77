import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type HeadFile, headFileOf, lockFor, prepareFolder } from './files.ts';
import { type Trouble, troubleOf } from './reasons.ts';
import type { Step } from './schema.ts';
import { type Opened, openFile } from './start.ts';
import type { Head } from './write.ts';

export interface JournalOptions {
  /** The file, such as ".../journal/journal.db"; others of its name lie beside it. */
  readonly path: string;
  readonly log: Log;
  readonly wallMs: () => number;
  /** With less room than this on its disk the journal refuses payments. */
  readonly minimumFreeBytes?: number;
  /** The versions there are, if not those that were shipped: for tests of versions to come. */
  readonly steps?: readonly Step[];
}

/** What is known of the file at this moment. */
export interface Holder {
  readonly options: JournalOptions;
  /** The end of the chain as the last write left it, also while the file is closed. */
  head: Head | undefined;
  opened: Opened | undefined;
  /** Why the file can't be used until a person mends it and the terminal starts again. */
  lasting: Fault | undefined;
  /** The last write failed: only a try can tell whether the next one would. */
  doubtful: boolean;
  /** Erased account data may still lie in the write-ahead log. */
  erased: boolean;
  headFile: HeadFile | undefined;
  unlock: (() => void) | undefined;
}

export const holderOf = (options: JournalOptions): Holder => ({
  options,
  head: undefined,
  opened: undefined,
  lasting: undefined,
  doubtful: false,
  erased: false,
  headFile: undefined,
  unlock: undefined,
});

/** Undefined once this process is the one that writes, a fault where another is. May throw. */
export const becomeWriter = (holder: Holder): Fault | undefined => {
  if (holder.unlock) return undefined;
  prepareFolder(holder.options.path);
  const lock = lockFor(holder.options.path);
  if (isFault(lock)) return lock;
  holder.unlock = lock;
  return undefined;
};

/** The open file; opens it anew where that may help. */
export const ready = (holder: Holder): Opened | Fault => {
  if (holder.lasting) return holder.lasting;
  if (holder.opened) return holder.opened;
  try {
    return becomeWriter(holder) ?? open(holder);
  } catch (error) {
    return failed(holder, error);
  }
};

/** Takes what was thrown and says what it means; throws it on where it is a bug of ours. */
export const failed = (holder: Holder, error: unknown): Fault => {
  holder.doubtful = true;
  return condemn(holder, troubleOf(error, holder.options.path));
};

export const condemn = (holder: Holder, { kind, fault: why }: Trouble): Fault => {
  const { log, path } = holder.options;
  log.error({ journal: path, kind }, why.detail);
  if (kind === 'lasting') holder.lasting = why;
  if (kind !== 'passing') drop(holder);
  return why;
};

/** After a commit. */
export const advance = (holder: Holder, head: Head): void => {
  holder.head = head;
  holder.doubtful = false;
  holder.headFile?.write({ sequence: head.sequence, hash: head.hash });
};

export const shut = (holder: Holder): void => {
  drop(holder);
  holder.lasting = fault('journal', `the journal ${holder.options.path} was closed`);
  holder.unlock?.();
  holder.unlock = undefined;
};

const open = (holder: Holder): Opened | Fault => {
  const { path, log, wallMs, steps } = holder.options;
  const startedMs = performance.now();
  const opened = openFile(path, wallMs(), steps);
  if ('fault' in opened) return condemn(holder, opened);
  holder.opened = opened;
  if (holder.head !== undefined && holder.head.hash !== opened.head.hash) {
    return condemn(holder, { kind: 'lasting', fault: cameBack(path) });
  }
  holder.headFile = headFileOf(path);
  advance(holder, opened.head);
  for (const note of opened.notes) log.warn({ journal: path }, note);
  const { sequence: entries, hash: head } = opened.head;
  const ms = Math.round(performance.now() - startedMs);
  log.info({ journal: path, entries, head, ms }, 'journal open');
  return opened;
};

// A write was reported as failed, and yet the disk has it (fsync failed after the data were out).
const cameBack = (path: string): Fault =>
  fault(
    'journal',
    `the journal ${path} is not as it was left when its disk failed: start the terminal again`,
  );

const drop = (holder: Holder): void => {
  try {
    holder.opened?.connection.close();
    holder.headFile?.close();
  } catch {
    // The disk has failed already; there is nothing to be saved by closing.
  }
  holder.opened = undefined;
  holder.headFile = undefined;
};
