import { type Command, Option } from 'commander';
import type { Places } from '../places.ts';
import type { DecideOptions } from './nfc.ts';

/** `countertap nfc …`; each command's own code is loaded when it is called. */
export const addNfc = (
  program: Command,
  places: () => Places,
  whole: (least: number) => (text: string) => number,
): void => {
  const nfc = program
    .command('nfc')
    .description('the switch: what this shop takes without contact, who decided it, and why')
    .option('--config <set>', 'of a terminal that never ran with this state folder');
  // A shop's settings, for where no terminal is there to be asked.
  const shared = () => nfc.opts<{ config?: string }>();

  for (const action of ['off', 'on'] as const) {
    deciding(nfc.command(action))
      .description(SAYS[action])
      .action(async (options: DecideOptions) => {
        const { decide } = await import('./nfc.ts');
        process.exitCode = await decide(places(), 'decide', action, { ...options, ...shared() });
      });
  }
  signingIn(nfc.command('approve'))
    .description('agree to what another person proposed')
    .argument('<decision>', 'such as D3')
    .action(async (id: string, options) => {
      const { approve } = await import('./nfc.ts');
      process.exitCode = await approve(places(), id, { ...options, ...shared() });
    });
  const begin = nfc
    .command('begin')
    .description('the way out of a register that can’t be read: it begins anew with this decision');
  for (const action of ['off', 'on'] as const) {
    deciding(begin.command(action)).action(async (options: DecideOptions) => {
      const { decide } = await import('./nfc.ts');
      process.exitCode = await decide(places(), 'begin', action, { ...options, ...shared() });
    });
  }
  addLooking(nfc, places, whole, shared);
};

const SAYS = {
  off: 'stop taking payments without contact, or some of them; exit 0 done, 1 refused, 3 error',
  on: 'take them again; ends what switched them off',
} as const;

const addLooking = (
  nfc: Command,
  places: () => Places,
  whole: (least: number) => (text: string) => number,
  shared: () => { readonly config?: string },
): void => {
  json(nfc.command('status'))
    .description('what is taken now, by whose decision, until when')
    .action(async (options) => {
      const { status } = await import('./look.ts');
      process.exitCode = await status(places(), { ...options, ...shared() });
    });
  json(nfc.command('why'))
    .description('why a payment would be taken or not, in sentences')
    .option('--card <name>', 'an emulated card: see `countertap cards`')
    .option('--aid <hex>', 'the application on the card')
    .option('--scheme <name>', 'such as Visa')
    .option('--kernel <n>', 'such as 03')
    .addOption(new Option('--device <kind>', 'what is held to the reader').choices(DEVICES))
    .option('--amount <amount>', 'such as 12.50')
    .option('--currency <code>', "such as USD; the shop's own if absent")
    .option('--lane <name>', 'the lane it is paid at')
    .option('--account-prefix <digits>', 'the first digits of the account number, at most 11')
    .option('--qr [wallet]', 'a QR code instead of a card')
    .action(async (options) => {
      const { why } = await import('./look.ts');
      process.exitCode = await why(places(), { ...options, ...shared() });
    });
  json(nfc.command('history'))
    .description('every decision, newest first')
    .option('--last <n>', 'how many', whole(1))
    .action(async (options) => {
      const { history } = await import('./look.ts');
      process.exitCode = await history(places(), { ...options, ...shared() });
    });
  json(nfc.command('verify'))
    .description('the register against its hashes; exit 0 whole, 1 broken, 3 unreadable')
    .action(async (options) => {
      const { verify } = await import('./look.ts');
      process.exitCode = await verify(places(), { ...options, ...shared() });
    });
  nfc
    .command('export')
    .description('the whole register, with the place of each decision in the journal')
    .addOption(new Option('--format <format>', 'for what').choices(['csv', 'json']).default('csv'))
    .argument('[file]', 'a new file; else standard output')
    .action(async (file: string | undefined, options) => {
      const { exportTo } = await import('./look.ts');
      process.exitCode = await exportTo(places(), file, { ...options, ...shared() });
    });
};

const DEVICES = ['phone', 'plastic', 'unknown'];

const json = (command: Command): Command => command.option('--json', 'print it as one JSON object');

const signingIn = (command: Command): Command =>
  json(command)
    .option('--by <name>', 'who you are; the PIN is asked for')
    .option('--pin-file <file>', 'the PIN is the first line of this file, which only you can read')
    .option('--pin-stdin', 'the PIN is the first line of standard input');

const several = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

const deciding = (command: Command): Command =>
  signingIn(command)
    .option('--reason <category: text>', 'why: it is kept, and shown to staff')
    .option('--scope <part>', 'phones, scheme=Visa, "above=50.00 USD", …; all without', several)
    .option('--from <time>', 'when it begins, as --until; at once without')
    .option('--until <time>', '18:00, "tomorrow 06:00", "2026-12-01 06:00", +2h')
    .option('--hours <hours>', 'within these alone: "mon-fri 09:00-18:00, sat 10:00-14:00"')
    .option('--words <text>', 'for shoppers, by language: "en=Please insert your card"', several)
    .option('--cashier-words <text>', 'for cashiers, in the same way', several)
    .option('--offer <names>', 'what is taken instead: insert,cash', several)
    .option('--supersedes <ids>', 'decisions that end with this one: D3', several)
    .option('--dry-run', 'say what would happen, and change nothing');
