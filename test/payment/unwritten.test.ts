import { asyncScheduler, firstValueFrom } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Books, openBooks, owed, type PaymentRecord } from '#payment/index.ts';
import { fault, isFault } from '#ports/fault.ts';
import { type MemoryJournal, memoryJournal } from '#test/support/memory-journal.ts';

const clock = { wallMs: () => 1_781_514_000_000, monotonicMs: () => 0, scheduler: asyncScheduler };
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const full = fault('journal', 'the disk is full');
const back = owed('cancelled', clock.wallMs());

let journal: MemoryJournal;
let books: Books;
let asking: PaymentRecord;

const noted = async (...args: Parameters<Books['note']>): Promise<PaymentRecord> => {
  const record = await books.note(...args);
  if (isFault(record)) throw new Error(record.detail);
  return record;
};
const open = async () => (await firstValueFrom(books.open$)).map(({ state }) => state);
const written = () => [...journal.durable().rows.values()].map(({ state }) => state);

beforeEach(async () => {
  journal = memoryJournal(clock.wallMs);
  books = await openBooks({ journal, clock, log });
  const payment = {
    id: 'A1',
    kind: 'purchase',
    state: 'new',
    startedMs: clock.wallMs(),
    amountMinor: 1250,
    currency: 840,
  } as const;
  asking = await noted(payment, 'asked', {
    request: { mti: '0100', localTime: '260615090000', fields: { 11: '000001', 7: '0615090000' } },
  });
});

describe('a disk that takes no more', () => {
  test('lets what the host was asked be taken back all the same', async () => {
    journal.failNext(full);
    expect(await books.note(asking, 'reversalOwed', back)).toEqual(full);
    expect([await open(), written()]).toEqual([['reversing'], ['asking']]);
  });

  test('has that written as soon as it can be, before another payment is taken', async () => {
    journal.failNext(full);
    await books.note(asking, 'reversalOwed', back);
    expect(await books.ready()).toBeUndefined();
    expect(written()).toEqual(['reversing']);
  });

  test('lets no payment be taken while that can not be written', async () => {
    journal.failNext(full);
    await books.note(asking, 'reversalOwed', back);
    journal.failNext(full);
    expect(await books.ready()).toEqual(full);
  });

  test('lets nobody void an approval: after a power cut it would stand again', async () => {
    const approved = await noted(asking, 'approved', { period: 1 });
    journal.failNext(full);
    expect(await books.note(approved, 'reversalOwed', owed('voided', 1))).toEqual(full);
    expect([await open(), written()]).toEqual([[], ['approved']]);
  });

  test('does not let what was taken back be taken back twice', async () => {
    journal.failNext(full);
    await books.note(asking, 'reversalOwed', back);
    const [reversing] = await firstValueFrom(books.open$);
    if (reversing === undefined) throw new Error('nothing is taken back');
    journal.failNext(full);
    await books.note(reversing, 'reversalAcknowledged', { acknowledged: '00' });
    expect(await books.note(asking, 'reversalOwed', back)).toMatchObject({ fault: 'protocol' });
    await books.ready();
    expect(written()).toEqual(['reversed']);
  });

  test('at the start, has what a crash left open taken back once, under one identity', async () => {
    const again = memoryJournal(clock.wallMs, journal.durable());
    let wallMs = clock.wallMs();
    again.failNext(full);
    const later = { ...clock, wallMs: () => (wallMs += 5_000) };
    books = await openBooks({ journal: again, clock: later, log });
    const [first] = await firstValueFrom(books.open$);
    again.failNext(full);
    expect(await books.ready()).toEqual(full);
    expect(await books.ready()).toBeUndefined();
    expect(await firstValueFrom(books.open$)).toEqual([first]);
    const events = again.durable().entries.map(({ event }) => event);
    expect(events).toEqual(['asked', 'reversalOwed']);
  });

  test('lets what is owed be written once it takes more, though nobody pays', async () => {
    const again = memoryJournal(clock.wallMs, journal.durable());
    again.failNext(full);
    books = await openBooks({ journal: again, clock, log });
    const [reversing] = await firstValueFrom(books.open$);
    if (reversing === undefined) throw new Error('nothing is taken back');
    await noted(reversing, 'reversalAcknowledged', { acknowledged: '00' });
    expect([...again.durable().rows.values()].map(({ state }) => state)).toEqual(['reversed']);
  });
});
