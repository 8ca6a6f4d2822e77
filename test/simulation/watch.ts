import { type PaymentRecord, recordOf } from '#payment/index.ts';
import type { DisplayView } from '#ports/customer-display.ts';
import type { JournalWrite, PaymentRow } from '#ports/journal.ts';
import type { SaleResult } from '#terminal/types.ts';
import type { Durable } from '#test/support/memory-journal.ts';
import { PANS } from './cards.ts';
import type { Shop } from './weather.ts';

/** One thing that the till wants, under an id of its own, and all that it was told about it. */
export interface Wish {
  readonly tillId: string;
  readonly kind: PaymentRecord['kind'];
  readonly amountMinor: number;
  readonly currency: number;
  readonly partial: boolean;
  /** The till's id of the payment that a refund or a completion is about. */
  readonly original?: string;
  readonly answers: SaleResult[];
  /** Somebody asked for it to be taken back. */
  voided: boolean;
  /** It was refused, and that could not be written. */
  unwritten?: boolean;
}

/** Looks at what goes out and what is written, as it happens, and says what may not be. */
export interface Watch {
  readonly broken: readonly string[];
  /** What shoppers saw as approved, by the terminal's id: how much. */
  readonly shown: ReadonlyMap<string, number>;
  say(what: string): void;
  written(write: JournalWrite, durable: Durable): void;
  /** A write that was refused: nothing of it is on the disk. */
  unwritten(write: JournalWrite): void;
  showed(view: DisplayView, ended: SaleResult | undefined, durable: Durable): void;
  /** @param failed a write was refused while this was going on */
  told(wish: Wish, answer: SaleResult, durable: Durable, failed: boolean): void;
  logged(fields: object, message: string): void;
  /** At the end: how often each payment was written. */
  countWrites(): void;
}

export const TAKEN: ReadonlySet<string> = new Set([
  'approved',
  'reconciled',
  'preAuthorised',
  'completed',
  'collected',
  'queued',
  'refusedLater',
  'writtenOff',
]);

export const NOT_TAKEN: ReadonlySet<string> = new Set([
  'declined',
  'cancelled',
  'timedOut',
  'failed',
  'reversing',
  'reversed',
]);

const TAKING_BACK: ReadonlySet<string> = new Set(['reversing', 'reversed']);

const APPROVING: ReadonlySet<string> = new Set([
  'approved',
  'approvedSign',
  'approvedPart',
  'refunded',
  'amountHeld',
]);

/** An answer that the till needs not ask about again. */
export const isFinal = ({ status }: SaleResult): boolean => status !== 'busy' && status !== 'error';

export const createWatch = (shop: Shop): Watch => {
  const broken: string[] = [];
  const shown = new Map<string, number>();
  const writes = new Map<string, string[]>();
  const unwritten = new Set<string | null>();
  const say = (what: string) => void broken.push(what);
  return {
    broken,
    shown,
    say,
    written: (write, durable) => {
      countWrite(write, writes);
      lookForAccounts(write, say);
      if (write.entries.some(({ event }) => event === 'acceptedOffline')) {
        checkLimits(write, durable, shop, say);
      }
    },
    unwritten: ({ rows = [] }) => {
      for (const { tillId } of rows) unwritten.add(tillId);
    },
    showed: ({ screen, sequence }, ended, { rows }) => {
      if (!APPROVING.has(screen)) return;
      if (ended === undefined) {
        say(`view ${sequence}: "${screen}" is shown, but no payment ended`);
        return;
      }
      const row = rows.get(ended.transactionId);
      const why = row === undefined ? 'nothing is written' : wrongApproval(row, ended);
      if (why !== undefined) say(`payment ${ended.transactionId}: "${screen}" is shown: ${why}`);
      shown.set(ended.transactionId, ended.approvedMinor ?? ended.amountMinor);
    },
    told: (wish, answer, durable, failed) => {
      // Who asks again may be told what nobody could write when it happened.
      const nothingWritten = failed || unwritten.has(wish.tillId);
      const why = wrongAnswer(wish, answer, durable, nothingWritten);
      if (why !== undefined) say(`${wish.tillId}: the till is told "${answer.status}": ${why}`);
      wish.answers.push(answer);
    },
    logged: (fields, message) => {
      const text = JSON.stringify(fields);
      if (PANS.some((pan) => text.includes(pan))) say(`the log says an account number: ${message}`);
      if (message.endsWith(' broke down')) say(`an error was thrown: ${thrown(fields)}`);
    },
    countWrites: () => {
      for (const [id, events] of writes) {
        if (events.length > MOST_WRITES) say(`payment ${id}: written for ${events.join(', ')}`);
      }
    },
  };
};

const MOST_WRITES = 4;

const thrown = (fields: object): string => {
  const error = 'err' in fields ? fields.err : undefined;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

// What belongs to another payment's write, or to a later order, is not counted: a refund of it, a
// void, the end of the period.
const countWrite = ({ entries, rows = [] }: JournalWrite, writes: Map<string, string[]>): void => {
  for (const { payment, event } of entries) {
    if (payment === null || OTHERS.has(event)) continue;
    const row = rows.find(({ id }) => id === payment);
    if (row !== undefined && recordOf(row).reversal?.reason === 'voided') continue;
    writes.set(payment, [...(writes.get(payment) ?? []), event]);
  }
};

const OTHERS: ReadonlySet<string> = new Set([
  'reconciled',
  'refunded',
  'completed',
  'collected',
  'reopened',
]);

const lookForAccounts = (write: JournalWrite, say: (what: string) => void): void => {
  const { entries, rows = [], transcripts = [] } = write;
  const text = JSON.stringify([entries, rows, transcripts]);
  if (PANS.some((pan) => text.includes(pan))) say('an account number is written into the journal');
};

// Completions are forwarded too, but their money was held by the host: they need no limit.
const checkLimits = (
  { entries }: JournalWrite,
  { rows }: Durable,
  { limits, schemes, kernel, deferred }: Shop,
  say: (what: string) => void,
): void => {
  const id = entries.find(({ event }) => event === 'acceptedOffline')?.payment ?? '';
  const record = rows.get(id);
  if (record === undefined) return;
  const { offline, amountMinor, card } = recordOf(record);
  if (offline === 'completion') return;
  const queued = [...rows.values()]
    .filter(({ state }) => state === 'queued')
    .map(recordOf)
    .filter((one) => one.offline !== 'completion');
  const sum = (some: readonly PaymentRecord[]) =>
    some.reduce((total, one) => total + one.amountMinor, 0);
  const over = (of: Shop['limits'], some: readonly PaymentRecord[]) =>
    amountMinor > (of.paymentMinor ?? Infinity) ||
    some.length > (of.count ?? Infinity) ||
    sum(some) > (of.totalMinor ?? Infinity);
  const ofScheme = queued.filter((one) => one.card?.scheme === card?.scheme);
  if (!(offline === 'kernel' ? kernel : deferred)) say(`payment ${id}: ${offline} is not allowed`);
  if (over(limits, queued)) say(`payment ${id}: over a limit of what is taken without the host`);
  if (over(schemes[card?.scheme ?? ''] ?? {}, ofScheme)) say(`payment ${id}: over its scheme's`);
};

const wrongApproval = (row: PaymentRow, { status }: SaleResult): string | undefined => {
  if (status !== 'approved') return `it ended ${status}`;
  if (!TAKEN.has(row.state)) return `it is written as ${row.state}`;
  const kept = recordOf(row).result?.['status'];
  return kept === 'approved' ? undefined : `its result is written as ${kept}`;
};

const wrongAnswer = (
  wish: Wish,
  answer: SaleResult,
  { rows }: Durable,
  failed: boolean,
): string | undefined => {
  if (!isFinal(answer)) return undefined;
  const row = [...rows.values()].find(({ tillId }) => tillId === wish.tillId);
  const before = wish.answers.findLast(isFinal);
  const contradicted = before !== undefined && !sameAnswer(before, answer);
  // A refusal that could not be written is none when it is asked for again.
  const unwritten = before?.status !== 'approved' && wish.unwritten === true;
  if (contradicted && !unwritten) return `it was told "${before?.status}" before`;
  if (answer.status === 'approved') {
    if (row === undefined) return 'nothing is written';
    const voided = wish.voided && TAKING_BACK.has(row.state);
    return voided ? undefined : wrongApproval(row, answer);
  }
  if (failed) wish.unwritten = row === undefined || row.state === 'asking';
  if (failed && wish.unwritten) return undefined;
  if (row === undefined) return 'nothing is written';
  return NOT_TAKEN.has(row.state) ? undefined : `it is written as ${row.state}`;
};

const sameAnswer = (a: SaleResult, b: SaleResult): boolean =>
  a.status === b.status &&
  a.amountMinor === b.amountMinor &&
  a.approvedMinor === b.approvedMinor &&
  a.transactionId === b.transactionId;
