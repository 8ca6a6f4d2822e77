import { BehaviorSubject, type Observable } from 'rxjs';
import type { Clock } from '#ports/clock.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type {
  Entry,
  Journal,
  JournalWrite,
  JsonObject,
  PaymentRow,
  SealedData,
} from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import { createTurns } from '#ports/turns.ts';
import {
  fold,
  isWalletPayment,
  owed,
  type Patch,
  type PaymentRecord,
  type RequestOnRecord,
  recordOf,
  rowOf,
  toJson,
  type WalletOnRecord,
} from './record.ts';
import { type EventName, nextState, type PaymentState, states } from './states.ts';

/** One event of one payment, to be written. A payment in state "new" begins with it. */
export interface Change {
  readonly payment: PaymentRecord;
  readonly event: EventName;
  readonly patch?: Patch;
}

/** What goes into the journal with it: account data under seal, transcripts, the terminal's own. */
export interface Beside extends Pick<JournalWrite, 'sealed' | 'transcripts'> {
  readonly own?: { readonly event: OwnEvent; readonly data: JsonObject };
}

/** What happens to the terminal and to no payment. */
export type OwnEvent = 'reconciliationAsked' | 'reconciliationAnswered';

/**
 * The books: every payment's state, changed only by an event that stands in the journal. Writes
 * take turns, in the order they were asked for.
 */
export interface Books {
  /**
   * Undefined when a payment can be written, else why not. A journal that could not be read before
   * is read again.
   */
  ready(): Promise<Fault | undefined>;
  /** Why the last payment was refused by the books, if it was: for status and screens. */
  refusal(): Fault | undefined;
  /**
   * Writes the events, all or none, and lets them count: resolves to the records after them. When
   * they can't be written nothing has changed, but for debts to the host: what is to be taken back
   * is taken back all the same, and the journal, where it still says "asking", will come to the
   * same at the next start.
   */
  record(changes: readonly Change[], beside?: Beside): Promise<readonly PaymentRecord[] | Fault>;
  /** The same for one event of one payment. */
  note(
    payment: PaymentRecord,
    event: EventName,
    patch?: Patch,
    beside?: Beside,
  ): Promise<PaymentRecord | Fault>;
  find(id: string): Promise<PaymentRecord | undefined | Fault>;
  findByTillId(tillId: string): Promise<PaymentRecord | undefined | Fault>;
  /** Newest first. */
  latest(count: number): Promise<readonly PaymentRecord[] | Fault>;
  /** Everything that isn't settled, oldest first. */
  unsettled(): Promise<readonly PaymentRecord[] | Fault>;
  /** How many are in a state that isn't settled. */
  count(state: PaymentState): Promise<number | Fault>;
  latestOwn(event: OwnEvent): Promise<Entry | undefined | Fault>;
  sealed(payment: string, name: SealedData['name']): Promise<Uint8Array | undefined | Fault>;
  /** Payments that owe or await something, oldest first. Replays. */
  readonly open$: Observable<readonly PaymentRecord[]>;
  /** Payments that this start took back: nobody has told the host yet. */
  readonly interrupted: ReadonlySet<string>;
  /**
   * Payments by wallets that this start found unanswered, and that a till can ask for again: their
   * wallet is asked what came of them.
   */
  readonly unresolved: ReadonlySet<string>;
  /** The next systems trace audit number, 1 to 999999: none that a payment had lately. */
  nextStan(): number;
  /** The reconciliation period that payments count in now, from 1. */
  readonly period: number;
  /** The host was asked to close the period before and has not answered yet. */
  readonly closing: boolean;
}

export interface BooksParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens the books, and takes back what a crash left open: a payment whose answer was never written
 * may stand at the host. A journal that can't be used gives books that refuse.
 */
export const openBooks = async (parts: BooksParts): Promise<Books> => {
  const { journal, log } = parts;
  const now: Now = {
    open: new BehaviorSubject<readonly PaymentRecord[]>([]),
    interrupted: new Set(),
    unresolved: new Set(),
    stan: 0,
    period: 1,
    closing: false,
    unread: undefined,
    unwritten: [],
  };
  const inTurn = createTurns();
  const read = async (): Promise<Fault | undefined> => {
    now.unread = await load(parts, now);
    if (now.unread !== undefined) log.error({ problem: now.unread }, 'the journal: no payment');
    return now.unread;
  };
  await inTurn(read);
  const record: Books['record'] = (changes, beside = {}) =>
    inTurn(async () => (now.unread && (await read())) ?? write(parts, now, changes, beside));
  return {
    ready: () =>
      inTurn(async () => {
        if (now.unread !== undefined && (await read()) !== undefined) return now.unread;
        // What counts already is written as soon as it can be.
        const written = now.unwritten.length === 0 ? [] : await write(parts, now, [], {});
        return isFault(written) ? written : journal.refusal();
      }),
    refusal: () => {
      const why = journal.refusal();
      // It may be readable again: whoever asks next is told what came of it.
      if (now.unread !== undefined && why === undefined)
        void inTurn(async () => now.unread && read());
      return now.unread ?? why;
    },
    record,
    note: async (payment, event, patch = {}, beside = {}) => {
      const written = await record([{ payment, event, patch }], beside);
      return isFault(written) ? written : (written[0] ?? fold(payment, event, patch));
    },
    find: async (id) => one(await journal.payment(id)),
    findByTillId: async (tillId) => one(await journal.byTillId(tillId)),
    latest: async (count) => all(await journal.latestPayments(count)),
    unsettled: async () => all(await journal.unsettledPayments()),
    count: (state) => journal.countUnsettled(state),
    latestOwn: (event) => journal.latestOwn(event),
    sealed: (payment, name) => journal.sealed(payment, name),
    open$: now.open.asObservable(),
    interrupted: now.interrupted,
    unresolved: now.unresolved,
    nextStan: () => {
      now.stan = (now.stan % LAST_STAN) + 1;
      return now.stan;
    },
    get period() {
      return now.period;
    },
    get closing() {
      return now.closing;
    },
  };
};

const LAST_STAN = 999_999;

interface Now {
  readonly open: BehaviorSubject<readonly PaymentRecord[]>;
  readonly interrupted: Set<string>;
  readonly unresolved: Set<string>;
  stan: number;
  period: number;
  closing: boolean;
  /** Why the journal could not be read. */
  unread: Fault | undefined;
  /** What counts already and could not be written: it goes before the next write. */
  unwritten: readonly Change[];
}

const one = (row: PaymentRow | undefined | Fault): PaymentRecord | undefined | Fault =>
  row === undefined || isFault(row) ? row : recordOf(row);

const all = (rows: readonly PaymentRow[] | Fault): readonly PaymentRecord[] | Fault =>
  isFault(rows) ? rows : rows.map(recordOf);

const load = async (parts: BooksParts, now: Now): Promise<Fault | undefined> => {
  const { journal, log } = parts;
  const refusal = journal.refusal();
  if (refusal !== undefined) return refusal;
  const open = all(await journal.openPayments());
  const latest = await journal.latestOf(ASKING);
  const reconciliation = await journal.latestOwn('reconciliationAsked');
  const answered = await journal.latestOwn('reconciliationAnswered');
  const recovered = await journal.latestOwn('recovered');
  if (isFault(open)) return open;
  if (isFault(latest)) return latest;
  if (isFault(reconciliation)) return reconciliation;
  if (isFault(answered)) return answered;
  if (isFault(recovered)) return recovered;
  // A reading that failed and is made again knows no more than what was given out since.
  now.stan = Math.max(now.stan, latest === undefined ? 0 : stanOf(latest));
  const asked = Number(reconciliation?.data['period'] ?? 0);
  now.period = asked + 1;
  now.closing = asked !== Number(answered?.data['period'] ?? 0);
  // A second reading: what counts already goes on as it was, and is not taken back anew.
  const { unwritten } = now;
  const standing = unwritten.map(({ payment, event, patch = {} }) => fold(payment, event, patch));
  const counted = new Set(standing.map(({ id }) => id));
  // Of some payments a damaged journal may have lost the end: whether they were approved, people
  // have to find out.
  const doubtful = new Set(recovered?.data['doubtful'] as readonly string[] | undefined);
  const unanswered = open.filter(({ state }) => states[state].owes === 'answer');
  const lost = unanswered.filter(({ id }) => !doubtful.has(id) && !counted.has(id));
  for (const { id } of lost.filter(canBeFoundOut)) now.unresolved.add(id);
  const interrupted = lost.filter((payment) => !canBeFoundOut(payment));
  now.open.next(opened(open, standing));
  for (const { id } of unanswered) {
    if (doubtful.has(id)) log.error({ payment: id }, 'what came of it is lost: ask the host');
  }
  if (interrupted.length + unwritten.length === 0) return undefined;
  for (const { id } of interrupted) {
    log.warn({ payment: id }, 'interrupted: it is taken back');
    now.interrupted.add(id);
  }
  const event = 'reversalOwed' as const;
  const patch = owed('interrupted', parts.clock.wallMs());
  const changes = interrupted.map((payment) => ({ payment, event, patch }));
  const written = await write(parts, now, changes, {});
  return isFault(written) ? written : undefined;
};

// A wallet's host tells what came of an order. Where the till can ask again under its own id, what
// was paid stands; where it can't, nobody would ever hear of it, and it is taken back as a card's
// is. A refund can't be taken back at all.
const canBeFoundOut = (payment: PaymentRecord): boolean =>
  payment.state === 'asking' &&
  isWalletPayment(payment) &&
  (payment.tillId !== undefined || payment.kind === 'refund');

// By the order in which they were written: a clock that was set knows nothing of it.
const ASKING: readonly string[] = ['asked', 'acceptedOffline', 'reconciliationAsked'];

const stanOf = ({ data }: Entry): number => {
  const { fields } = (data['request'] ?? { fields: {} }) as unknown as RequestOnRecord;
  const { trace } = (data['wallet'] ?? {}) as Partial<WalletOnRecord>;
  return Number(data['stan'] ?? fields['11'] ?? trace ?? 0);
};

// What counts even when it can't be written, with all that belongs to it: the host must not be left
// with what we took back, and the next start comes to the same. It would not where "approved" is
// what stands written: a void that can't be written is none.
const countUnwritten = (changes: readonly Change[]): boolean =>
  changes.some(
    ({ payment, event }) =>
      event === 'reversalAcknowledged' || (event === 'reversalOwed' && payment.state === 'asking'),
  );

const write = async (
  parts: BooksParts,
  now: Now,
  asked: readonly Change[],
  { own, ...beside }: Beside,
): Promise<readonly PaymentRecord[] | Fault> => {
  const { journal, clock, log } = parts;
  const current = await asTheyAre(parts, now, asked);
  if (isFault(current)) return current;
  const atMs = clock.wallMs();
  const changes = [...now.unwritten, ...current];
  const after = changes.map(({ payment, event, patch = {} }) => fold(payment, event, patch));
  const problem = await journal.append({
    entries: [
      ...changes.map((change) => ({
        payment: change.payment.id,
        event: change.event,
        atMs,
        data: dataOf(change),
      })),
      ...(own === undefined ? [] : [{ payment: null, atMs, ...own }]),
    ],
    rows: after.map(rowOf),
    ...beside,
    sealed: [...(beside.sealed ?? []), ...after.flatMap(erased)],
  });
  if (problem !== undefined) log.error({ problem }, 'the journal could not be written');
  // All of it counts, or nothing: what was put off before has counted already.
  const counts = problem === undefined || countUnwritten(current);
  if (problem === undefined) now.unwritten = [];
  else if (counts) now.unwritten = changes;
  now.open.next(opened(now.open.value, counts ? after : []));
  if (problem === undefined && own !== undefined) {
    now.closing = own.event === 'reconciliationAsked';
    if (now.closing) now.period += 1;
  }
  return problem ?? after.slice(after.length - asked.length);
};

// Somebody else may have written between a caller's reading and its turn: what counts is how a
// payment stands now.
const asTheyAre = async (
  { journal }: BooksParts,
  now: Now,
  changes: readonly Change[],
): Promise<readonly Change[] | Fault> => {
  const current: Change[] = [];
  for (const change of changes) {
    const { payment, event } = change;
    fold(payment, event, {});
    const found =
      payment.state === 'new'
        ? payment
        : (now.open.value.find(({ id }) => id === payment.id) ??
          unwrittenEnd(now, payment.id) ??
          one(await journal.payment(payment.id)));
    if (isFault(found)) return found;
    const record = found ?? payment;
    if (nextState(record.state, event) === undefined) {
      const { meaning } = states[record.state];
      return fault('protocol', `payment ${record.id} has changed meanwhile: it is ${meaning}`);
    }
    current.push({ ...change, payment: record });
  }
  return current;
};

// It counts, though the journal doesn't say so yet.
const unwrittenEnd = ({ unwritten }: Now, wanted: string): PaymentRecord | undefined => {
  const last = unwritten.findLast(({ payment }) => payment.id === wanted);
  return last && fold(last.payment, last.event, last.patch ?? {});
};

// The first entry of a payment holds all that was known before it.
const dataOf = ({ payment, patch = {} }: Change): JsonObject => {
  const { id, state, ...known } = payment;
  return toJson(state === 'new' ? { ...known, ...patch } : patch);
};

// What a state has no more use for goes with the write that leads into it.
const erased = ({ id, state }: PaymentRecord): SealedData[] => {
  const { keeps } = states[state];
  const names = keeps === 'track2' ? [] : (['track2', 'account'] as const);
  return names
    .filter((name) => name === 'track2' || keeps === 'nothing')
    .map((name) => ({ payment: id, name, value: null }));
};

const opened = (
  open: readonly PaymentRecord[],
  changed: readonly PaymentRecord[],
): readonly PaymentRecord[] => {
  const byId = new Map(open.map((record) => [record.id, record]));
  for (const record of changed) {
    if (isOpen(record.state)) byId.set(record.id, record);
    else byId.delete(record.id);
  }
  return [...byId.values()];
};

const isOpen = (state: PaymentState): boolean => states[state].owes !== 'none';
