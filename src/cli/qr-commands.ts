import type { Command } from 'commander';
import { configOption } from './configuration-commands.ts';

const collect = (one: string, all: readonly string[]): readonly string[] => [...all, one];

/** `countertap qr …`. */
export const addQrCommands = (program: Command): void => {
  const qr = program.command('qr').description('payment codes: what one says, and new ones');

  qr.command('decode')
    .description('what a code is and says, account data masked; exit 3 if it would be refused')
    .argument('<text>', 'the text that the code holds; - reads it from standard input')
    .option('--symbology <id>', 'its AIM identifier, such as ]Q1 or ]C0')
    .addOption(configOption('whose table of codes: a set under config/, or a folder'))
    .option('--json', 'print it as one JSON object')
    .action(async (text: string, options) => {
      const { decode } = await import('./qr-decode.ts');
      process.exitCode = await decode(text, options);
    });

  qr.command('encode')
    .description("the text of a shop's code for phones to scan, or of any code from a JSON file")
    .option('--name <name>', "the shop's name, up to 25 characters")
    .option('--city <city>', 'up to 15 characters')
    .option('--mcc <digits>', 'merchant category code, four digits')
    .option('--currency <code>', 'such as EUR')
    .option('--country <code>', 'two letters')
    .option('--amount <amount>', 'such as 12.50; the payer types it if absent')
    .option(
      '--account <id:value>',
      '02 to 25: 02:VALUE; 26 to 51: 26:SCHEME or 26:SCHEME,01=VALUE,…; may be given again',
      collect,
      [],
    )
    .option('--reference <text>', "the payment's own id")
    .option('--terminal <text>', 'which terminal asks')
    .option('--bill <text>', "the bill's number")
    .option('--postal-code <text>')
    .option('--static', 'may be paid again and again')
    .option('--json <file>', 'all objects from a file; - for standard input')
    .option('--draw', 'draw it in the terminal, too')
    .action(async (options) => {
      const { encode } = await import('./qr-encode.ts');
      process.exitCode = await encode(options);
    });
};
