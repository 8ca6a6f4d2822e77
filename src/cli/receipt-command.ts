import { type Command, Option } from 'commander';
import type { Places } from './places.ts';

/** `countertap receipt`. Its code is loaded when it is called. */
export const addReceipt = (program: Command, places: () => Places): void => {
  program
    .command('receipt')
    .description("a payment's receipt once more; exit 0 done, 1 no such payment, 3 error")
    .argument('<payment>', "its id, or the till's; `last` for the latest")
    .addOption(
      new Option('--copy <whose>', 'whose copy')
        .choices(['customer', 'merchant'])
        .default('customer'),
    )
    .addOption(new Option('--text', 'as text, to standard output (the default)').conflicts(OTHERS))
    .addOption(
      new Option('--columns <n>', 'of the text: 42 for 80 mm, 32 for 58 mm')
        .choices(['42', '32'])
        .default('42'),
    )
    .addOption(new Option('--html <file>', 'as a page, into a new file').conflicts('print'))
    .option('--print', "on the running terminal's printer")
    .option('--language <code>', "such as de; the shop's own if absent")
    .option('--config <set>', 'whose words; that of the terminal that last ran here if absent')
    .action(async (payment: string, options) => {
      const { receipt } = await import('./receipt.ts');
      process.exitCode = await receipt(places(), payment, options);
    });
};

const OTHERS = ['html', 'print'];
