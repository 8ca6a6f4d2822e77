import { type Fault, fault } from '#ports/fault.ts';
import type {
  Entry,
  Journal,
  JournalWrite,
  Json,
  NewEntry,
  PaymentRow,
  SealedData,
} from '#ports/journal.ts';

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
  const append = (write: JournalWrite): Fault | undefined => {
    const why = refused ?? next;
    next = undefined;
    return why ?? store.write(write, wallMs());
  };
  const rows = async (): Promise<readonly PaymentRow[] | Fault> => refused ?? store.oldestFirst();
  const close = fault('journal', 'the journal was closed');
  return {
    failNext: (why) => {
      next = why;
    },
    refuse: (why) => {
      refused = why;
    },
    durable: store.durable,
    refusal: () => refused,
    append: async (write) => append(write),
    payment: async (id) => refused ?? store.rows.get(id),
    byTillId: async (tillId) => refused ?? store.byTillId(tillId),
    openPayments: async () => refused ?? store.open(),
    unsettledPayments: async () => filtered(await rows(), ({ settled }) => !settled),
    latestPayments: async (count) => {
      const all = await rows();
      return 'fault' in all ? all : [...all].reverse().slice(0, count);
    },
    entriesOf: async (id) => refused ?? store.entries.filter(({ payment }) => payment === id),
    latestOwn: async (event) =>
      refused ?? store.entries.findLast((one) => one.payment === null && one.event === event),
    sealed: async (id, name) => refused ?? bytes(store.contents.get(key(id, name))),
    transcript: async (id) => refused ?? text(store.contents.get(key(id, 'transcript'))),
    inspect: async (first, count) => refused ?? store.inspect(first, count),
    retain: async (limits) => refused ?? store.retain(limits),
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

const storeOf = (from: Durable) => {
  let entries = [...from.entries];
  const rows = new Map(from.rows);
  const contents = new Map<string, Content>(from.contents);
  const byTill = new Map<string, string>();
  const open = new Set<string>();
  const index = (row: PaymentRow): void => {
    if (row.tillId !== null) byTill.set(row.tillId, row.id);
    if (row.open) open.add(row.id);
    else open.delete(row.id);
  };
  for (const row of rows.values()) index(row);
  let end = entries.at(-1)?.sequence ?? 0;

  const add = (entry: NewEntry): void => {
    const previous = hashAt(end);
    end++;
    entries.push({ ...copied(entry), sequence: end, previous, hash: hashAt(end) });
  };
  const sorted = (some: Iterable<PaymentRow>): PaymentRow[] =>
    [...some].sort((a, b) => a.startedMs - b.startedMs);

  const write = (one: JournalWrite, atMs: number): Fault | undefined => {
    const { rows: newRows = [], sealed = [], transcripts = [] } = one;
    for (const { id, tillId } of newRows) {
      const owner = tillId === null ? undefined : byTill.get(tillId);
      if (owner !== undefined && owner !== id) {
        return fault('journal', "the till's id belongs to another payment");
      }
    }
    for (const entry of one.entries) add(entry);
    const named = new Set(one.entries.map(({ payment }) => payment));
    const touched = [...newRows.map(({ id }) => id), ...[...sealed, ...transcripts].map(paymentOf)];
    for (const payment of new Set(touched)) {
      if (!named.has(payment)) add({ payment, event: 'kept', atMs, data: {} });
    }
    for (const row of newRows) {
      rows.set(row.id, copied(row));
      index(row);
    }
    for (const { payment, name, value } of sealed) {
      if (value === null) contents.delete(key(payment, name));
      else contents.set(key(payment, name), value.slice());
    }
    for (const { payment, text } of transcripts) contents.set(key(payment, 'transcript'), text);
    return undefined;
  };

  const remove = (row: PaymentRow): void => {
    rows.delete(row.id);
    if (row.tillId !== null) byTill.delete(row.tillId);
    for (const name of [...NAMES, 'transcript']) contents.delete(key(row.id, name));
  };
  const size = (): number => JSON.stringify([entries, [...rows.values()]]).length;
  const retain = (limits: Parameters<Journal['retain']>[0]): number => {
    const gone = new Set<string>();
    for (const row of sorted(rows.values()).filter(({ settled }) => settled)) {
      const old = limits.nowMs - row.startedMs > limits.olderThanMs;
      if (!old && size() <= limits.largerThanBytes) break;
      remove(row);
      gone.add(row.id);
      entries = entries.filter(({ payment }) => payment !== row.id);
    }
    if (gone.size > 0) {
      const data = { payments: gone.size, gaps: [] };
      add({ payment: null, event: 'removed', atMs: limits.nowMs, data });
    }
    return gone.size;
  };

  return {
    get entries(): readonly Entry[] {
      return entries;
    },
    rows,
    contents,
    write,
    retain,
    byTillId: (tillId: string) => rows.get(byTill.get(tillId) ?? ''),
    open: () => sorted([...open].flatMap((id) => rows.get(id) ?? [])),
    oldestFirst: () => sorted(rows.values()),
    inspect: (first: number, count: number) => {
      const slice = entries.filter(({ sequence }) => sequence >= first).slice(0, count);
      const last = slice.at(-1);
      const next = last && last.sequence < end ? last.sequence + 1 : undefined;
      const head = last?.hash ?? hashAt(0);
      return { state: { chain: 'whole' as const, entries: slice.length, head }, next };
    },
    durable: (): Durable => ({
      entries: [...entries],
      rows: new Map(rows),
      contents: new Map(contents),
    }),
  };
};

const NAMES: readonly SealedData['name'][] = ['account', 'track2'];
const paymentOf = ({ payment }: { readonly payment: string }): string => payment;
