import { type Command, Option } from 'commander';
import type { Places } from './places.ts';

/** `countertap balance`. */
export const addBalanceCommand = (program: Command, places: () => Places): void => {
  program
    .command('balance')
    .description("ask a card's host for its balance; exit 0 told, 1 declined, 2 cancelled, 3 error")
    .addOption(
      new Option('--account <type>', "which of the holder's accounts")
        .choices(['default', 'savings', 'cheque', 'credit'])
        .default('default'),
    )
    .option('--currency <code>', "of the inquiry, such as USD; the shop's own if absent")
    .option('--json', 'print the result as one JSON object')
    .action(async (options) => {
      const { balance } = await import('./balance.ts');
      process.exitCode = await balance(places().controlSocket, options);
    });
};
