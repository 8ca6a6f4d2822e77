/**
 * Switches contactless off while a terminal waits for a card or reads one, through a real pcscd,
 * and prints how long after the decision anything was still said to a reader or a card:
 *   node scripts/measure-switch.ts [--trials 100] [--seed 1]
 * Ends with 1 when something was handed over to pcscd later than 200 ms.
 */
import { parseArgs } from 'node:util';
import { randomFrom } from '#test/simulation/random.ts';
import { measureSwitch, type SwitchTrial } from '#test/support/switch-measure.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const random = randomFrom(values.seed);
const trials = await measureSwitch(Number(values.trials), () => random.between(0, 1000) / 1000);

const describe = (what: string, of: (trial: SwitchTrial) => number): string => {
  const sorted = trials.map(of).toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const most = sorted.at(-1) ?? 0;
  return `${what}: median ${median.toFixed(1)} ms, maximum ${most.toFixed(1)} ms`;
};
const reading = trials.filter(({ during }) => during === 'reading').length;
console.log(`${trials.length} decisions, ${reading} of them while a card was read:`);
console.log(describe('last handed over to pcscd', (trial) => trial.lastHandedOverMs));
console.log(describe('last command at the card', (trial) => trial.lastCommandMs));
console.log(describe('payment ended, shopper told', (trial) => trial.toldMs));
process.exit(trials.some(({ lastHandedOverMs }) => lastHandedOverMs > 200) ? 1 : 0);
