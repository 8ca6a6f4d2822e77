import type { Command } from 'commander';
import { withSignIn } from '../people-commands.ts';
import type { Places } from '../places.ts';
import type { InstallOptions, OrderOptions, RollBackOptions } from './update.ts';

/** `countertap update …`; each command's own code is loaded when it is called. */
export const addUpdateCommands = (program: Command, places: () => Places): void => {
  const update = program
    .command('update')
    .description(
      'which release runs, and the next; exit 0 done, 1 refused, 3 error. ' +
        'Also where no terminal runs',
    )
    .option('--config <set>', 'of a terminal that never ran with this state folder');
  const shared = () => update.opts<{ config?: string }>();

  update
    .command('status')
    .description(
      'the release that runs, the one to go back to, what is offered and what it waits for',
    )
    .option('--json', 'print it as one JSON object')
    .action(async (options: { json?: boolean }) => {
      const { status } = await import('./update.ts');
      process.exitCode = await status(places(), options);
    });
  update
    .command('look')
    .description('ask the repository now what this terminal is to run; nothing is fetched')
    .option('--from <source>', 'an HTTPS address, a folder or a file instead of the repository')
    .option('--json', 'print what came of it as one JSON object')
    .action(async (options: OrderOptions) => {
      const { look } = await import('./update.ts');
      process.exitCode = await look(places(), { ...options, ...shared() });
    });
  withSignIn(update.command('install'))
    .description('fetch what is offered, also what failed here before; it takes over in the window')
    .option('--from <source>', 'an HTTPS address, a folder or a file instead of the repository')
    .option('--now', 'it takes over as soon as nobody pays')
    .option('--json', 'print what came of it as one JSON object')
    .action(async (options: InstallOptions) => {
      const { install } = await import('./update.ts');
      process.exitCode = await install(places(), { ...options, ...shared() });
    });
  withSignIn(update.command('roll-back'))
    .description('go back to the release before, as soon as nobody pays')
    .option('--why <reason>', 'kept, and shown to technicians')
    .option('--json', 'print how it stands then as one JSON object')
    .action(async (options: RollBackOptions) => {
      const { rollBack } = await import('./update.ts');
      process.exitCode = await rollBack(places(), { ...options, ...shared() });
    });

  program
    .command('update-worker', { hidden: true })
    .requiredOption('--config <folder>')
    .action(async ({ config }: { config: string }) => {
      const { updateWorker } = await import('./worker.ts');
      process.exitCode = await updateWorker(places(), config);
      process.exit();
    });
};
