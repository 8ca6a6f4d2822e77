/**
 * Silences a reader that is reading a card, through a real pcscd, at moments of chance, and prints
 * how long after that a command was still handed over to pcscd, and came to the card:
 *   node scripts/measure-silence.ts [--trials 100] [--seed 1]
 * Ends with 1 when one was handed over later than 200 ms, or anything came to the card after the
 * reader had said that it is silent.
 */
import { parseArgs } from 'node:util';
import { randomFrom } from '#test/simulation/random.ts';
import { measureSilence, type SilenceTrial } from '#test/support/silence-measure.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const random = randomFrom(values.seed);
const trials = await measureSilence(Number(values.trials), () => random.between(0, 1000) / 1000);

const describe = (what: string, of: (trial: SilenceTrial) => number): string => {
  const sorted = trials.map(of).toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const later = sorted.filter((ms) => ms > 0).length;
  const most = sorted.at(-1) ?? 0;
  return `${what}: median ${median.toFixed(1)} ms, maximum ${most.toFixed(1)} ms (${later} later)`;
};
console.log(`${trials.length} trials, from the call on:`);
console.log(describe('last handed over to pcscd', (trial) => trial.lastHandedOverMs));
console.log(describe('last command at the card', (trial) => trial.lastCommandMs));
console.log(describe('last power-up of the card', (trial) => trial.lastPowerUpMs));
console.log(describe('the reader says that it is silent', (trial) => trial.saidMs));
const isLate = ({ lastHandedOverMs, lastCommandMs, lastPowerUpMs, saidMs }: SilenceTrial) =>
  lastHandedOverMs > 200 || Math.max(lastCommandMs, lastPowerUpMs) > saidMs;
process.exit(trials.some(isLate) ? 1 : 0);
