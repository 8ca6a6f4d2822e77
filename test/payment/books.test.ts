import { asyncScheduler, firstValueFrom } from 'rxjs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Books, openBooks, owed, type PaymentRecord } from '#payment/index.ts';
import { fault, isFault } from '#ports/fault.ts';
import { type Durable, type MemoryJournal, memoryJournal } from '#test/support/memory-journal.ts';

let nowMs = Date.UTC(2026, 10, 22, 12, 0, 0);
const clock = { wallMs: () => ++nowMs, monotonicMs: () => nowMs, scheduler: asyncScheduler };
const lines: string[] = [];
const line = (_: unknown, message: string) => void lines.push(message);
const log = { debug: line, info: line, warn: line, error: line };

let journal: MemoryJournal;
let books: Books;

const open = async (durable?: Durable) => {
  journal = memoryJournal(clock.wallMs, durable);
  books = await openBooks({ journal, clock, log });
};

const taken = (id: string, more: Partial<PaymentRecord> = {}): PaymentRecord => ({
  id,
  kind: 'purchase',
  state: 'new',
  startedMs: clock.wallMs(),
  amountMinor: 1250,
  currency: 840,
  ...more,
});
const request = (stan: string) => ({
  request: { mti: '0100', localTime: '261122120000', fields: { 11: stan, 7: '1122120000' } },
});
const noted = async (...args: Parameters<Books['note']>): Promise<PaymentRecord> => {
  const record = await books.note(...args);
  if (isFault(record)) throw new Error(record.detail);
  return record;
};
const statesOpen = async () =>
  (await firstValueFrom(books.open$)).map(({ id, state }) => `${id} ${state}`);

beforeEach(() => open());

describe('the books', () => {
  test('hold a payment once its event is written, by its own id and by the till’s', async () => {
    await noted(taken('A1', { tillId: 'till-1' }), 'asked', request('000001'));
    expect(await books.find('A1')).toMatchObject({ state: 'asking', amountMinor: 1250 });
    expect(await books.findByTillId('till-1')).toMatchObject({ id: 'A1' });
    expect(await books.find('A2')).toBeUndefined();
    expect(await statesOpen()).toEqual(['A1 asking']);
  });

  test('write all that was known with the first event, and what is new with the next', async () => {
    const asking = await noted(taken('A1'), 'asked', request('000001'));
    await noted(asking, 'approved', { period: 1 });
    const { entries } = journal.durable();
    expect(entries.map(({ event }) => event)).toEqual(['asked', 'approved']);
    expect(entries[0]?.data).toMatchObject({ kind: 'purchase', amountMinor: 1250 });
    expect(entries[1]?.data).toEqual({ period: 1 });
  });

  test('change nothing when a write fails, and say why', async () => {
    journal.failNext(fault('journal', 'the disk is full'));
    expect(await books.note(taken('A1'), 'asked')).toMatchObject({ detail: 'the disk is full' });
    expect(await statesOpen()).toEqual([]);
    expect(await books.find('A1')).toBeUndefined();
  });

  test('write several events together or none of them', async () => {
    const held = await noted(await noted(taken('A1'), 'asked'), 'preAuthorised');
    journal.failNext(fault('journal', 'the disk is full'));
    const both = [
      { payment: taken('B1', { kind: 'completion' }), event: 'acceptedOffline' as const },
      { payment: held, event: 'completed' as const },
    ];
    expect(await books.record(both)).toMatchObject({ fault: 'journal' });
    expect(await books.find('A1')).toMatchObject({ state: 'preAuthorised' });
    await books.record(both);
    expect(await books.find('A1')).toMatchObject({ state: 'completed' });
    expect(await statesOpen()).toEqual(['B1 queued']);
  });

  test('let a debt to the host count that could not be written, and write it later', async () => {
    const asking = await noted(taken('A1'), 'asked', request('000001'));
    journal.failNext(fault('journal', 'the disk is full'));
    await books.note(asking, 'reversalOwed', owed('noAnswer', nowMs));
    expect(await statesOpen()).toEqual(['A1 reversing']);
    expect(await books.find('A1')).toMatchObject({ state: 'asking' });
    await noted(taken('A2'), 'declined');
    expect(await books.find('A1')).toMatchObject({ state: 'reversing' });
    expect(journal.durable().entries.map(({ event }) => event)).toEqual([
      'asked',
      'reversalOwed',
      'declined',
    ]);
  });

  test('erase track 2 with the approval, and the number when nothing was paid', async () => {
    const value = Uint8Array.of(1, 2, 3);
    for (const [id, event] of [
      ['A1', 'approved'],
      ['A2', 'declined'],
    ] as const) {
      const sealed = (['account', 'track2'] as const).map((name) => ({ payment: id, name, value }));
      await noted(await noted(taken(id), 'asked', {}, { sealed }), event);
    }
    expect(await books.sealed('A1', 'account')).toEqual(value);
    expect(await books.sealed('A1', 'track2')).toBeUndefined();
    expect(await books.sealed('A2', 'account')).toBeUndefined();
  });
});

describe('after a crash', () => {
  test('a payment whose answer was never written is taken back before anything else', async () => {
    await noted(taken('A1'), 'asked', request('000001'));
    await open(journal.durable());
    expect(await statesOpen()).toEqual(['A1 reversing']);
    expect(await books.find('A1')).toMatchObject({
      state: 'reversing',
      reversal: { reason: 'interrupted' },
    });
  });

  test('a payment whose end a damaged journal has lost is left to people', async () => {
    await noted(taken('A1'), 'asked', request('000001'));
    const { entries, ...rest } = journal.durable();
    const [first] = entries;
    if (first === undefined) throw new Error('no entry');
    const recovered = {
      ...first,
      sequence: 2,
      payment: null,
      event: 'recovered',
      data: { doubtful: ['A1'] },
    };
    await open({ ...rest, entries: [first, recovered] });
    expect(await statesOpen()).toEqual(['A1 asking']);
    expect(lines).toContain('what came of it is lost: ask the host');
  });

  test('what waits to be forwarded and what is being taken back goes on, in order', async () => {
    await noted(taken('A1'), 'acceptedOffline', { offline: 'kernel' });
    await noted(await noted(taken('A2'), 'asked'), 'reversalOwed', owed('cancelled', nowMs));
    await noted(taken('A3'), 'acceptedOffline', { offline: 'deferred' });
    await open(journal.durable());
    expect(await statesOpen()).toEqual(['A1 queued', 'A2 reversing', 'A3 queued']);
  });

  test('what was approved stays approved', async () => {
    await noted(await noted(taken('A1'), 'asked'), 'approved');
    await open(journal.durable());
    expect(await statesOpen()).toEqual([]);
    expect(await books.find('A1')).toMatchObject({ state: 'approved' });
  });

  test('numbers go on after the last one that a payment had', async () => {
    expect(books.nextStan()).toBe(1);
    await noted(await noted(taken('A1'), 'asked', request('000731')), 'approved');
    await noted(taken('A2'), 'cancelled');
    await open(journal.durable());
    expect(books.nextStan()).toBe(732);
  });

  test('after 999999 comes 1', async () => {
    await noted(taken('A1'), 'asked', request('999999'));
    await open(journal.durable());
    expect(books.nextStan()).toBe(1);
  });
});

describe('a journal that can’t be used', () => {
  test('gives books that refuse until it can be read, and take back what was open', async () => {
    await noted(taken('A1'), 'asked', request('000001'));
    const before = journal.durable();
    journal = memoryJournal(clock.wallMs, before);
    journal.refuse(fault('journal', 'the disk is read-only'));
    books = await openBooks({ journal, clock, log });
    expect(await books.ready()).toMatchObject({ detail: 'the disk is read-only' });
    expect(books.refusal()).toMatchObject({ detail: 'the disk is read-only' });
    expect(await books.note(taken('A2'), 'asked')).toMatchObject({ fault: 'journal' });
    journal.refuse(undefined);
    expect(await books.ready()).toBeUndefined();
    expect(await statesOpen()).toEqual(['A1 reversing']);
  });
});

describe('a status that is asked for again and again', () => {
  test('says when the journal can be used again, without a sale', async () => {
    await noted(taken('A1'), 'asked', request('000001'));
    const before = journal.durable();
    journal = memoryJournal(clock.wallMs, before);
    journal.refuse(fault('journal', 'the disk is full'));
    books = await openBooks({ journal, clock, log });
    expect(books.refusal()).toMatchObject({ detail: 'the disk is full' });
    journal.refuse(undefined);
    books.refusal();
    await vi.waitFor(() => expect(books.refusal()).toBeUndefined());
    expect(await statesOpen()).toEqual(['A1 reversing']);
  });
});

describe('trace numbers', () => {
  test('go on after the last that was written, whatever the clock says', async () => {
    await noted(taken('A1'), 'asked', request('000007'));
    nowMs -= 600_000;
    await noted(taken('A2'), 'asked', request('000008'));
    await open(journal.durable());
    expect(books.nextStan()).toBe(9);
  });

  test('are found behind any number of payments that nobody made', async () => {
    await noted(taken('A1'), 'asked', request('000007'));
    for (let i = 0; i < 150; i++) await noted(taken(`B${i}`), 'timedOut');
    await open(journal.durable());
    expect(books.nextStan()).toBe(8);
  });
});
