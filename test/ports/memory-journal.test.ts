import { describe, expect, test } from 'vitest';
import { fault } from '#ports/fault.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';
import { asked, describeJournal, START_MS } from './journal-suite.ts';

const wallMs = (): number => START_MS;

describeJournal('the journal in memory', async () => {
  let last = memoryJournal(wallMs);
  return {
    open: async () => {
      last = memoryJournal(wallMs, last.durable());
      return last;
    },
    close: async () => {},
  };
});

describe('the journal in memory', () => {
  test('fails once when told to, and writes nothing then', async () => {
    const journal = memoryJournal(wallMs);
    const full = fault('journal', 'the disk is full');
    journal.failNext(full);
    expect(await journal.append(asked('p1'))).toBe(full);
    expect(await journal.payment('p1')).toBeUndefined();
    expect(await journal.append(asked('p1'))).toBeUndefined();
  });

  test('starts again from what was written at a moment, without what came later', async () => {
    const journal = memoryJournal(wallMs);
    await journal.append(asked('p1'));
    const moment = journal.durable();
    await journal.append(asked('p2'));
    const again = memoryJournal(wallMs, moment);
    expect(await again.openPayments()).toMatchObject([{ id: 'p1' }]);
  });
});
