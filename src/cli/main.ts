import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { addAcquirerCommands } from './acquirer-commands.ts';
import { addBalanceCommand } from './balance-commands.ts';
import type { TapOptions } from './cards.ts';
import { addConfigurationCommands, configOption } from './configuration-commands.ts';
import { addDoctorCommands } from './doctor/doctor-commands.ts';
import { exit } from './exit.ts';
import type { ListOptions } from './journal.ts';
import { addNfc } from './nfc/commands.ts';
import { addPeopleCommands } from './people-commands.ts';
import { type Places, placesIn } from './places.ts';
import { addQrCommands } from './qr-commands.ts';
import { addReceipt } from './receipt-command.ts';
import { addTillCommands } from './till-commands.ts';
import { addUpdateCommands } from './updates/commands.ts';
import { addFirmwareCommands } from './updates/firmware-commands.ts';
import { addInstallCommands } from './updates/install-commands.ts';
import { VERSION } from './version.ts';
import { addWalletCommands } from './wallet-commands.ts';

// Each command's own code is loaded when it is called: `sale` needs none of what `run` needs.

const program = new Command('countertap')
  .description('The software inside a contactless payment terminal')
  .option('--state <folder>', 'where the terminal keeps what it writes (COUNTERTAP_STATE)')
  .version(VERSION)
  // Each command's help names them too: --state goes with every command.
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .showHelpAfterError('countertap --help tells what there is');

let running = false;

const places = (): Places => placesIn(program.opts<{ state?: string }>().state);

const whole = (least: number) => (text: string) => {
  if (!/^[0-9]{1,9}$/.test(text) || Number(text) < least) {
    throw new InvalidArgumentError(`expected a whole number from ${least}.`);
  }
  return Number(text);
};

const CURRENCY = "such as USD; the shop's own if absent";
const PAYMENT = "its id, or the till's";
const TILL_ID = "the till's own transaction id: asked again, it tells what happened";

program
  .command('run')
  .description('run the terminal until Ctrl-C')
  .addOption(configOption())
  .addOption(new Option('--reader <kind>', 'which card reader').choices(['pcsc', 'in-process']))
  .addOption(
    new Option('--log-level <level>', 'what goes into the log file')
      .choices(['debug', 'info', 'warn', 'error'])
      .default('info'),
  )
  .action(async (options) => {
    running = true;
    const { runCommand } = await import('./run.ts');
    const { state } = program.opts<{ state?: string }>();
    process.exitCode = await runCommand({ ...options, ...(state === undefined ? {} : { state }) });
    process.exit();
  });

program.command('prepare', { hidden: true }).action(async () => {
  const { prepare } = await import('./prepare.ts');
  process.exitCode = await prepare();
  process.exit();
});

program
  .command('sale')
  .description('take a payment; exit 0 approved, 1 declined, 2 cancelled or timed out, 3 error')
  .argument('<amount>', 'such as 12.50')
  .option('--id <id>', TILL_ID)
  .option('--partial', 'the till can live with an approval of less')
  .option('--pre-authorise', 'hold the amount; `complete` collects it, `void` lets it go')
  .option('--by <way>', '"card" or "code": by nothing else')
  .option('--code <text>', "pay with this code of the shopper's")
  .option('--tip <amount>', 'how much of the amount is a tip')
  .option('--cashback <amount>', 'how much of the amount is paid out in cash')
  .option('--ask-tip', 'the shopper is asked for a tip on top of it')
  .option('--brand <names...>', 'cards of these schemes only, such as "visa" or "mc"')
  .option('--wallet <name>', 'by this wallet, such as "alipay": its code is shown, or --code is')
  .option('--currency <code>', CURRENCY)
  .option('--json', 'print the result as one JSON object')
  .action(async (amount: string, options) => {
    const { sale } = await import('./sale.ts');
    process.exitCode = await sale(places().controlSocket, amount, options);
  });

program
  .command('refund')
  .description(
    'give money back, to a card that is presented or to that of a payment; exits as sale',
  )
  .argument('<amount>', 'such as 12.50')
  .option('--of <payment>', 'to the card of this payment, which need not be there')
  .option('--id <id>', TILL_ID)
  .option('--currency <code>', CURRENCY)
  .option('--json', 'print the result as one JSON object')
  .action(async (amount: string, options) => {
    const { refund } = await import('./sale.ts');
    process.exitCode = await refund(places().controlSocket, amount, options);
  });

program
  .command('void')
  .description('take an approved payment back; exit 0 done or under way, 1 not possible, 3 error')
  .argument('<payment>', PAYMENT)
  .option('--json', 'print the result as one JSON object')
  .action(async (payment: string, options) => {
    const { voidPayment } = await import('./orders.ts');
    process.exitCode = await voidPayment(places().controlSocket, payment, options);
  });

program
  .command('complete')
  .description('collect an amount that is held, or less of it; exit 0 collected, 3 error')
  .argument('<payment>', PAYMENT)
  .argument('<amount>', 'such as 12.50')
  .option('--id <id>', TILL_ID)
  .option('--currency <code>', CURRENCY)
  .option('--json', 'print the result as one JSON object')
  .action(async (payment: string, amount: string, options) => {
    const { complete } = await import('./orders.ts');
    process.exitCode = await complete(places().controlSocket, payment, amount, options);
  });

program
  .command('reconcile')
  .description('close the period with the host; exit 0 in balance, 1 out of balance, 3 error')
  .option('--json', 'print the result as one JSON object')
  .action(async (options) => {
    const { reconcile } = await import('./orders.ts');
    process.exitCode = await reconcile(places().controlSocket, options);
  });

program
  .command('note')
  .description('a payment that the host refused when it was forwarded has been seen by staff')
  .argument('<payment>', PAYMENT)
  .option('--give-up', 'take it back no longer: the host refuses, and people have settled it')
  .option('--json', 'print the result as one JSON object')
  .action(async (payment: string, options) => {
    const { note } = await import('./orders.ts');
    process.exitCode = await note(places().controlSocket, payment, options);
  });

program
  .command('cancel')
  .description('cancel the payment that is being taken')
  .action(async () => {
    const { cancel } = await import('./sale.ts');
    process.exitCode = await cancel(places().controlSocket);
  });

program
  .command('status')
  .description('what the running terminal is doing')
  .option('--json', 'print it as one JSON object')
  .action(async (options: { json?: boolean }) => {
    const { status } = await import('./status.ts');
    process.exitCode = await status(places().controlSocket, options.json === true);
  });

program
  .command('devices')
  .description('what is attached, what each is taken for and why, and its health')
  .option('--config <set>', 'a configuration set, where no terminal runs or ran')
  .option('--json', 'print it as one JSON object')
  .action(async (options: { json?: boolean; config?: string }) => {
    const { devices } = await import('./devices.ts');
    process.exitCode = await devices(places(), options);
  });

const emulated = program
  .command('cards')
  .description('the emulated cards and phones, and the outcome each shows')
  .argument('[which]', 'part of a name, or a group: then with what they are')
  .option('--json', 'print them as JSON')
  .action(async (which: string | undefined, options: { json?: boolean }) => {
    const { cards } = await import('./cards.ts');
    process.exitCode = cards(which, options.json === true);
  });
emulated
  .command('code')
  .description("an emulated phone's own code for one payment (EMVCo), alone on its line")
  .argument('<card>', 'a phone from `countertap cards`')
  .action(async (card: string) => {
    const { code } = await import('./cards.ts');
    process.exitCode = code(places(), card);
  });

program
  .command('schemes')
  .description('the payment schemes a configuration accepts, by which kernel, within which limits')
  .addOption(configOption())
  .option('--json', 'print them as one JSON object')
  .action(async ({ config, json }: { config: string; json?: boolean }) => {
    const { schemes } = await import('./schemes.ts');
    process.exitCode = schemes(config, json === true);
  });

program
  .command('tap')
  .description('hold an emulated card or phone to the reader')
  .argument('<card>', 'a name from `countertap cards`')
  .option('--hold-ms <n>', 'hold it exactly this long', whole(0))
  .option('--tear-after <n>', 'tear it away at this command, counted from 1', whole(1))
  .option('--vpcd-port <port>', 'where the virtual reader takes cards', whole(1))
  .action(async (card: string, options: TapOptions) => {
    const { tap } = await import('./cards.ts');
    process.exitCode = await tap(places(), card, options);
  });

program
  .command('explain')
  .description('a data element, a status word or a TLV string in words; exit 3 if malformed')
  .argument('[tag]', 'such as 9F66, or a status word such as 6985')
  .argument('[value...]', "the element's value in hexadecimal")
  .option('--tlv <hex...>', 'a whole TLV string; - reads it from standard input')
  .option('--kernel <n>', 'the kernel that reads it, 2 to 8: the same tag can mean several things')
  .option('--all', 'the bits that are clear, too')
  .option('--show-account-data', 'account numbers and names unmasked')
  .option('--json', 'print it as JSON')
  .action(async (tag: string | undefined, value: readonly string[], options) => {
    const { explain } = await import('./explain.ts');
    process.exitCode = explain(tag, value, options);
  });

addAcquirerCommands(program, places, whole);
addBalanceCommand(program, places);
addQrCommands(program);
addWalletCommands(program, places, whole);
addTillCommands(program, places);
addConfigurationCommands(program, places);
addFirmwareCommands(program, places);
addInstallCommands(program);
addDoctorCommands(program, places);

const journal = program
  .command('journal')
  .description(
    'what the terminal has written down; verify, export, show, list beside a running one',
  );

journal
  .command('verify')
  .description('every entry against its hash; exit 0 whole, 1 broken, 3 unreadable')
  .option('--json', 'print it as one JSON object')
  .action(async (options: { json?: boolean }) => {
    const { verify } = await import('./journal.ts');
    process.exitCode = verify(places(), options);
  });
journal
  .command('export')
  .description('every entry as a line of JSON, without sealed data')
  .argument('[file]', 'a new file; else standard output')
  .action(async (file: string | undefined) => {
    const { exportTo } = await import('./journal.ts');
    process.exitCode = exportTo(places(), file);
  });
journal
  .command('recover')
  .description('a whole journal from a damaged one, which is kept aside; the terminal stopped')
  .option('--json', 'print it as one JSON object')
  .action(async (options: { json?: boolean }) => {
    const { recover } = await import('./journal.ts');
    process.exitCode = recover(places(), options);
  });
journal
  .command('show')
  .description('a payment and what happened to it; exit 1 when there is none')
  .argument('<payment>', "its id, or the till's")
  .option('--json', 'print it as one JSON object')
  .action(async (id: string, options: { json?: boolean }) => {
    const { show } = await import('./journal.ts');
    process.exitCode = show(places(), id, options);
  });
journal
  .command('list')
  .description('the latest payments, newest first')
  .option('--last <n>', 'how many', whole(1), 20)
  .option('--open', 'those that the host is owed something about')
  .option('--unsettled', 'those that are not over: approved and not yet reconciled, too')
  .option('--refused', 'those that the host refused when they were forwarded')
  .option('--json', 'print them as JSON')
  .action(async (options: ListOptions) => {
    const { list } = await import('./journal.ts');
    process.exitCode = list(places(), options);
  });

addReceipt(program, places);
addNfc(program, places, whole);

const keys = program
  .command('keys')
  .description('the keys that protect account data; a running terminal has to be stopped first');

/** Where the keys are not in this machine's own hands. */
const keysCommand = (name: string) =>
  keys
    .command(name)
    .option('--module-library <file>', "a security module's PKCS#11 library")
    .option('--module-token <label>', 'its token')
    .option('--module-pin <file>', 'a file with the PIN');

keysCommand('list')
  .description('which there are, by check value; also beside a running terminal')
  .option('--json', 'print them as JSON')
  .action(async (options) => {
    const { list } = await import('./keys.ts');
    process.exitCode = await list(places(), options);
  });
keysCommand('load')
  .description(
    'TR-31 key blocks, one a line: initial key (B1), MAC key (M3, M6), transport key (K1)',
  )
  .argument('<file>', '- for standard input')
  .action(async (file: string, options) => {
    const { load } = await import('./keys.ts');
    process.exitCode = await load(places(), file, options);
  });
keysCommand('transport')
  .description(
    'the key that the others come under: 2 or 3 components on standard input, a line each',
  )
  .action(async (options) => {
    const { transport } = await import('./keys.ts');
    process.exitCode = await transport(places(), options);
  });
keysCommand('erase')
  .description('overwrite every key')
  .requiredOption('--why <reason>', 'kept, and told from then on')
  .option('--yes', 'it is meant')
  .action(async (options) => {
    const { erase } = await import('./keys.ts');
    process.exitCode = await erase(places(), options);
  });

addPeopleCommands(program, places);
addUpdateCommands(program, places);

program
  .command('replay')
  .description('run taps from files; exit 0 all lines hold, 1 one does not, 2 no such file')
  .argument('<file...>', 'transcripts: .tap files')
  .addOption(
    new Option('--order <order>', 'commands as they stand in the file, or in any order')
      .choices(['strict', 'any'])
      .default('strict'),
  )
  .option('--json', 'the outcome alone, one JSON object a file')
  .option('--show-account-data', 'account numbers and names unmasked')
  .action(async (files: readonly string[], options) => {
    const { replayCommand } = await import('./replay.ts');
    process.exitCode = replayCommand(files, options);
  });

program
  .command('lab')
  .description('the lab port: Entry Point and kernels driven by JSON lines on standard input')
  .action(async () => {
    const { lab } = await import('./lab.ts');
    process.exitCode = await lab();
    process.exit();
  });

// Whoever read our output has read enough: `countertap cards | head`. The command goes on to its
// own end, for its code. What can't be written for another reason nobody has been told, and its
// code must not be taken for an outcome. A running terminal lives on, whoever watches it.
process.stdout.once('error', (error: NodeJS.ErrnoException) => {
  process.stdout.on('error', () => {});
  if (error.code === 'EPIPE' || running) return;
  process.stderr.write(`countertap: what came of it can't be written: ${error.message}\n`);
  process.once('exit', () => {
    process.exitCode = exit.error;
  });
});
process.stderr.on('error', () => {});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    // A bug of ours. Its exit must not be taken for "declined".
    process.stderr.write(`countertap: ${error instanceof Error ? error.stack : error}\n`);
    process.exit(exit.error);
  }
  // Help is no error; everything else that commander refuses is bad input.
  process.exitCode = error.exitCode === 0 ? exit.ok : exit.error;
}
