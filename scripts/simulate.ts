/**
 * Lets a simulated shop live many short lives in which everything goes wrong:
 *   npm run simulate -- [--seed 1] [--runs 1000] [--run K] [--trace] [--till]
 * With --till, payments are asked for by nexo, by a till that never knows whether it was heard.
 * Ends with 1 when both sides of a payment don't agree, and says which run; --run repeats that one.
 */
import { parseArgs } from 'node:util';
import { simulate } from '#test/simulation/run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    run: { type: 'string' },
    trace: { type: 'boolean', default: false },
    till: { type: 'boolean', default: false },
    /** Goes on after this many broken runs. */
    'go-on': { type: 'string', default: '0' },
  },
});
const { seed } = values;
const first = Number(values.run ?? 1);
const last = values.run === undefined ? Number(values.runs) : first;
const total = new Map<string, number>();
let broken = 0;
let simulatedMs = 0;
let now = '';
process.on('unhandledRejection', (error) => {
  console.log(`seed ${seed} run ${now}: thrown and not caught:`, error);
  process.exit(1);
});
const began = performance.now();
for (let run = first; run <= last; run++) {
  now = `${run}`;
  const report = await simulate(`${seed}/${run}`, { traced: values.trace, nexo: values.till });
  for (const [what, count] of report.counts) total.set(what, (total.get(what) ?? 0) + count);
  simulatedMs += report.simulatedMs;
  if (run % 1_000 === 0) console.error(`${run} runs, ${broken} broken`);
  if (values.trace) console.log(report.trace.join('\n'));
  if (report.broken.length === 0) continue;
  broken += 1;
  console.log(`seed ${seed} run ${run} is broken:`);
  for (const what of report.broken) console.log(`  ${what}`);
  if (broken > Number(values['go-on'])) break;
}
const seconds = (performance.now() - began) / 1000;
for (const [what, count] of [...total].sort(([a], [b]) => a.localeCompare(b))) {
  console.log(`${count.toString().padStart(9)} ${what}`);
}
console.log(
  `seed ${seed}: ${now} runs, ${(simulatedMs / 3_600_000).toFixed(0)} simulated hours in ` +
    `${seconds.toFixed(1)} s, ${broken} broken`,
);
process.exitCode = broken === 0 ? 0 : 1;
