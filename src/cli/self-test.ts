import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import type { Finding } from '#ports/finding.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';
import { loadConfiguration } from './load-configuration.ts';
import type { Places } from './places.ts';

/**
 * `countertap self-test`: whether this release would work here, asked before it is made current and
 * while another one sells. Its configuration is brought to its own format in memory, its probes run
 * side by side. Nothing is written to its own folder or the state folder. The last line on standard
 * error is the reason why not.
 */
export const selfTest = async (places: Places, config: string): Promise<ExitCode> => {
  // Children would keep compiled code in the release's folder, which has to stay as it was packed.
  process.env['NODE_DISABLE_COMPILE_CACHE'] = '1';
  const overall = new AbortController();
  const deadline = setTimeout(() => overall.abort(), WITHIN_MS);
  // What hangs in spite of its signal is left behind: this process ends, and its children with it.
  setTimeout(() => process.exit(fail(`no end after ${MOST_MS / 1000} s`)), MOST_MS).unref();
  const configuration = loadConfiguration(config);
  if (isConfigProblem(configuration)) return fail(describeConfigProblem(configuration));
  const { displayProbe, hostProbe, journalProbe, readerProbe } = await import('./probes/index.ts');
  const probes = [
    readerProbe(configuration),
    journalProbe(places),
    hostProbe(configuration, places),
    displayProbe(configuration),
  ];
  const findings = await Promise.all(probes.map((probe) => probe(overall.signal)));
  clearTimeout(deadline);
  for (const { check, verdict, found } of findings) say(`${check}: ${verdict}: ${found}`);
  const wrong = findings.filter(({ verdict }) => verdict === 'wrong');
  return wrong.length === 0 ? exit.ok : fail(wrong.map(inWords).join('; '));
};

/** Whoever installs gives it 60 s. */
const WITHIN_MS = 50_000;
const MOST_MS = 56_000;

// One line, whatever a message of the system looks like.
const inWords = ({ found, remedy }: Finding): string =>
  (remedy === undefined ? found : `${found} (${remedy})`).replaceAll(/\s+/g, ' ');
