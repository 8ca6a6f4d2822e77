import { describe, expect, it } from 'vitest';
import { isFault } from '#ports/fault.ts';
import type { Json } from '#ports/journal.ts';
import { type AuditLine, readAudit, writeAudit } from '#staff/index.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';

const AT_MS = Date.UTC(2026, 0, 1, 12);

const line = (more: Partial<AuditLine> = {}): AuditLine => ({
  atMs: AT_MS,
  person: 'Ann',
  role: 'manager',
  from: 'console',
  action: 'add person',
  subject: 'Bob',
  outcome: 'done',
  says: 'Bob may sign in as a cashier',
  ...more,
});

const journal = () => {
  const memory = memoryJournal(() => AT_MS);
  return {
    ...memory,
    text: () => JSON.stringify(memory.durable().entries),
    latestOwnEntries: async (events: readonly string[], count: number) =>
      memory
        .durable()
        .entries.filter(({ event, payment }) => payment === null && events.includes(event))
        .reverse()
        .slice(0, count),
  };
};

const read = async (from: ReturnType<typeof journal>, count = 10) => {
  const rows = await readAudit(from, count);
  if (isFault(rows)) throw new Error(rows.detail);
  return rows;
};

describe('the record of who did what', () => {
  it('gives back what was written, newest first, and no more than was asked for', async () => {
    const kept = journal();
    await writeAudit(kept, line());
    await kept.append({ entries: [{ payment: null, event: 'signedOn', atMs: AT_MS, data: {} }] });
    await writeAudit(kept, line({ subject: 'Eve', from: 'command line', outcome: 'refused' }));
    await writeAudit(kept, line({ subject: 'Zoë' }));
    expect(await read(kept, 2)).toEqual([
      { ...line({ subject: 'Zoë' }), sequence: 4 },
      { ...line({ subject: 'Eve', from: 'command line', outcome: 'refused' }), sequence: 3 },
    ]);
  });

  it.each([
    '4761739001010010',
    '4761 7390 0101 0010',
    'Card 4761-7390-0101-0010, please',
    '5413330089600010',
    '378282246310005',
  ])('never holds the account number in "%s"', async (text) => {
    const kept = journal();
    await writeAudit(kept, line({ action: text, subject: text, says: text }));
    await writeAudit(kept, line({ person: text, role: 'unknown' }));
    for (const [number = ''] of text.matchAll(/\d[\d -]+\d/g)) {
      expect(kept.text()).not.toContain(number);
      expect(kept.text()).not.toContain(number.replace(/\D/g, ''));
    }
    expect((await read(kept))[1]?.says).toMatch(/\d{6}\*+\d{4}/);
  });

  it.each(['271828', '٢٧١٨٢٨', '27 18 28', 'pin 271828', '4761739001010010', '', '  ', '!?'])(
    'has no name for who typed "%s" for one',
    async (typed) => {
      const kept = journal();
      await writeAudit(kept, line({ person: typed, role: 'unknown', outcome: 'refused' }));
      expect((await read(kept))[0]?.person).toBe('(no name)');
    },
  );

  it('keeps ids, times and amounts as they are', async () => {
    const kept = journal();
    const says =
      'void of 3f9c01d27a4b, 50.00 USD, at 2026-01-01T12:00:00.000Z until 2026-11-22 18:00';
    await writeAudit(kept, line({ subject: '018c34a7b2f1', says }));
    expect(await read(kept)).toMatchObject([{ subject: '018c34a7b2f1', says }]);
  });

  it('is one line, and not without end, whatever is typed', async () => {
    const kept = journal();
    await writeAudit(kept, line({ subject: 'a\nb\u2028c\u0000d', says: 'x'.repeat(10_000) }));
    const [row] = await read(kept);
    expect(row?.subject).toBe('a b c d');
    expect(row?.says).toHaveLength(400);
  });

  it('names the entry that is none', async () => {
    const kept = journal();
    const good = { ...line(), atMs: undefined };
    const bad: Readonly<Record<string, Json>>[] = [
      { person: 7 },
      { outcome: 'maybe' },
      { from: 'a' },
    ];
    for (const data of bad) {
      const text = JSON.parse(JSON.stringify({ ...good, ...data }));
      await kept.append({ entries: [{ payment: null, event: 'audit', atMs: AT_MS, data: text }] });
      const rows = await readAudit(kept, 1);
      expect(rows).toMatchObject({ fault: 'journal', detail: expect.stringMatching(/^entry \d /) });
    }
  });
});
