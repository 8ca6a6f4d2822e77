import { describeJournal } from '#test/ports/journal-suite.ts';
import { place } from './support.ts';

describeJournal('the SQLite file', async () => {
  const { open, remove } = await place();
  return { open: () => open(), close: remove };
});
