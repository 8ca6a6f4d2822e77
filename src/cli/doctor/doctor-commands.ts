import type { Command } from 'commander';
import type { Places } from '../places.ts';

/** `countertap doctor`, `countertap support-bundle`: their code is loaded when they are called. */
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
  program
    .command('support-bundle')
    .description('everything that a maker needs to find a fault, without account data or keys')
    .option('--to <file>', 'a new file; else one in this folder')
    .option('--payment <ids...>', 'transcripts of these payments; the latest 50 if absent')
    .option('--since <when>', 'a date, or a span such as 12h or 7d', '7d')
    .option('--config <set>', 'a configuration set, where no terminal ran')
    .option('--json', 'print what is in it as one JSON object')
    .action(async (options) => {
      const { supportBundle } = await import('../support-bundle.ts');
      process.exitCode = await supportBundle(places(), options);
      process.exit();
    });
};
