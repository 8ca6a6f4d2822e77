import { describe, expect, it } from 'vitest';
import { withRiders } from '#payment/riders.ts';
import { fault } from '#ports/fault.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';

const entry = (event: string) => ({ payment: null, event, atMs: 1, data: {} });
const open = () => {
  const memory = memoryJournal(() => 1);
  return { memory, journal: withRiders(memory) };
};
type Opened = ReturnType<typeof open>;
const written = async ({ journal }: Opened): Promise<readonly string[]> => {
  const found = await journal.latestOwnEntries(['first', 'rides', 'written', 'last'], 10);
  if ('fault' in found) throw new Error(found.detail);
  return found.map(({ event }) => event).toReversed();
};

describe('an entry that rides', () => {
  it('is written with the next write, before it, and once', async () => {
    const opened = open();
    opened.journal.ride(entry('rides'));
    expect(await written(opened)).toEqual([]);
    await opened.journal.append({ entries: [entry('written')] });
    await opened.journal.append({ entries: [entry('last')] });
    expect(await written(opened)).toEqual(['rides', 'written', 'last']);
  });

  it('goes with the write after one that failed', async () => {
    const memory = memoryJournal(() => 1);
    let full = true;
    const failing: typeof memory.append = async (write) =>
      full ? fault('journal', 'full') : memory.append(write);
    const journal = withRiders({ ...memory, append: failing });
    journal.ride(entry('first'));
    expect(await journal.append({ entries: [entry('written')] })).toBeDefined();
    journal.ride(entry('rides'));
    full = false;
    await journal.append({ entries: [entry('last')] });
    expect(await written({ memory, journal })).toEqual(['first', 'rides', 'last']);
  });

  it('is one of a hundred at most: without a write nothing came of those before', async () => {
    const opened = open();
    for (let n = 0; n < 150; n++) opened.journal.ride(entry('rides'));
    await opened.journal.append({ entries: [] });
    const found = await opened.journal.latestOwnEntries(['rides'], 1000);
    expect(found).toHaveLength(100);
  });
});
