import { flushCompileCache } from 'node:module';
import { compileReaderProcess } from '#drivers/pcsc/index.ts';
import { type ExitCode, exit } from './exit.ts';

/**
 * `countertap prepare`: loads what the terminal is made of and keeps it compiled, so that the
 * first start is as quick and as small as every later one. scripts/setup calls it.
 */
export const prepare = async (): Promise<ExitCode> => {
  await Promise.all([
    import('./run.ts'),
    import('./opening/open-in-process-reader.ts'),
    import('./sale.ts'),
    import('./status.ts'),
    import('./cards.ts'),
    import('./acquirer.ts'),
    import('#drivers/simulated/acquirer/acquirer.ts'),
  ]);
  await compileReaderProcess();
  flushCompileCache();
  return exit.ok;
};
