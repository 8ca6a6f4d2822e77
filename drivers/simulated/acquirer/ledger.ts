import { createHmac, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Books, createBooks } from './books.ts';
import { type Entry, parseEntry } from './entries.ts';

export interface Ledger extends Omit<Books, 'enter'> {
  /** Resolves when the line is on the disk. */
  append(entry: Entry): Promise<void>;
  /** A keyed token for an account number: the same for the same card, useless to anyone else. */
  token(pan: string): string;
  /** Lines that could not be read at start, set aside in a file of their own. */
  readonly damagedLines: number;
  close(): Promise<void>;
}

/** A ledger that a simulation can look into, and take over into the next run of its host. */
export interface MemoryLedger extends Ledger {
  /** Every entry so far, in order. */
  readonly entries: () => readonly Entry[];
}

/** The same books without a disk. Goes on from `entries`, as a host does that starts again. */
export const createMemoryLedger = (entries: readonly Entry[] = []): MemoryLedger => {
  const { enter, ...books } = createBooks();
  const all: Entry[] = [];
  const take = (entry: Entry): void => {
    all.push(entry);
    enter(entry);
  };
  for (const entry of entries) take(entry);
  return {
    ...books,
    entries: () => all,
    append: async (entry) => take(entry),
    // Nobody reads these books but the test that made them: the key needs not be secret.
    token: (pan) => tokenOf(pan, MEMORY_KEY),
    damagedLines: 0,
    close: async () => undefined,
  };
};

const MEMORY_KEY = new Uint8Array(32);

/** Opens the ledger in `folder` with everything it held before. */
export const openLedger = async (folder: string): Promise<Ledger> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = await tokenKey(join(folder, 'token.key'));
  const path = join(folder, 'ledger.jsonl');
  const { entries, damaged } = await load(path);
  const file = await open(path, 'a', 0o600);
  const { enter, ...books } = createBooks();
  for (const entry of entries) enter(entry);
  return {
    ...books,
    append: async (entry) => {
      await write(file, entry);
      enter(entry);
    },
    token: (pan) => tokenOf(pan, secret),
    damagedLines: damaged.length,
    close: () => file.close(),
  };
};

const tokenOf = (pan: string, secret: Uint8Array): string =>
  createHmac('sha256', secret).update(pan).digest('hex').slice(0, 32);

const write = async (file: FileHandle, entry: Entry): Promise<void> => {
  await file.appendFile(`${JSON.stringify(entry)}\n`);
  await file.datasync();
};

// A line that was being written when the machine stopped was never answered: it can go, but it is
// kept beside the ledger for whoever wants to look.
const load = async (path: string) => {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const entries: Entry[] = [];
  const damaged: string[] = [];
  for (const line of lines) {
    const entry = parseEntry(line);
    if (entry === undefined) damaged.push(line);
    else entries.push(entry);
  }
  if (damaged.length > 0 || !(text === '' || text.endsWith('\n'))) {
    const aside = damaged.map((line) => `${line}\n`).join('');
    await writeFile(`${path}.damaged`, aside, { flag: 'a', mode: 0o600 });
    const kept = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await writeFile(`${path}.new`, kept, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
  return { entries, damaged };
};

const tokenKey = async (path: string): Promise<Buffer> => {
  const known = await readFile(path).catch(() => undefined);
  if (known?.length === 32) return known;
  const made = randomBytes(32);
  await writeFile(path, made, { mode: 0o600, flush: true });
  return made;
};
