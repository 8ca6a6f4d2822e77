// Looks at the journal argv[2] as somebody who has no rights to it, and tells what is said of it:
// one line of JSON. Root may look everywhere, so it becomes somebody else.
import { listPayments, verifyFile } from '#drivers/sqlite/index.ts';

const [, , path = ''] = process.argv;
if (process.getuid?.() === 0) process.setuid?.(65534);
process.stdout.write(JSON.stringify([verifyFile(path), listPayments(path, 1)]));
