import { createReadStream, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { processSelfTest } from '#drivers/disk/index.ts';
import { type Job, type Outcome, type Progress, update } from '#upkeep/index.ts';
import { type ExitCode, exit, say } from '../exit.ts';
import { type Configuration, loadConfiguration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { knownIn } from './keeper-parts.ts';
import { openSource } from './open-source.ts';
import { machineHere, slotsHere } from './slots-here.ts';

const job = v.strictObject({
  do: v.picklist(['look', 'install']),
  from: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
  evenIfFailed: v.boolean(),
});

/**
 * `countertap update-worker`: one job, a JSON line on standard input, done while that stays open.
 * Lines with `event` say how far it is, the one without what came of it.
 */
export const updateWorker = async (places: Places, config: string): Promise<ExitCode> => {
  const called = new AbortController();
  process.once('SIGTERM', () => called.abort());
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => called.abort());
  const { promise: first, resolve } = Promise.withResolvers<string>();
  lines.once('line', resolve).once('close', () => resolve(''));
  const outcome = await work(places, config, await first, called.signal);
  tell(outcome);
  return outcome.outcome === 'broken' ? exit.error : exit.ok;
};

const work = async (
  places: Places,
  config: string,
  line: string,
  signal: AbortSignal,
): Promise<Outcome> => {
  const asked = jobIn(line);
  if (asked === undefined) return broken('expected a job as a JSON line');
  const configuration = loadConfiguration(config);
  if (isConfigProblem(configuration)) return broken(describeConfigProblem(configuration));
  mkdirSync(places.upkeep, { recursive: true, mode: 0o700 });
  return withSource(places, configuration, asked, signal);
};

const withSource = async (
  places: Places,
  configuration: Configuration,
  asked: Job,
  signal: AbortSignal,
): Promise<Outcome> => {
  const slots = slotsHere();
  const machine = machineHere();
  if (slots === undefined) return broken('no release runs here: COUNTERTAP_ROOT is not set');
  if (machine === undefined) return broken(`no release is made for ${process.arch}`);
  const source = await openSource(configuration, places, machine, asked.from);
  if (source === undefined) return broken(NO_SOURCE);
  // The release that is tried finds its way to this shop's configuration and state.
  process.env['COUNTERTAP_CONFIG'] = configuration.folder;
  process.env['COUNTERTAP_STATE'] = places.state;
  const { disk, root } = slots;
  const probationMs = configuration.terminal.upkeep.probationMinutes * 60_000;
  const site = { disk, root, machine, selfTest: processSelfTest(SELF_TEST_MS), probationMs };
  try {
    const known = knownIn(places);
    const parts = { source, site, known, open: createReadStream, wallMs: Date.now };
    return await update(parts, asked, tell, signal);
  } finally {
    await source.close();
  }
};

const NO_SOURCE =
  'the configuration has no upkeep.repository: say where the update lies with --from';

const SELF_TEST_MS = 120_000;

const tell = (line: Progress | Outcome): void => say(JSON.stringify(line));

const broken = (why: string): Outcome => ({ outcome: 'broken', why });

const jobIn = (line: string): Job | undefined => {
  try {
    const parsed = v.safeParse(job, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
};
