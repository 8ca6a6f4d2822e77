// Signs in at the database argv[2] as somebody who has no rights to it, and tells what is said: root
// may look everywhere, so it becomes somebody else.
import { openPeople } from '#drivers/people/index.ts';
import { ANN } from '#test/ports/people-suite.ts';
import { keptLog } from '#test/support/kept-log.ts';

const [, , path = ''] = process.argv;
if (process.getuid?.() === 0) process.setuid?.(65534);
const people = openPeople({ path, log: keptLog(), wallMs: Date.now, monotonicMs: Date.now });
process.stdout.write(JSON.stringify(await people.signIn('Ann', ANN)));
