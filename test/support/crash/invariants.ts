import type { Position } from '#drivers/simulated/acquirer/books.ts';
import { amountOf, type PaymentRecord, recordOf } from '#payment/record.ts';
import type { PaymentRow } from '#ports/journal.ts';
import type { SaleResult } from '#terminal/types.ts';
import { isFinal, isVoided, LOST, toldOf, type Wish } from './till.ts';

export type Say = (what: string) => void;

/** What the shopper was shown as approved, and the till's payment it may belong to. */
export interface Shown {
  readonly amountMinor: number;
  readonly screen: string;
  /** The payment that was being taken, and the one before it: a screen may have to wait. */
  readonly wishes: readonly Wish[];
}

const TAKEN: ReadonlySet<string> = new Set([
  'approved',
  'reconciled',
  'preAuthorised',
  'completed',
  'collected',
  'queued',
  'refusedLater',
  'writtenOff',
]);
const TAKEN_BACK: ReadonlySet<string> = new Set(['reversing', 'reversed']);
const NOT_TAKEN: ReadonlySet<string> = new Set([
  ...TAKEN_BACK,
  'declined',
  'cancelled',
  'timedOut',
  'failed',
]);

/** A journal after a kill or a restart: does it say what till and shopper were told? */
export const checkTold = (
  rows: readonly PaymentRow[],
  wishes: readonly Wish[],
  shown: readonly Shown[],
  say: Say,
): void => {
  const byTillId = new Map<string, PaymentRow>();
  for (const row of rows) {
    if (row.tillId === null) say(`payment ${row.id} has no till id`);
    else if (byTillId.has(row.tillId)) say(`${row.tillId}: there are two payments`);
    else byTillId.set(row.tillId, row);
  }
  for (const wish of wishes) checkWish(wish, byTillId.get(wish.tillId), say);
  for (const one of shown) {
    const matches = one.wishes.some((wish) => {
      const row = byTillId.get(wish.tillId);
      if (row === undefined || !(TAKEN.has(row.state) || isVoidedRow(wish, row))) return false;
      const record = recordOf(row);
      return [record.amountMinor, amountOf(record)].includes(one.amountMinor);
    });
    const about = one.wishes.map(({ tillId }) => tillId).join(' or ');
    if (!matches)
      say(`${about}: "${one.screen}" was shown for ${one.amountMinor}, and isn't written`);
  }
};

const isVoidedRow = (wish: Wish, { state }: PaymentRow): boolean =>
  isVoided(wish) && TAKEN_BACK.has(state);

const checkWish = (wish: Wish, row: PaymentRow | undefined, say: Say): void => {
  const { tillId, answers, voids } = wish;
  const told = toldOf(wish);
  const first = answers.find(isFinal);
  if (told !== undefined && first !== undefined && !sameAnswer(first, told)) {
    say(`${tillId}: told ${words(first)}, and ${words(told)} when it asked again`);
  }
  const state = row?.state ?? 'not written';
  if (told?.status === 'approved') {
    const stays = row !== undefined && (TAKEN.has(state) || isVoidedRow(wish, row));
    if (!stays) say(`${tillId}: told approved, and it is ${state}`);
    const amount = told.approvedMinor ?? told.amountMinor;
    if (row !== undefined && toldAs(recordOf(row)) !== amount) {
      say(`${tillId}: told ${amount}, and it is ${amountOf(recordOf(row))}`);
    }
  } else if (told !== undefined && !NOT_TAKEN.has(state)) {
    say(`${tillId}: told ${told.status}, and it is ${state}`);
  }
  const takenBack = voids.some((answer) => answer !== LOST && answer.status === 'done');
  if (takenBack && state !== 'reversed') say(`${tillId}: told taken back, and it is ${state}`);
  const begun = voids.some((answer) => answer !== LOST && answer.status === 'underWay');
  if (begun && !TAKEN_BACK.has(state)) say(`${tillId}: told being taken back, and it is ${state}`);
};

// Of what the shop took at its own risk the host may have taken a part, later.
const toldAs = (record: PaymentRecord): number =>
  record.offline === undefined ? amountOf(record) : record.amountMinor;

const sameAnswer = (a: SaleResult, b: SaleResult): boolean =>
  a.status === b.status &&
  a.amountMinor === b.amountMinor &&
  a.approvedMinor === b.approvedMinor &&
  a.transactionId === b.transactionId;

const words = ({ status, approvedMinor, amountMinor, transactionId }: SaleResult): string =>
  `${status} ${approvedMinor ?? amountMinor} (${transactionId})`;

/** When all is settled: each payment has one end, and the host holds the same. */
export const checkBothSides = (
  rows: readonly PaymentRow[],
  positions: readonly Position[],
  wishes: readonly Wish[],
  say: Say,
): void => {
  const records = rows.map(recordOf);
  const unclaimed = new Map<string, Position>();
  for (const position of positions) {
    const key = `${position.stan} ${position.transmitted}`;
    if (unclaimed.has(key)) say(`the host has two payments as ${key}`);
    unclaimed.set(key, position);
  }
  for (const record of records) {
    const fields = record.request?.fields;
    const key = fields === undefined ? '' : `${fields['11']} ${fields['7']}`;
    const position = unclaimed.get(key);
    unclaimed.delete(key);
    const why = disagreement(record, position);
    if (why !== undefined) say(`payment ${record.id} (${record.tillId}, ${key}) ${why}`);
  }
  for (const [key, { state, amountMinor }] of unclaimed) {
    say(`the host has ${state} ${amountMinor} as ${key}, of which the terminal knows nothing`);
  }
  for (const wish of wishes) checkCharged(wish, records, say);
  checkTotals(records, positions, say);
};

/** What the host may hold of a payment in each state that it may end in. */
const AGREEING: Readonly<Record<string, readonly string[]>> = {
  approved: ['booked'],
  reconciled: ['booked'],
  preAuthorised: ['held'],
  completed: ['completed'],
  collected: ['completed'],
  refusedLater: ['declined'],
  writtenOff: ['declined'],
  declined: ['declined', 'unknown'],
  cancelled: ['unknown'],
  timedOut: ['unknown'],
  failed: ['unknown'],
  reversed: ['reversed', 'declined', 'unknown'],
};

const STANDING: ReadonlySet<string> = new Set(['approved', 'reconciled', 'preAuthorised']);

const disagreement = (
  record: PaymentRecord,
  position: Position | undefined,
): string | undefined => {
  const { state } = record;
  const there = position?.state ?? 'unknown';
  const allowed = AGREEING[state];
  if (allowed === undefined) return `is still ${state}`;
  if (!allowed.includes(there)) return `is ${state} here and ${there} at the host`;
  const here = STANDING.has(state) ? amountOf(record) : 0;
  const standing = position?.standingMinor ?? 0;
  if (here !== standing) return `is ${here} here and ${standing} at the host`;
  const currency = Number(position?.currency ?? record.currency);
  return currency === record.currency ? undefined : `is in ${currency} at the host`;
};

// What the till holds for unpaid charges nobody, whatever the journal says.
const checkCharged = (wish: Wish, records: readonly PaymentRecord[], say: Say): void => {
  const told = toldOf(wish);
  if (told?.status === 'approved') return;
  const record = records.find(({ tillId }) => tillId === wish.tillId);
  if (record !== undefined && !NOT_TAKEN.has(record.state)) {
    say(`${wish.tillId}: told ${told?.status ?? 'nothing that stands'}, and is ${record.state}`);
  }
};

// Each side's own sum, by currency: debits less credits of what stands.
const checkTotals = (
  records: readonly PaymentRecord[],
  positions: readonly Position[],
  say: Say,
): void => {
  const here = new Map<number, number>();
  const there = new Map<number, number>();
  const add = (sums: Map<number, number>, currency: number, amount: number) =>
    sums.set(currency, (sums.get(currency) ?? 0) + amount);
  for (const record of records) {
    if (record.state !== 'approved' && record.state !== 'reconciled') continue;
    add(here, record.currency, amountOf(record) * (record.kind === 'refund' ? -1 : 1));
  }
  for (const { kind, state, currency, standingMinor } of positions) {
    if (state === 'booked') {
      add(there, Number(currency), standingMinor * (kind === 'refund' ? -1 : 1));
    }
  }
  for (const currency of new Set([...here.keys(), ...there.keys()])) {
    const [ours, theirs] = [here.get(currency) ?? 0, there.get(currency) ?? 0];
    if (ours !== theirs) say(`totals in ${currency}: ${ours} here and ${theirs} at the host`);
  }
};
