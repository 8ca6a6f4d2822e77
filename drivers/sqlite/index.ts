/** The journal in one SQLite file: fills ports/journal.ts. */

export { copyJournal, journalBytes } from './copy.ts';
export { exportJournal, listPayments, showPayment, showTranscript } from './export.ts';
export type { JournalOptions } from './holder.ts';
export { openJournal } from './journal.ts';
export { type JournalLook, lookAtJournal } from './look.ts';
export { type Recovery, recoverFile } from './recover.ts';
export { verifyFile } from './verify.ts';
