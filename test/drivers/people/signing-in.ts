// Signs Ann in at the database argv[2], and tells what is said of it: for a world that is made for
// one process only.
import { openPeople } from '#drivers/people/index.ts';
import { ANN } from '#test/ports/people-suite.ts';
import { keptLog } from '#test/support/kept-log.ts';

const [, , path = ''] = process.argv;
const people = openPeople({ path, log: keptLog(), wallMs: Date.now, monotonicMs: Date.now });
process.stdout.write(JSON.stringify(await people.signIn('Ann', ANN)));
