/**
 * Kills a process that installs releases onto the real disk, at random moments, and starts the real
 * launcher after each:
 *   node scripts/power-cuts.ts [--kills 200 --seed 1 --keep]
 * Ends with 1 when anything but the old or the new release was started, whole.
 */
import { parseArgs } from 'node:util';
import { killInstalls } from './power-cuts/campaign.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const { kills, seed, keep } = values;
const report = await killInstalls({ kills: Number(kills), seed: Number(seed), keep });
for (const [phase, times] of [...report.phases].sort()) {
  console.log(`${times.toString().padStart(5)} killed in ${phase}`);
}
for (const line of report.broken) console.log(line);
console.log(
  `${report.kills} kills, seed ${seed}: the old release started ${report.old} times, the new one ` +
    `${report.new} times; ${report.finished} installs ended before the kill; ` +
    `${report.broken.length} broken`,
);
if (report.folder !== undefined) console.log(`everything is kept in ${report.folder}`);
process.exitCode = report.broken.length === 0 ? 0 : 1;
