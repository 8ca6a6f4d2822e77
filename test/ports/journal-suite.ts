import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Journal, JournalWrite, NewEntry, PaymentRow } from '#ports/journal.ts';

/** A journal under test; `reopen` closes it and opens what it left behind. */
export interface JournalBench {
  open(): Promise<Journal>;
  close(): Promise<void>;
}

export const START_MS = Date.UTC(2026, 0, 1, 12);

/** The value, or the fault's own words as a failed test. */
export const got = <T>(outcome: T | Fault): T => {
  if (isFault(outcome)) throw new Error(`${outcome.fault}: ${outcome.detail}`);
  return outcome;
};

export const entry = (payment: string | null, event: string, data = {}): NewEntry => ({
  payment,
  event,
  atMs: START_MS,
  data,
});

export const row = (id: string, more: Partial<PaymentRow> = {}): PaymentRow => ({
  id,
  tillId: `till-${id}`,
  state: 'asking',
  open: true,
  settled: false,
  startedMs: START_MS,
  record: { amountMinor: 1250 },
  ...more,
});

/** A payment's request as it goes out: one write. */
export const asked = (id: string, more: Partial<PaymentRow> = {}): JournalWrite => ({
  entries: [entry(id, 'started', { amountMinor: 1250 }), entry(id, 'asked')],
  rows: [row(id, more)],
});

/** And its end. */
export const settled = (id: string, more: Partial<PaymentRow> = {}): JournalWrite => ({
  entries: [entry(id, 'approved', { code: '00' })],
  rows: [row(id, { state: 'approved', open: false, settled: true, ...more })],
});

const ids = (rows: readonly PaymentRow[] | Fault): string[] => got(rows).map(({ id }) => id);
const DAY_MS = 86_400_000;
const LATER_MS = START_MS + 8 * DAY_MS;
const NOTHING_OLD = { olderThanMs: 1e12, largerThanBytes: 1e12, nowMs: START_MS };

/** Behaviour that every Journal has, whatever stands behind it. */
export const describeJournal = (name: string, prepare: () => Promise<JournalBench>): void => {
  describe(`${name} as a journal`, () => {
    let bench: JournalBench;
    let journal: Journal;
    beforeEach(async () => {
      bench = await prepare();
      journal = await bench.open();
    });
    afterEach(async () => {
      await journal.close();
      await bench.close();
    });
    const write = async (one: JournalWrite): Promise<void> => {
      expect(await journal.append(one)).toBeUndefined();
    };
    const reopen = async (): Promise<void> => {
      await journal.close();
      journal = await bench.open();
    };

    test('is ready when it is new, and empty', async () => {
      expect(journal.refusal()).toBeUndefined();
      expect(await journal.openPayments()).toEqual([]);
      expect(await journal.latestPayments(10)).toEqual([]);
      expect(await journal.payment('p1')).toBeUndefined();
      expect(await journal.byTillId('till-p1')).toBeUndefined();
      expect(await journal.latestOwn('signedOn')).toBeUndefined();
      expect(await journal.entriesOf('p1')).toEqual([]);
    });

    test('numbers entries from 1 without gaps, each with the hash of the one before', async () => {
      await write(asked('p1'));
      await write({ entries: [entry(null, 'signedOn')] });
      await write(settled('p1'));
      const [first, second, third] = got(await journal.entriesOf('p1'));
      const own = got(await journal.latestOwn('signedOn'));
      expect([first, second, own, third].map((one) => one?.sequence)).toEqual([1, 2, 3, 4]);
      expect(first?.previous).toBe('0'.repeat(64));
      expect(second?.previous).toBe(first?.hash);
      expect(own?.previous).toBe(second?.hash);
      expect(third?.previous).toBe(own?.hash);
      expect(third).toMatchObject({ event: 'approved', atMs: START_MS, data: { code: '00' } });
    });

    test('still has all of it when it is opened again', async () => {
      await write(asked('p1'));
      await write(settled('p1', { record: { amountMinor: 1250, texts: ['ü', '💳', '\u0000'] } }));
      await write({ entries: [entry(null, 'signedOn', { stan: 7 })] });
      const before = [await journal.payment('p1'), await journal.entriesOf('p1')];
      await reopen();
      expect([await journal.payment('p1'), await journal.entriesOf('p1')]).toEqual(before);
      expect(got(await journal.latestOwn('signedOn'))?.data).toEqual({ stan: 7 });
      await write(asked('p2'));
      expect(got(await journal.entriesOf('p2'))[0]?.sequence).toBe(5);
    });

    test('keeps what was written, not what the caller made of it later', async () => {
      const record = { amountMinor: 1250 };
      await write({ entries: [entry('p1', 'started', record)], rows: [row('p1', { record })] });
      record.amountMinor = 1;
      expect(got(await journal.payment('p1'))?.record).toEqual({ amountMinor: 1250 });
      expect(got(await journal.entriesOf('p1'))[0]?.data).toEqual({ amountMinor: 1250 });
    });

    test('finds a payment by its id and by that of the till', async () => {
      await write(asked('p1'));
      await write(asked('p2', { tillId: null }));
      await write(asked('p3', { tillId: null }));
      expect(got(await journal.payment('p1'))).toEqual(row('p1'));
      expect(got(await journal.byTillId('till-p1'))?.id).toBe('p1');
      expect(await journal.byTillId('p1')).toBeUndefined();
    });

    test('gives an id of the till to one payment only, and writes nothing of another', async () => {
      await write(asked('p1'));
      const twice = await journal.append(asked('p2', { tillId: 'till-p1' }));
      expect(twice).toMatchObject({ fault: 'journal' });
      expect(await journal.payment('p2')).toBeUndefined();
      expect(await journal.entriesOf('p2')).toEqual([]);
      expect(journal.refusal()).toBeUndefined();
      await write(asked('p3'));
      expect(got(await journal.entriesOf('p3'))[0]?.sequence).toBe(3);
    });

    test('lists open and unsettled ones oldest first, the latest newest first', async () => {
      await write(asked('p3', { startedMs: START_MS + 3 }));
      await write(asked('p1', { startedMs: START_MS + 1 }));
      await write(asked('p2', { startedMs: START_MS + 2 }));
      await write(asked('p4', { startedMs: START_MS + 3 }));
      await write({
        entries: [entry('p1', 'approved')],
        rows: [row('p1', { startedMs: START_MS + 1, open: false })],
      });
      await write(settled('p2', { startedMs: START_MS + 2 }));
      expect(ids(await journal.openPayments())).toEqual(['p3', 'p4']);
      expect(ids(await journal.unsettledPayments())).toEqual(['p1', 'p3', 'p4']);
      expect(ids(await journal.latestPayments(3))).toEqual(['p4', 'p3', 'p2']);
    });

    test("gives the terminal's own entries of an event, oldest first", async () => {
      await write({ entries: [entry(null, 'decision', { number: 1 })] });
      await write(asked('p1'));
      await write({ entries: [entry('p1', 'decision'), entry(null, 'audit')] });
      await write({ entries: [entry(null, 'decision', { number: 2 })] });
      await reopen();
      const own = got(await journal.ownEntries('decision'));
      expect(own).toMatchObject([
        { sequence: 1, payment: null, event: 'decision', data: { number: 1 } },
        { sequence: 6, payment: null, event: 'decision', data: { number: 2 } },
      ]);
      expect(await journal.ownEntries('signedOn')).toEqual([]);
    });

    test('and those of several events, the latest first and so many of them', async () => {
      for (const event of ['audit', 'decision', 'upkeep', 'audit', 'decision', 'audit']) {
        await write({ entries: [entry(null, event)] });
      }
      await write({ entries: [entry('p1', 'audit')] });
      const latest = async (count: number) =>
        got(await journal.latestOwnEntries(['audit', 'decision'], count)).map(
          ({ sequence, event }) => `${sequence} ${event}`,
        );
      expect(await latest(4)).toEqual(['6 audit', '5 decision', '4 audit', '2 decision']);
      expect(await latest(9)).toHaveLength(5);
      expect(await journal.latestOwnEntries([], 9)).toEqual([]);
    });

    test('finds payments by what a person knows of them, the latest first', async () => {
      const record = (amountMinor: number, maskedPan: string, approvedMinor?: number) => ({
        record: {
          amountMinor,
          card: { maskedPan },
          ...(approvedMinor === undefined ? {} : { approvedMinor }),
        },
      });
      await write(asked('P-one', { startedMs: START_MS + 1, ...record(1250, '541333******0010') }));
      await write(asked('P-two', { startedMs: START_MS + 3, ...record(900, '476173******0036') }));
      await write(
        settled('P-three', { startedMs: START_MS + 2, ...record(2000, '476173******0010', 1250) }),
      );
      const found = async (text: string) => ids(await journal.findPayments({ text, count: 10 }));
      expect(await found('p-t')).toEqual(['P-two', 'P-three']);
      expect(await found('TILL-p-one')).toEqual(['P-one']);
      expect(await found('476173')).toEqual(['P-two', 'P-three']);
      expect(await found(' 4761 73** **** 0010 ')).toEqual(['P-three']);
      for (const amount of ['12.50', '12,50', '1250']) {
        expect(await found(amount)).toEqual(['P-three', 'P-one']);
      }
      expect(await found('2500')).toEqual([]);
      expect(await found(' ')).toEqual([]);
      expect(await found('100%')).toEqual([]);
    });

    test('lists payments in pages and by state, none twice and none left out', async () => {
      for (let i = 0; i < 250; i++) {
        const id = `p${String(i).padStart(3, '0')}`;
        // Several began in the same millisecond.
        const times = { startedMs: START_MS + Math.floor(i / 7) };
        await write(i % 2 === 0 ? settled(id, times) : asked(id, times));
      }
      const pages = async (count: number, state?: string): Promise<string[]> => {
        const seen: string[] = [];
        let before: { startedMs: number; id: string } | undefined;
        for (;;) {
          const rows: readonly PaymentRow[] = got(
            await journal.findPayments({
              count,
              ...(state === undefined ? {} : { state }),
              ...(before === undefined ? {} : { before }),
            }),
          );
          seen.push(...rows.map(({ id }) => id));
          before = rows.at(-1);
          if (rows.length < count) return seen;
        }
      };
      const all = await pages(33);
      expect(all).toEqual([...all].sort().reverse());
      expect(new Set(all).size).toBe(250);
      expect(await pages(120)).toEqual(all);
      expect(await pages(1000)).toEqual(all);
      const approved = all.filter((id) => Number(id.slice(1)) % 2 === 0);
      expect(await pages(33, 'approved')).toEqual(approved);
      expect(await pages(33, 'nothing')).toEqual([]);
      const query = { text: 'p24', state: 'approved', count: 3 };
      expect(ids(await journal.findPayments(query))).toEqual(['p248', 'p246', 'p244']);
    });

    test('keeps sealed account data until they are erased', async () => {
      const value = Uint8Array.of(1, 2, 3);
      await write({ ...asked('p1'), sealed: [{ payment: 'p1', name: 'account', value }] });
      await reopen();
      expect(got(await journal.sealed('p1', 'account'))).toEqual(value);
      expect(await journal.sealed('p1', 'track2')).toBeUndefined();
      await write({ ...settled('p1'), sealed: [{ payment: 'p1', name: 'account', value: null }] });
      expect(await journal.sealed('p1', 'account')).toBeUndefined();
      expect(got(await journal.inspect(1, 100)).state.chain).toBe('whole');
    });

    test('keeps transcripts, the latest of a payment', async () => {
      const text = '> 00A40400\n< 9000\n'.repeat(50);
      await write({ ...asked('p1'), transcripts: [{ payment: 'p1', text: 'first' }] });
      await write({ ...settled('p1'), transcripts: [{ payment: 'p1', text }] });
      await reopen();
      expect(await journal.transcript('p1')).toBe(text);
      expect(await journal.transcript('p2')).toBeUndefined();
      expect(got(await journal.inspect(1, 100)).state.chain).toBe('whole');
    });

    test('chains what comes without an entry of its payment by one that says "kept"', async () => {
      await write({ entries: [entry(null, 'upkeep')], rows: [row('p1')] });
      expect(got(await journal.entriesOf('p1'))).toMatchObject([{ sequence: 2, event: 'kept' }]);
    });

    test('looks at itself in slices, from the first entry to the last', async () => {
      for (let i = 0; i < 10; i++) await write(asked(`p${i}`));
      let from: number | undefined = 1;
      let seen = 0;
      while (from !== undefined) {
        const { state, next }: Awaited<ReturnType<typeof inspected>> = await inspected(from);
        if (state.chain === 'broken') throw new Error(state.problem);
        seen += state.entries;
        from = next;
      }
      expect(seen).toBe(20);
    });
    const inspected = async (from: number) => got(await journal.inspect(from, 7));

    test('removes what is settled and old, and nothing else', async () => {
      await write(asked('open', { startedMs: START_MS - 5000 }));
      await write({
        entries: [entry('owed', 'approved')],
        rows: [row('owed', { open: false, startedMs: START_MS - 4000 })],
      });
      const value = Uint8Array.of(1);
      await write({
        ...asked('old', { startedMs: START_MS - 3000 }),
        transcripts: [{ payment: 'old', text: 'text' }],
        sealed: [{ payment: 'old', name: 'track2', value }],
      });
      await write(settled('old', { startedMs: START_MS - 3000 }));
      await write(settled('young', { startedMs: START_MS - 1000 }));
      const removed = await journal.retain({ ...NOTHING_OLD, olderThanMs: 2000 });
      expect(removed).toBe(1);
      expect(ids(await journal.latestPayments(10))).toEqual(['young', 'owed', 'open']);
      expect(await journal.entriesOf('old')).toEqual([]);
      expect(await journal.byTillId('till-old')).toBeUndefined();
      expect(await journal.transcript('old')).toBeUndefined();
      expect(await journal.sealed('old', 'track2')).toBeUndefined();
      expect(got(await journal.latestOwn('removed'))?.data['payments']).toBe(1);
      await reopen();
      expect(journal.refusal()).toBeUndefined();
      expect(got(await journal.inspect(1, 100)).state.chain).toBe('whole');
      expect(await journal.retain({ ...NOTHING_OLD, olderThanMs: 2000 })).toBe(0);
    });

    test('removes the oldest settled payments while it is too large', async () => {
      for (let i = 0; i < 40; i++) {
        const times = { startedMs: START_MS + i, record: { text: 'x'.repeat(20_000) } };
        await write(i === 3 ? asked('open', times) : settled(`p${i}`, times));
      }
      await write({ entries: [{ ...entry(null, 'upkeep'), atMs: LATER_MS }] });
      const limits = { ...NOTHING_OLD, nowMs: LATER_MS, largerThanBytes: 400_000 };
      const removed = got(await journal.retain(limits));
      expect(removed).toBeGreaterThan(10);
      expect(removed).toBeLessThan(39);
      const left = ids(await journal.latestPayments(100));
      expect(left).toHaveLength(40 - removed);
      expect(left.at(-1)).toBe('open');
      expect(left[0]).toBe('p39');
    });

    test('keeps payments of the last days however large it is: tills may ask again', async () => {
      await write(settled('p1', { startedMs: START_MS - 6 * DAY_MS }));
      await write(settled('p0', { startedMs: START_MS - 8 * DAY_MS }));
      expect(await journal.retain({ ...NOTHING_OLD, largerThanBytes: 0 })).toBe(1);
      expect(got(await journal.byTillId('till-p1'))?.state).toBe('approved');
      expect(await journal.retain({ ...NOTHING_OLD, largerThanBytes: 0 })).toBe(0);
    });

    test('does not believe a clock that is far ahead of its last entry', async () => {
      await write(settled('p1'));
      const ahead = { ...NOTHING_OLD, nowMs: START_MS + 1000 * DAY_MS };
      expect(await journal.retain({ ...ahead, largerThanBytes: 0 })).toBe(0);
      expect(await journal.retain({ ...ahead, olderThanMs: 400 * DAY_MS })).toBe(0);
      await write(settled('p0', { startedMs: START_MS - 400 * DAY_MS }));
      await write(settled('p2', { startedMs: START_MS - 398.5 * DAY_MS }));
      // What is old all the same goes, and does not make the clock believable.
      for (const removed of [1, 0, 0]) {
        expect(await journal.retain({ ...ahead, olderThanMs: 400 * DAY_MS })).toBe(removed);
      }
      expect(ids(await journal.latestPayments(9))).toEqual(['p1', 'p2']);
    });

    test('says that it was closed', async () => {
      await journal.close();
      expect(journal.refusal()).toMatchObject({ fault: 'journal' });
      expect(await journal.append(asked('p1'))).toMatchObject({ fault: 'journal' });
      expect(await journal.payment('p1')).toMatchObject({ fault: 'journal' });
    });
  });
};
