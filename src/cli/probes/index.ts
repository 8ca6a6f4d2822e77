/** What a self-test looks at, and the doctor where no terminal runs: nothing of it is changed. */
export { displayProbe } from './display.ts';
export { hostProbe } from './host.ts';
export { journalProbe } from './journal.ts';
export { readerProbe } from './reader.ts';
