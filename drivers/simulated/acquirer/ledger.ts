import { createHmac, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One line of the ledger. No line holds an account number: a mask, and a token to look it up. */
export type Entry = AuthorisationEntry | ReversalEntry;

export interface AuthorisationEntry {
  readonly type: 'authorisation';
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly terminal: string;
  readonly merchant: string;
  readonly stan: string;
  /** DE 7 of the request, MMDDhhmmss. */
  readonly transmitted: string;
  readonly rrn: string;
  readonly pan: string;
  readonly token: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly responseCode: string;
  readonly authorisationCode?: string;
  readonly arqcVerified: boolean;
  /** Why the cryptogram or the request was refused. */
  readonly why?: string;
  readonly cvn?: number;
  /** Application transaction counter, hexadecimal. */
  readonly atc?: string;
  /** Tag 91 as we answered it, hexadecimal. */
  readonly issuerAuthenticationData?: string;
}

export interface ReversalEntry {
  readonly type: 'reversal';
  readonly at: string;
  readonly terminal: string;
  /** STAN and DE 7 of the original, from DE 90. */
  readonly stan: string;
  readonly transmitted: string;
  readonly rrn: string;
  /** DE 39 of the request. */
  readonly reason: string;
  /** Whether the original was in the ledger. */
  readonly found: boolean;
}

/** What the books say now of one payment. */
export type Booked = AuthorisationEntry & { readonly reversed: boolean };

export interface Ledger {
  /** Resolves when the line is on the disk. */
  append(entry: Entry): Promise<void>;
  find(key: string): AuthorisationEntry | undefined;
  reversalOf(key: string): ReversalEntry | undefined;
  /** Whether this card's counter stood in an earlier request. */
  cryptogramSeen(token: string, atc: string): boolean;
  /** The latest payments, oldest first. */
  last(count: number): readonly Booked[];
  /** A keyed token for an account number: the same for the same card, useless to anyone else. */
  token(pan: string): string;
  readonly counts: () => { readonly payments: number; readonly reversals: number };
  /** Lines that could not be read at start, set aside in a file of their own. */
  readonly damagedLines: number;
  close(): Promise<void>;
}

/** A payment's identity at the host: terminal, STAN and transmission time. */
export const keyOf = (terminal: string, stan: string, transmitted: string): string =>
  `${terminal.trim()}|${stan}|${transmitted}`;

/** Opens the ledger in `folder` with everything it held before. */
export const openLedger = async (folder: string): Promise<Ledger> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = await tokenKey(join(folder, 'token.key'));
  const path = join(folder, 'ledger.jsonl');
  const { entries, damaged } = await load(path);
  const file = await open(path, 'a', 0o600);
  const books = createBooks();
  for (const entry of entries) books.enter(entry);
  return {
    ...books,
    append: async (entry) => {
      await write(file, entry);
      books.enter(entry);
    },
    token: (pan) => createHmac('sha256', secret).update(pan).digest('hex').slice(0, 32),
    damagedLines: damaged.length,
    close: () => file.close(),
  };
};

const write = async (file: FileHandle, entry: Entry): Promise<void> => {
  await file.appendFile(`${JSON.stringify(entry)}\n`);
  await file.datasync();
};

const createBooks = () => {
  const payments = new Map<string, AuthorisationEntry>();
  const reversals = new Map<string, ReversalEntry>();
  const cryptograms = new Set<string>();
  const key = ({ terminal, stan, transmitted }: Entry) => keyOf(terminal, stan, transmitted);
  return {
    enter: (entry: Entry): void => {
      if (entry.type === 'reversal') {
        reversals.set(key(entry), entry);
        return;
      }
      payments.set(key(entry), entry);
      if (entry.atc !== undefined) cryptograms.add(`${entry.token} ${entry.atc}`);
    },
    find: (wanted: string) => payments.get(wanted),
    reversalOf: (wanted: string) => reversals.get(wanted),
    cryptogramSeen: (token: string, atc: string) => cryptograms.has(`${token} ${atc}`),
    last: (count: number): readonly Booked[] =>
      [...payments].slice(-count).map(([id, entry]) => ({ ...entry, reversed: reversals.has(id) })),
    counts: () => ({ payments: payments.size, reversals: reversals.size }),
  };
};

// A line that was being written when the machine stopped was never answered: it can go, but it is
// kept beside the ledger for whoever wants to look.
const load = async (path: string) => {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const entries: Entry[] = [];
  const damaged: string[] = [];
  for (const line of lines) {
    const entry = parse(line);
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

const parse = (line: string): Entry | undefined => {
  try {
    const value = JSON.parse(line) as Partial<Entry> | null;
    const known = value?.type === 'authorisation' || value?.type === 'reversal';
    const identified = [value?.terminal, value?.stan, value?.transmitted].every(
      (part) => typeof part === 'string',
    );
    return known && identified ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
};

const tokenKey = async (path: string): Promise<Buffer> => {
  const known = await readFile(path).catch(() => undefined);
  if (known?.length === 32) return known;
  const made = randomBytes(32);
  await writeFile(path, made, { mode: 0o600, flush: true });
  return made;
};
