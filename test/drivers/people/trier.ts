// A second process at the database argv[2]: tries argv[3] wrong PINs for Ann at the same time, and
// says what came of each, as JSON.
import { openPeople } from '#drivers/people/index.ts';
import { keptLog } from '#test/support/kept-log.ts';
import { QUICK } from './support.ts';

const [, , path = '', count = '1'] = process.argv;
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
const people = openPeople({ path, log: keptLog(), wallMs: Date.now, monotonicMs, cost: QUICK });
// Everybody begins at once.
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const tries = Array.from({ length: Number(count) }, () => people.signIn('Ann', '999991'));
process.stdout.write(`${JSON.stringify(await Promise.all(tries))}\n`);
process.exit();
