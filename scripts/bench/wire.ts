import { closeSync, fsyncSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isCardFileProblem, memoryStore, openCard } from '#drivers/simulated/index.ts';
import { type WholeTerminal, wholeTerminal } from '#test/support/whole-terminal.ts';
import { answerTo } from '#test/uplink/support.ts';

/** Milliseconds; each list sorted. */
export interface WireTimes {
  /** From the card's last answer to the request in the TLS link's hands. */
  readonly toWire: readonly number[];
  /** A plain write of as many bytes, and fsync, on the same disk between the payments. */
  readonly disk: readonly number[];
  /** What a synchronous write of the journal brings to the disk. */
  readonly bytes: number;
}

/**
 * Takes payments with everything that stands between cryptogram and wire: account data sealed by
 * the key store, the request written to the journal, the message encoded and its MAC made. Only
 * card and host are played, and they take no time.
 */
export const measureWire = async (payments: number): Promise<WireTimes> => {
  const now = { answered: 0, toWire: 0 };
  const whole = await wholeTerminal({
    host: (request) => answerTo(request, [39, '00'], [38, '123456']),
    onSent: () => {
      now.toWire = performance.now() - now.answered;
    },
    reader: (real) => ({
      ...real,
      exchange: async (command, deadlineMs) => {
        const exchanged = await real.exchange(command, deadlineMs);
        now.answered = performance.now();
        return exchanged;
      },
    }),
  });
  try {
    for (let i = 0; i < WARM_UP; i++) await pay(whole, i);
    const bytes = bytesAWrite(whole.folder);
    const disk = openDisk(join(whole.folder, 'plain'), bytes);
    for (let i = 0; i < WARM_UP; i++) disk.write();
    const times = { toWire: [] as number[], disk: [] as number[] };
    for (let i = 0; i < payments; i++) {
      await pay(whole, i);
      times.toWire.push(now.toWire);
      times.disk.push(disk.write());
    }
    disk.close();
    return { toWire: times.toWire.sort(upwards), disk: times.disk.sort(upwards), bytes };
  } finally {
    await whole.close();
  }
};

/** The middle of a sorted list. */
export const median = (sorted: readonly number[]): number =>
  sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;

const upwards = (a: number, b: number) => a - b;

// Enough for the compiler, and few enough that the write-ahead log was not begun anew.
const WARM_UP = 40;
const WRITES_A_PAYMENT = 2;

const CARDS = ['visa-phone', 'mastercard-phone'].map((name) => {
  const card = openCard(name, { store: memoryStore() });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  return card;
});

const pay = async ({ terminal, reader }: WholeTerminal, turn: number): Promise<void> => {
  const card = CARDS[turn % CARDS.length];
  if (card === undefined) throw new Error('no card');
  const sale = terminal.sale({ amountMinor: 1250, currency: 840 }, new AbortController().signal);
  reader.place(card);
  const { status, reason } = await sale;
  reader.remove();
  if (status !== 'approved') throw new Error(`${status}: ${reason}`);
};

// Whole pages: the write-ahead log has grown by what the payments wrote.
const bytesAWrite = (folder: string): number =>
  Math.round(statSync(join(folder, 'journal', 'journal.db-wal')).size / WARM_UP / WRITES_A_PAYMENT);

// SQLite begins its log anew after 1000 pages; with one write a payment here, and two there, both
// files are full after the same payment.
const FULL = (1000 * 4096) / WRITES_A_PAYMENT;

/** A file that is written to as a write-ahead log: it grows until it is full, then in place. */
const openDisk = (path: string, bytes: number) => {
  const file = openSync(path, 'wx');
  const content = Buffer.alloc(bytes, 0x5a);
  let at = 0;
  return {
    write: (): number => {
      const startedMs = performance.now();
      writeSync(file, content, 0, bytes, at);
      fsyncSync(file);
      at = at + bytes < FULL ? at + bytes : 0;
      return performance.now() - startedMs;
    },
    close: () => closeSync(file),
  };
};
