// Holds the lock of argv[2] until it is killed.
import { machineDisk } from '#drivers/disk/index.ts';

const [, , path = ''] = process.argv;
const lock = await machineDisk.lock(path);
process.stdout.write(typeof lock === 'object' && 'release' in lock ? 'held\n' : 'not held\n');
setInterval(() => {}, 1000);
