import { type Fault, fault } from '#ports/fault.ts';
import type {
  Entry,
  Journal,
  JournalWrite,
  Json,
  NewEntry,
  PaymentQuery,
  PaymentRow,
  SealedData,
} from '#ports/journal.ts';
import { isBefore, isFound } from '#ports/payment-search.ts';

/** What would be on a disk: give it to `memoryJournal` to start again after a crash. */
export interface Durable {
  readonly entries: readonly Entry[];
  readonly rows: ReadonlyMap<string, PaymentRow>;
  /** By payment and name ("id/account"); transcripts too ("id/transcript"). */
  readonly contents: ReadonlyMap<string, Uint8Array | string>;
}

export interface MemoryJournal extends Journal {
  /** The next `append` writes nothing and answers with this. */
  failNext(why: Fault): void;
  /** From now on `refusal` and `append` answer with this; undefined ends it. */
  refuse(why: Fault | undefined): void;
  /** What is written down at this moment; later writes don't change it. */
  durable(): Durable;
}

/**
 * A journal with the behaviour of the one on the disk, without a disk: for simulations. Hashes are
 * numbered, not computed; there is nothing to tamper with.
 */
export const memoryJournal = (
  wallMs: () => number,
  from: Durable = { entries: [], rows: new Map(), contents: new Map() },
): MemoryJournal => {
  const store = storeOf(from);
  let next: Fault | undefined;
  let refused: Fault | undefined;
  const append = (one: JournalWrite): Fault | undefined => {
    const why = refused ?? next;
    next = undefined;
    return why ?? write(store, one, wallMs());
  };
  const rows = async (): Promise<readonly PaymentRow[] | Fault> =>
    refused ?? oldestFirst(store.rows.values());
  const close = fault('journal', 'the journal was closed');
  return {
    failNext: (why) => {
      next = why;
    },
    refuse: (why) => {
      refused = why;
    },
    durable: () => ({
      entries: [...store.entries],
      rows: new Map(store.rows),
      contents: new Map(store.contents),
    }),
    refusal: () => refused,
    append: async (one) => append(one),
    payment: async (id) => refused ?? store.rows.get(id),
    byTillId: async (tillId) => refused ?? store.rows.get(store.byTill.get(tillId) ?? ''),
    openPayments: async () =>
      refused ?? oldestFirst([...store.open].flatMap((id) => store.rows.get(id) ?? [])),
    unsettledPayments: async () => filtered(await rows(), ({ settled }) => !settled),
    countUnsettled: async (state) => {
      const found = filtered(await rows(), (row) => !row.settled && row.state === state);
      return 'fault' in found ? found : found.length;
    },
    latestPayments: async (count) => {
      const all = await rows();
      return 'fault' in all ? all : [...all].reverse().slice(0, count);
    },
    entriesOf: async (id) => refused ?? store.entries.filter(({ payment }) => payment === id),
    latestOwn: async (event) =>
      refused ?? store.entries.findLast((one) => one.payment === null && one.event === event),
    ownEntries: async (event) => refused ?? own(store, [event]),
    latestOwnEntries: async (events, count) =>
      refused ?? own(store, events).reverse().slice(0, count),
    findPayments: async (query) => refused ?? find(store, query),
    latestOf: async (events) =>
      refused ?? store.entries.findLast(({ event }) => events.includes(event)),
    sealed: async (id, name) => refused ?? bytes(store.contents.get(key(id, name))),
    transcript: async (id) => refused ?? text(store.contents.get(key(id, 'transcript'))),
    inspect: async (first, count) => refused ?? inspect(store, first, count),
    retain: async (limits) => refused ?? retain(store, limits),
    close: async () => {
      refused = close;
    },
  };
};

type Content = Uint8Array | string;

const key = (payment: string, name: string): string => `${payment}/${name}`;
const bytes = (value: Content | undefined): Uint8Array | undefined =>
  typeof value === 'string' ? undefined : value;
const text = (value: Content | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const filtered = (
  rows: readonly PaymentRow[] | Fault,
  keep: (row: PaymentRow) => boolean,
): readonly PaymentRow[] | Fault => ('fault' in rows ? rows : rows.filter(keep));

const copied = <T extends Json | object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const hashAt = (sequence: number): string => sequence.toString(16).padStart(64, '0');

interface Store {
  entries: Entry[];
  /** The last sequence that was given. */
  end: number;
  readonly rows: Map<string, PaymentRow>;
  readonly contents: Map<string, Content>;
  readonly byTill: Map<string, string>;
  readonly open: Set<string>;
}

const storeOf = (from: Durable): Store => {
  const store: Store = {
    entries: [...from.entries],
    end: from.entries.at(-1)?.sequence ?? 0,
    rows: new Map(),
    contents: new Map(from.contents),
    byTill: new Map(),
    open: new Set(),
  };
  for (const row of from.rows.values()) putRow(store, row);
  return store;
};

const putRow = (store: Store, row: PaymentRow): void => {
  store.rows.set(row.id, row);
  if (row.tillId !== null) store.byTill.set(row.tillId, row.id);
  if (row.open) store.open.add(row.id);
  else store.open.delete(row.id);
};

const add = (store: Store, entry: NewEntry): void => {
  const previous = hashAt(store.end);
  store.end++;
  const { end: sequence } = store;
  store.entries.push({ ...copied(entry), sequence, previous, hash: hashAt(sequence) });
};

const oldestFirst = (some: Iterable<PaymentRow>): PaymentRow[] =>
  [...some].sort((a, b) => a.startedMs - b.startedMs);

const own = ({ entries }: Store, events: readonly string[]): Entry[] =>
  entries.filter(({ payment, event }) => payment === null && events.includes(event));

const find = ({ rows }: Store, { text, state, before, count }: PaymentQuery): PaymentRow[] =>
  [...rows.values()]
    .filter((row) => state === undefined || row.state === state)
    .filter((row) => before === undefined || isBefore(row, before))
    .filter((row) => text === undefined || isFound(row, text))
    .sort((a, b) => (isBefore(a, b) ? 1 : -1))
    .slice(0, count);

const write = (store: Store, one: JournalWrite, atMs: number): Fault | undefined => {
  const { rows = [], sealed = [], transcripts = [] } = one;
  for (const { id, tillId } of rows) {
    const owner = tillId === null ? undefined : store.byTill.get(tillId);
    if (owner !== undefined && owner !== id) {
      return fault('journal', "the till's id belongs to another payment");
    }
  }
  for (const entry of one.entries) add(store, entry);
  const named = new Set(one.entries.map(({ payment }) => payment));
  const touched = [...rows.map(({ id }) => id), ...[...sealed, ...transcripts].map(paymentOf)];
  for (const payment of new Set(touched)) {
    if (!named.has(payment)) add(store, { payment, event: 'kept', atMs, data: {} });
  }
  for (const row of rows) putRow(store, copied(row));
  for (const { payment, name, value } of sealed) {
    if (value === null) store.contents.delete(key(payment, name));
    else store.contents.set(key(payment, name), value.slice());
  }
  for (const { payment, text } of transcripts) {
    store.contents.set(key(payment, 'transcript'), text);
  }
  return undefined;
};

const remove = (store: Store, row: PaymentRow): void => {
  store.rows.delete(row.id);
  if (row.tillId !== null) store.byTill.delete(row.tillId);
  for (const name of [...NAMES, 'transcript']) store.contents.delete(key(row.id, name));
  store.entries = store.entries.filter(({ payment }) => payment !== row.id);
};

const DAY_MS = 86_400_000;

const retain = (store: Store, limits: Parameters<Journal['retain']>[0]): number => {
  const size = (): number => JSON.stringify([store.entries, [...store.rows.values()]]).length;
  const last = store.entries.findLast(({ event }) => event !== 'removed');
  const nowMs = Math.min(limits.nowMs, (last?.atMs ?? limits.nowMs) + DAY_MS);
  const leastMs = Math.min(limits.olderThanMs, 7 * DAY_MS);
  let payments = 0;
  for (const row of oldestFirst(store.rows.values()).filter(({ settled }) => settled)) {
    const age = nowMs - row.startedMs;
    if (age <= limits.olderThanMs && (age <= leastMs || size() <= limits.largerThanBytes)) break;
    remove(store, row);
    payments++;
  }
  if (payments > 0) {
    const data = { payments, gaps: [] };
    add(store, { payment: null, event: 'removed', atMs: nowMs, data });
  }
  return payments;
};

const inspect = (store: Store, first: number, count: number) => {
  const slice = store.entries.filter(({ sequence }) => sequence >= first).slice(0, count);
  const last = slice.at(-1);
  const next = last && last.sequence < store.end ? last.sequence + 1 : undefined;
  const head = last?.hash ?? hashAt(0);
  return { state: { chain: 'whole' as const, entries: slice.length, head }, next };
};

const NAMES: readonly SealedData['name'][] = ['account', 'track2'];
const paymentOf = ({ payment }: { readonly payment: string }): string => payment;
