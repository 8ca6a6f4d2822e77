// Opens the journal of argv[2] as the present release does, or as the one to come (argv[3]),
// says what came of it, and waits to be ended.
import { openJournal } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import { START_MS } from '#test/ports/journal-suite.ts';
import { slowBack, slowForth } from './later-steps.ts';
import { quiet } from './support.ts';

const [, , path = '', which] = process.argv;
const steps = which === 'slowForth' ? slowForth : slowBack;
const options = { path, log: quiet, wallMs: () => START_MS };
const journal = await openJournal(which === 'present' ? options : { ...options, steps });
const refusal = isFault(journal) ? journal : journal.refusal();
process.stdout.write(`${refusal?.detail ?? 'open'}\n`);
setInterval(() => {}, 1000);
