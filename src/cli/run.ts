import { flushCompileCache } from 'node:module';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { isFault } from '#ports/fault.ts';
import { startTerminal } from '../main.ts';
import { type ExitCode, exit, fail } from './exit.ts';
import { loadConfiguration } from './load-configuration.ts';
import { noteConfiguration } from './noted-configuration.ts';
import { placesIn } from './places.ts';

export interface RunCommandOptions {
  readonly config: string;
  readonly state?: string;
  readonly reader?: 'pcsc' | 'in-process';
  readonly logLevel: string;
}

/** `countertap run`: the terminal itself, until a signal or an update ends it. */
export const runCommand = async (options: RunCommandOptions): Promise<ExitCode> => {
  const configuration = loadConfiguration(options.config);
  if (isConfigProblem(configuration)) return fail(describeConfigProblem(configuration));
  const terminal = await startTerminal({
    configuration,
    logLevel: options.logLevel,
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(options.reader === undefined ? {} : { reader: options.reader }),
  });
  if (isFault(terminal)) return fail(terminal.detail);
  noteConfiguration(placesIn(options.state), configuration.folder);
  // Kept now, not at the end: a terminal's end is often a power cut.
  flushCompileCache();
  const asked = new Promise<ExitCode>((resolve) => {
    // The launcher hands signals on, and who sends them to both means one end, which is orderly.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve(exit.ok));
  });
  const code = await Promise.race([asked, terminal.left.then(() => exit.startAgain)]);
  await terminal.close();
  return code;
};
