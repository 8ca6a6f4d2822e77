import { type Command, InvalidArgumentError } from 'commander';
import type { Places } from './places.ts';
import type { PassphraseOptions } from './till.ts';

/** `countertap till …`. */
export const addTillCommands = (program: Command, places: () => Places): void => {
  const keys = program
    .command('till')
    .description('what tills need to reach the terminal')
    .command('keys')
    .description(
      'the shared keys that messages of tills are encrypted with; a running terminal follows ' +
        'them, and several versions are good at the same time',
    );
  keys
    .command('list')
    .description('identifier, version and check value; never the passphrase')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      const { listTillKeys } = await import('./till.ts');
      process.exitCode = await listTillKeys(places(), options);
    });
  keys
    .command('add')
    .description('a key; its passphrase is asked for')
    .argument('<identifier>', 'KeyIdentifier of messages', short)
    .argument('<version>', 'KeyVersion; tills may go over to it one by one', whole)
    .option('--crypto-version <n>', 'AdyenCryptoVersion: 0 or 1, which mean the same', whole, 1)
    .option('--passphrase-stdin', 'the passphrase is a line of standard input')
    .action(async (identifier: string, version: number, options: PassphraseOptions) => {
      const { addTillKey } = await import('./till.ts');
      process.exitCode = await addTillKey(places(), identifier, version, options);
    });
  keys
    .command('remove')
    .description('tills that use it can no longer be understood')
    .argument('<identifier>')
    .argument('[version]', 'all of them if absent', whole)
    .action(async (identifier: string, version: number | undefined) => {
      const { removeTillKey } = await import('./till.ts');
      process.exitCode = await removeTillKey(places(), identifier, version);
    });
};

const whole = (text: string): number => {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number.');
  return Number(text);
};

const short = (text: string): string => {
  if (!/^[!-~]{1,64}$/.test(text)) {
    throw new InvalidArgumentError('expected 1 to 64 printable characters without blanks.');
  }
  return text;
};
