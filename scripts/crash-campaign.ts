/**
 * Kills the real terminal at random moments while a till sells, refunds and reconciles, and looks
 * whether both sides of every payment agree:
 *   npm run crash-campaign [-- --kills 200 --seed 1 --keep --till]
 * With --till, payments are asked for by nexo, by a till that hangs up, breaks off, asks again and
 * asks for the status.
 * Ends with 1 when an invariant is broken, and says the seed, what, and where everything lies.
 */
import { parseArgs } from 'node:util';
import { runCampaign } from '#test/support/crash/campaign.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
    till: { type: 'boolean', default: false },
  },
});
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) {
  console.error('--kills is a whole number from 1');
  process.exit(2);
}
const { seed, keep, till: nexo } = values;
const report = await runCampaign({ seed, kills, keep, nexo, say: (line) => console.log(line) });
const table = (title: string, counted: ReadonlyMap<string, number>): void => {
  console.log(`${title}:`);
  for (const [what, count] of [...counted].sort(([a], [b]) => a.localeCompare(b))) {
    console.log(`${count.toString().padStart(7)} ${what}`);
  }
};
table('kills', report.kills);
table('what happened', report.counts);
table('payments at the end', report.payments);
const starts = report.startMs.toSorted((a, b) => a - b);
const median = starts[starts.length >> 1] ?? 0;
const total = [...report.kills.values()].reduce((sum, count) => sum + count, 0);
console.log(
  `starts: ${starts.length}, median ${median.toFixed(0)} ms, longest ` +
    `${(starts.at(-1) ?? 0).toFixed(0)} ms`,
);
console.log(
  `seed ${seed}: ${total} kills in ${report.minutes.toFixed(1)} minutes, ` +
    `${report.broken.length} invariants broken`,
);
if (report.folder !== undefined) console.log(`everything is kept in ${report.folder}`);
process.exitCode = report.broken.length === 0 ? 0 : 1;
