/**
 * Damages payment codes and watches what is made of them:
 *   npm run fuzz-codes [-- --count 100000] [--seed 1]
 * Ends with 1 when something throws, is decoded to something else, or is refused unclearly.
 */
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { codes } from '#config/codes-config.ts';
import { ALL_CODES } from '#test/qr/samples.ts';
import { fuzzCodes } from './fuzz/codes.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});

const began = performance.now();
const report = fuzzCodes(ALL_CODES, v.parse(codes, {}), Number(values.count), Number(values.seed));
const seconds = ((performance.now() - began) / 1000).toFixed(1);
for (const [outcome, times] of [...report.outcomes].sort()) console.log(`${outcome}: ${times}`);
for (const failure of report.failures.slice(0, 10)) console.log(failure);
console.log(
  `seed ${values.seed}: ${report.codes} damaged codes in ${seconds} s, ` +
    `${report.failures.length} failures, the slowest ${report.slowestMs.toFixed(2)} ms`,
);
process.exitCode = report.failures.length === 0 ? 0 : 1;
