import { fault } from '#ports/fault.ts';
import type { Entry, Journal, JournalWrite } from '#ports/journal.ts';
import { type Durable, memoryJournal } from '#test/support/memory-journal.ts';
import { type Life, never } from './life.ts';
import type { World } from './world.ts';

/** The disk of the terminal: it outlives every process. */
export interface Disk {
  /** The journal as one life of the terminal has it. */
  journalFor(life: Life): Journal;
  durable(): Durable;
  /** Whether a write was refused since that time. */
  failedSince(ms: number): boolean;
  /** Space is made. */
  heal(): void;
}

const FULL = fault('journal', 'the disk is full');

export const createDisk = (world: World): Disk => {
  const { agenda, random: source, terminalWallMs: wallMs, count } = world;
  const random = source.fork('disk');
  const memory = random.chance(0.1) ? memoryJournal(wallMs, worn(wallMs())) : memoryJournal(wallMs);
  let fullUntilMs = -1;
  let failedMs = -1;
  const isFull = () => agenda.nowMs() < fullUntilMs;

  const append = async (write: JournalWrite, life: Life) => {
    const { disk } = world.weather();
    await agenda.sleep(random.between(0, 8));
    if (!life.alive) return never<undefined>();
    if (random.chance(disk.crashBefore)) {
      world.crash('before a write was durable');
      return never<undefined>();
    }
    if (random.chance(disk.full)) fullUntilMs = agenda.nowMs() + random.between(50, 60_000);
    if (isFull() || random.chance(disk.failure)) {
      count('failed writes');
      failedMs = agenda.nowMs();
      world.trace('disk', 'refuses a write', write.entries);
      world.watch.unwritten(write);
      return isFull() ? FULL : fault('journal', 'the disk reports an error');
    }
    const problem = await memory.append(write);
    world.trace('disk', problem?.detail ?? 'wrote', write.entries);
    if (problem !== undefined) {
      failedMs = agenda.nowMs();
      world.watch.unwritten(write);
    } else world.watch.written(write, memory.durable());
    countEvents(write, count);
    if (random.chance(disk.crashAfter)) {
      world.crash('after a write was durable');
      return never<undefined>();
    }
    await agenda.sleep(random.between(0, 2));
    return problem;
  };
  const journalFor = (life: Life): Journal => {
    const read = async <T>(work: () => Promise<T>): Promise<T> => {
      if (!life.alive) return never();
      if (random.chance(0.3)) await agenda.sleep(random.next());
      return life.sees(work());
    };
    return {
      ...readsOf(memory, read),
      refusal: () => (isFull() ? FULL : undefined),
      append: (write) => life.sees(append(write, life)),
      close: async () => undefined,
    };
  };
  return {
    journalFor,
    durable: memory.durable,
    failedSince: (ms) => failedMs >= ms,
    heal: () => {
      fullUntilMs = -1;
    },
  };
};

const countEvents = ({ entries }: JournalWrite, count: World['count']): void => {
  count('writes');
  for (const { event, data } of entries) {
    if (event === 'acceptedOffline') count(`taken without the host: ${data['offline']}`);
    if (event === 'forwardRefused') count('refused when forwarded');
  }
};

type Read = <T>(work: () => Promise<T>) => Promise<T>;

const readsOf = (memory: Journal, read: Read): Omit<Journal, 'refusal' | 'append' | 'close'> => ({
  payment: (id) => read(() => memory.payment(id)),
  byTillId: (id) => read(() => memory.byTillId(id)),
  openPayments: () => read(() => memory.openPayments()),
  unsettledPayments: () => read(() => memory.unsettledPayments()),
  countUnsettled: (state) => read(() => memory.countUnsettled(state)),
  latestPayments: (most) => read(() => memory.latestPayments(most)),
  entriesOf: (id) => read(() => memory.entriesOf(id)),
  latestOwn: (event) => read(() => memory.latestOwn(event)),
  ownEntries: (event) => read(() => memory.ownEntries(event)),
  latestOwnEntries: (events, most) => read(() => memory.latestOwnEntries(events, most)),
  findPayments: (query) => read(() => memory.findPayments(query)),
  latestOf: (events) => read(() => memory.latestOf(events)),
  sealed: (id, name) => read(() => memory.sealed(id, name)),
  transcript: (id) => read(() => memory.transcript(id)),
  inspect: (from, most) => read(() => memory.inspect(from, most)),
  retain: (limits) => read(() => memory.retain(limits)),
});

/** A journal of many days: the trace numbers are about to begin anew. */
const worn = (nowMs: number): Durable => {
  const hash = (sequence: number) => sequence.toString(16).padStart(64, '0');
  const entry = (sequence: number, event: string, data: Entry['data']): Entry => ({
    ...{ sequence, previous: hash(sequence - 1), hash: hash(sequence) },
    ...{ payment: null, event, atMs: nowMs - 60_000, data },
  });
  const asked = { period: 41, transmitted: '0614180000', batches: [], stan: 999_995 };
  return {
    entries: [
      entry(1, 'reconciliationAsked', asked),
      entry(2, 'reconciliationAnswered', { period: 41, currencies: [] }),
    ],
    rows: new Map(),
    contents: new Map(),
  };
};
