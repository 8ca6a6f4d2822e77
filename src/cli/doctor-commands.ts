import type { Command } from 'commander';
import type { Places } from './places.ts';

/** `countertap doctor`. Its code is loaded when it is called. */
export const addDoctorCommands = (program: Command, places: () => Places): void => {
  program
    .command('doctor')
    .description('what is wrong, and what to do about it; exit 0 well, 1 something is not, 3 error')
    .option('--check <names...>', 'only these, such as "reader"; all if absent')
    .option('--config <set>', 'a configuration set, where no terminal ran')
    .option('--json', 'print it as one JSON object')
    .action(async (options) => {
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(places(), options);
      // A reader or a host that hangs must not hold the command.
      process.exit();
    });
};
