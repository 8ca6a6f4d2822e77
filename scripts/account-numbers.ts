/**
 * Sends fictitious account numbers through every path of the terminal, and looks for them in all
 * that it wrote, said and showed:
 *   npm run account-numbers -- [--count 10000] [--seed 1] [--after 0] [--batch 1000]
 * Ends with 1 when a number, track 2 or a PIN block was found anywhere, and says where.
 */
import { parseArgs } from 'node:util';
import { sweep } from '#test/support/account-numbers/sweep.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    after: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    batch: { type: 'string', default: '1000' },
  },
});
const startedMs = performance.now();
const { found, ends, numbers, transcripts, bytesSearched } = await sweep({
  count: Number(values.count),
  seed: Number(values.seed),
  after: Number(values.after),
  batch: Number(values.batch),
});
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
for (const [end, count] of [...ends].sort()) process.stdout.write(`${count}\t${end}\n`);
for (const { what, form, place, digits, around } of found.slice(0, 50)) {
  process.stdout.write(`FOUND ${what} ${digits} (${form}) in ${place}\n      ${around}\n`);
}
process.stdout.write(
  `${numbers} account numbers in ${seconds} s: ${found.length} found in ` +
    `${(bytesSearched / 1e6).toFixed(0)} MB and ${transcripts} transcripts\n`,
);
process.exitCode = found.length === 0 ? 0 : 1;
