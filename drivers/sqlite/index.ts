/** The journal in one SQLite file: fills ports/journal.ts. */
export type { JournalOptions } from './holder.ts';
export { openJournal } from './journal.ts';
