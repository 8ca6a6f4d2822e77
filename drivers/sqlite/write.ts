import { deflateRawSync } from 'node:zlib';
import type { JournalWrite, NewEntry, PaymentRow } from '#ports/journal.ts';
import { type Connection, number } from './connection.ts';
import { GAP_EVENTS } from './gaps.ts';
import { type Attached, type ContentName, digest, hashOf, type Point } from './line.ts';
import { type OwnCounts, withMore } from './own-counts.ts';

/** The end of the chain, and what its last entry counts. */
export interface Head extends Point {
  readonly open: number;
  readonly unsettled: number;
  /** The terminal's own entries. */
  readonly own: OwnCounts;
}

/** What an entry at the end of a write says of the journal after it. */
export const countsOf = ({ open, unsettled, own }: Omit<Head, keyof Point>): Attached => ({
  open,
  unsettled,
  own: own.mark,
});

/** Appends an entry of the journal's own, by itself. */
export const insertOwn = (
  connection: Connection,
  head: Head,
  entry: Omit<NewEntry, 'payment'>,
): Head => {
  const counts = { ...head, own: withMore(head.own, [entry.event]) };
  const point = insert(connection, head, { ...entry, payment: null }, countsOf(counts));
  return { ...counts, ...point };
};

/** Names of the entries that this driver writes by itself, besides those of gaps. */
export const ownEvents = { kept: 'kept', migrated: 'migrated' } as const;

/**
 * Writes in the transaction that the caller holds; resolves to the new end. Rows and contents go to
 * the last entry of their payment in this write; where it has none, to one of event "kept".
 */
export const writeAll = (
  connection: Connection,
  head: Head,
  write: JournalWrite,
  atMs: number,
): Head => {
  for (const { payment, event } of write.entries) {
    if (payment === null && GAP_EVENTS.includes(event)) throw new TypeError(`"${event}" is ours`);
  }
  const plan = planOf(write, atMs);
  let { open, unsettled } = head;
  for (const { row } of plan.rows.values()) {
    const former = connection.get('SELECT open, settled FROM payments WHERE id = ?', row.id);
    open += Number(row.open) - (former ? number(former, 'open') : 0);
    unsettled += Number(!row.settled) - (former ? 1 - number(former, 'settled') : 0);
  }
  const own = withMore(
    head.own,
    plan.entries.flatMap(({ entry }) => (entry.payment === null ? [entry.event] : [])),
  );
  const counts = countsOf({ open, unsettled, own });
  let point: Point = head;
  const sequences: number[] = [];
  plan.entries.forEach(({ entry, attached }, at) => {
    const last = at === plan.entries.length - 1;
    point = insert(connection, point, entry, last ? { ...attached, ...counts } : attached);
    sequences.push(point.sequence);
  });
  for (const { row, at } of plan.rows.values()) putRow(connection, row, sequences[at] ?? 0);
  for (const { at, ...content } of plan.contents.values()) {
    putContent(connection, content, sequences[at] ?? 0);
  }
  return { ...point, open, unsettled, own };
};

/** Whether something that was kept is erased by this write. */
export const erases = ({ sealed = [] }: JournalWrite): boolean =>
  sealed.some(({ value }) => value === null);

/** Appends one line. */
export const insert = (
  connection: Connection,
  end: Point,
  entry: NewEntry,
  attached: Attached,
): Point => {
  const line = {
    sequence: end.sequence + 1,
    payment: entry.payment,
    event: entry.event,
    atMs: Math.trunc(entry.atMs),
    data: JSON.stringify(entry.data),
    attached: JSON.stringify(attached),
    previous: end.hash,
  };
  const hash = hashOf(line);
  connection.run(
    'INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    line.sequence,
    line.payment,
    line.event,
    line.atMs,
    line.data,
    line.attached,
    line.previous,
    hash,
  );
  return { sequence: line.sequence, hash };
};

export const putRow = (connection: Connection, row: PaymentRow, sequence: number): void =>
  connection.run(
    `INSERT INTO payments VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (id) DO UPDATE SET till_id = ?2, state = ?3, open = ?4, settled = ?5,
       started_ms = ?6, sequence = ?7`,
    row.id,
    row.tillId,
    row.state,
    Number(row.open),
    Number(row.settled),
    row.startedMs,
    sequence,
  );

interface Content {
  readonly payment: string;
  readonly name: ContentName;
  readonly content: Uint8Array | null;
}

export const putContent = (
  connection: Connection,
  { payment, name, content }: Content,
  sequence: number,
): void => {
  if (content === null) {
    connection.run('DELETE FROM attachments WHERE payment = ? AND name = ?', payment, name);
    return;
  }
  connection.run(
    `INSERT INTO attachments VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (payment, name) DO UPDATE SET sequence = ?3, content = ?4`,
    payment,
    name,
    sequence,
    content,
  );
};

interface Plan {
  readonly entries: { readonly entry: NewEntry; attached: Attached }[];
  /** By payment; `at` is the place of its entry. */
  readonly rows: Map<string, { readonly row: PaymentRow; readonly at: number }>;
  readonly contents: Map<string, Content & { readonly at: number }>;
}

const planOf = (write: JournalWrite, atMs: number): Plan => {
  const plan: Plan = {
    entries: write.entries.map((entry) => ({ entry, attached: {} })),
    rows: new Map(),
    contents: new Map(),
  };
  const places = new Map<string | null, number>();
  write.entries.forEach(({ payment }, at) => void places.set(payment, at));
  const attach = (payment: string, more: (before: Attached) => Attached): number => {
    let at = places.get(payment);
    if (at === undefined) {
      const entry = { payment, event: ownEvents.kept, atMs, data: {} };
      at = plan.entries.push({ entry, attached: {} }) - 1;
      places.set(payment, at);
    }
    const place = plan.entries[at];
    if (place) place.attached = more(place.attached);
    return at;
  };
  for (const row of write.rows ?? []) {
    const { id, tillId, state, open, settled, startedMs, record } = row;
    const kept = { tillId, state, open, settled, startedMs, record };
    plan.rows.set(id, { row, at: attach(id, (before) => ({ ...before, row: kept })) });
  }
  for (const one of contentsOf(write)) {
    const { payment, name, content } = one;
    const at = attach(payment, (before) => ({
      ...before,
      contents: { ...before.contents, [name]: content && digest(content) },
    }));
    plan.contents.set(JSON.stringify([payment, name]), { ...one, at });
  }
  return plan;
};

const contentsOf = ({ sealed = [], transcripts = [] }: JournalWrite): readonly Content[] => [
  ...sealed.map(({ payment, name, value }) => ({ payment, name, content: value })),
  ...transcripts.map(({ payment, text }) => ({
    payment,
    name: 'transcript' as const,
    content: deflateRawSync(text),
  })),
];
