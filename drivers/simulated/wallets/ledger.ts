import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Entry, type IssuedCode, type Order, parseEntry } from './entries.ts';

/** A wallet's ledger: one line a change, the latest of an order or a code is what holds. */
export interface Ledger {
  /** Resolves when the line is on the disk. */
  append(entry: Entry): Promise<void>;
  order(orderId: string): Order | undefined;
  orders(): readonly Order[];
  code(hash: string): IssuedCode | undefined;
  /** The latest changes of orders, oldest first. */
  last(count: number): readonly Entry[];
  /** Lines that could not be read at start, set aside in a file of their own. */
  readonly damagedLines: number;
  close(): Promise<void>;
}

/** Opens the ledger in this file, with everything it held before. */
export const openLedger = async (path: string): Promise<Ledger> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { entries, damaged } = await load(path);
  const file = await open(path, 'a', 0o600);
  const orders = new Map<string, Order>();
  const codes = new Map<string, IssuedCode>();
  const changes: Entry[] = [];
  const enter = (entry: Entry): void => {
    if ('code' in entry) codes.set(entry.code.hash, entry.code);
    else {
      orders.set(entry.order.orderId, entry.order);
      changes.push(entry);
    }
  };
  for (const entry of entries) enter(entry);
  return {
    append: async (entry) => {
      await file.appendFile(`${JSON.stringify(entry)}\n`);
      await file.datasync();
      enter(entry);
    },
    order: (orderId) => orders.get(orderId),
    orders: () => [...orders.values()],
    code: (hash) => codes.get(hash),
    last: (count) => changes.slice(-count),
    damagedLines: damaged,
    close: () => file.close(),
  };
};

// A line that was being written when the machine stopped was never answered: it can go, but it is
// kept beside the ledger for whoever wants to look.
const load = async (path: string) => {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const read = lines.map((line) => ({ line, entry: parseEntry(line) }));
  const whole = read.filter(({ entry }) => entry !== undefined);
  const damaged = read.filter(({ entry }) => entry === undefined);
  if (damaged.length > 0 || !(text === '' || text.endsWith('\n'))) {
    const linesOf = (list: typeof read) => list.map(({ line }) => `${line}\n`).join('');
    await writeFile(`${path}.damaged`, linesOf(damaged), { flag: 'a', mode: 0o600 });
    await writeFile(`${path}.new`, linesOf(whole), { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
  const entries = whole.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  return { entries, damaged: damaged.length };
};
