import type { Position } from '#drivers/simulated/acquirer/books.ts';
import type { MemoryLedger } from '#drivers/simulated/acquirer/ledger.ts';
import { amountOf, type PaymentRecord, recordOf } from '#payment/index.ts';
import type { Durable } from '#test/support/memory-journal.ts';
import { isFinal, NOT_TAKEN, TAKEN, type Watch, type Wish } from './watch.ts';

/** What both sides hold when all is over, as a list of what doesn't agree. */
export const compare = (
  { rows }: Durable,
  ledger: MemoryLedger,
  wishes: readonly Wish[],
  { say, shown }: Watch,
  nowMs: number,
): void => {
  const records = [...rows.values()].map(recordOf);
  const positions = ledger.positions(nowMs);
  const unclaimed = new Map(positions.map((position) => [keyOf(position), position]));
  for (const record of records) {
    const key = identityOf(record);
    const position = key === undefined ? undefined : unclaimed.get(key);
    if (key !== undefined) unclaimed.delete(key);
    const why = disagreement(record, position);
    if (why !== undefined) say(`payment ${record.id} (${record.tillId}) ${why}`);
  }
  for (const [key, { state, amountMinor }] of unclaimed) {
    say(`the host has ${state} ${amountMinor} as ${key}, of which the terminal knows nothing`);
  }
  for (const [id, amount] of shown) checkShown(id, amount, rows, say);
  for (const wish of wishes) checkWish(wish, records, say);
  checkTotals(records, positions, say);
};

const keyOf = ({ stan, transmitted }: Position): string => `${stan} ${transmitted}`;

const identityOf = ({ request }: PaymentRecord): string | undefined =>
  request === undefined ? undefined : `${request.fields['11']} ${request.fields['7']}`;

/** What the host must hold of a payment in each state that it may end in. */
const disagreement = (
  record: PaymentRecord,
  position: Position | undefined,
): string | undefined => {
  const { state } = record;
  const there = position?.state ?? 'unknown';
  const allowed = AGREEING[state];
  if (allowed === undefined) return `is still ${state}`;
  if (!allowed.includes(there)) return `is ${state} here and ${there} at the host`;
  const standing = position?.standingMinor ?? 0;
  const here = STANDING.has(state) ? amountOf(record) : 0;
  if (standing !== here) return `is ${here} here and ${standing} at the host`;
  const currency = record.currency.toString().padStart(3, '0');
  return position === undefined || position.currency === currency
    ? undefined
    : `is in ${currency} here and in ${position.currency} at the host`;
};

const STANDING: ReadonlySet<string> = new Set(['approved', 'reconciled', 'preAuthorised']);

const AGREEING: Readonly<Record<string, readonly string[]>> = {
  approved: ['booked'],
  reconciled: ['booked'],
  preAuthorised: ['held'],
  collected: ['completed'],
  refusedLater: ['declined', 'unknown'],
  writtenOff: ['declined', 'unknown'],
  declined: ['declined', 'unknown'],
  cancelled: ['unknown'],
  timedOut: ['unknown'],
  failed: ['unknown'],
  reversed: ['reversed', 'declined', 'unknown'],
};

// Of what the shop took at its own risk the host may have taken a part, later.
const amountTold = (record: PaymentRecord): number =>
  record.offline === 'deferred' ? record.amountMinor : amountOf(record);

const checkShown = (id: string, amount: number, rows: Durable['rows'], say: Watch['say']): void => {
  const row = rows.get(id);
  const record = row === undefined ? undefined : recordOf(row);
  const voided = record?.reversal?.reason === 'voided';
  if (record === undefined || !(TAKEN.has(record.state) || voided)) {
    say(`payment ${id} was shown as approved and is ${record?.state ?? 'unknown'}`);
  } else if (amountTold(record) !== amount) {
    say(`payment ${id} was shown as ${amount} and is ${amountOf(record)}`);
  }
};

const checkWish = (
  { tillId, answers, voided }: Wish,
  records: readonly PaymentRecord[],
  say: Watch['say'],
): void => {
  const mine = records.filter((record) => record.tillId === tillId);
  if (mine.length > 1) say(`${tillId}: there are ${mine.length} payments`);
  const [record] = mine;
  const told = answers.at(-1);
  const state = record?.state ?? 'failed';
  const taken = told !== undefined && isFinal(told) && told.status === 'approved';
  if (!taken && !NOT_TAKEN.has(state)) say(`${tillId}: told ${told?.status}, and it is ${state}`);
  if (!taken || record === undefined) return;
  const takenBack = voided && record.reversal?.reason === 'voided';
  if (!TAKEN.has(state) && !takenBack) say(`${tillId}: told approved, and it is ${state}`);
  const amount = told.approvedMinor ?? told.amountMinor;
  if (amountTold(record) !== amount)
    say(`${tillId}: told ${amount}, and it is ${amountOf(record)}`);
};

// Each side's own sum, by currency: debits less credits of what stands.
const checkTotals = (
  records: readonly PaymentRecord[],
  positions: readonly Position[],
  say: Watch['say'],
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
    if (state !== 'booked') continue;
    add(there, Number(currency), standingMinor * (kind === 'refund' ? -1 : 1));
  }
  for (const currency of new Set([...here.keys(), ...there.keys()])) {
    const [ours, theirs] = [here.get(currency) ?? 0, there.get(currency) ?? 0];
    if (ours !== theirs) say(`totals in ${currency}: ${ours} here and ${theirs} at the host`);
  }
};
