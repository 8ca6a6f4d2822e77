import type { Command } from 'commander';
import { withSignIn } from '../people-commands.ts';
import type { Places } from '../places.ts';
import type { ListOptions, LoadOptions } from './firmware.ts';

/** `countertap firmware …`; each command's own code is loaded when it is called. */
export const addFirmwareCommands = (program: Command, places: () => Places): void => {
  const firmware = program
    .command('firmware')
    .description('what scanners, displays and printers run, and loading what the maker offers')
    .option('--config <set>', 'of a terminal that never ran with this state folder');
  const shared = () => firmware.opts<{ config?: string }>();

  firmware
    .command('list')
    .description('each peripheral and its version, as it says itself; also beside a terminal')
    .option('--json', 'print them as JSON')
    .action(async (options: ListOptions) => {
      const { list } = await import('./firmware.ts');
      process.exitCode = await list(places(), { ...options, ...shared() });
      process.exit();
    });
  withSignIn(firmware.command('load'))
    .description(
      'bring a peripheral, or all, to what is offered; exit 0 they run it, 1 refused, 3 error. ' +
        'The terminal has to be stopped',
    )
    .argument('[peripheral]', 'its name in the configuration')
    .option('--from <source>', 'an HTTPS address, a folder or a file instead of the repository')
    .option('--again', 'also where it runs already')
    .option('--json', 'print what became of each as JSON')
    .action(async (peripheral: string | undefined, options: LoadOptions) => {
      const { load } = await import('./firmware.ts');
      process.exitCode = await load(places(), peripheral, { ...options, ...shared() });
      process.exit();
    });

  program
    .command('firmware-worker', { hidden: true })
    .requiredOption('--config <folder>')
    .option('--from <source>')
    .action(async (options: { config: string; from?: string }) => {
      const { firmwareWorker } = await import('./firmware-worker.ts');
      process.exitCode = await firmwareWorker(places(), options);
      process.exit();
    });
};
