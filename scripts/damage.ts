/**
 * Damages every answer of every recorded tap in every way: cut at every length, each bit of each
 * byte flipped, every status word, every fault.
 *   npm run damage [-- --stride 1]
 * Ends with 1 when something throws, or approves offline on altered ground.
 */
import { parseArgs } from 'node:util';
import { campaign, transcriptsIn } from './fuzz/campaign.ts';

const { values } = parseArgs({ options: { stride: { type: 'string', default: '1' } } });
const how = { stride: Number(values.stride), masks: [1, 2, 4, 8, 16, 32, 64, 128] };

const totals = new Map<string, number>();
let taps = 0;
let failures = 0;
const files = transcriptsIn('test/transcripts');
for (const file of files) {
  const report = campaign(file, how);
  taps += report.taps;
  failures += report.failures.length;
  for (const [outcome, times] of report.outcomes) {
    totals.set(outcome, (totals.get(outcome) ?? 0) + times);
  }
  for (const failure of report.failures.slice(0, 3)) console.log(failure);
}
const outcomes = [...totals].map(([outcome, times]) => `${outcome} ${times}`).join(', ');
console.log(`${files.length} recorded taps, ${taps} damaged ones: ${outcomes}`);
console.log(`${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;
