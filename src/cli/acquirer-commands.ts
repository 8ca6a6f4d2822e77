import { type Command, Option } from 'commander';
import type { Places } from './places.ts';

/** `countertap acquirer …`. */
export const addAcquirerCommands = (
  program: Command,
  places: () => Places,
  whole: (least: number) => (text: string) => number,
): void => {
  const acquirer = program
    .command('acquirer')
    .description('the simulated acquirer that runs beside the terminal');

  const ask = async (request: Parameters<typeof import('./acquirer.ts').acquirer>[1]) => {
    const module = await import('./acquirer.ts');
    process.exitCode = await module.acquirer(places().acquirerSocket, request);
  };

  acquirer.command('status').action(() => ask({ op: 'status' }));
  acquirer
    .command('normal')
    .description('no fault any more')
    .action(() => ask({ op: 'normal' }));
  acquirer
    .command('absent')
    .description('not reachable')
    .action(() => ask({ op: 'absent' }));
  acquirer
    .command('present')
    .description('reachable again')
    .action(() => ask({ op: 'present' }));
  acquirer
    .command('new-keys')
    .description('a new initial key, for a terminal whose keys were erased')
    .action(() => ask({ op: 'new-keys' }));
  acquirer
    .command('slow')
    .description('answer late')
    .argument('<ms>', 'milliseconds', whole(0))
    .action((ms: number) => ask({ op: 'slow', ms }));
  acquirer
    .command('ledger')
    .description('what it has booked')
    .option('--last <n>', 'how many entries', whole(1), 10)
    .action((options: { last: number }) => ask({ op: 'ledger', last: options.last }));
  acquirer
    .command('totals')
    .description('every payment as it stands, and the totals since the last reconciliation')
    .option('--terminal <id>', 'of one terminal')
    .action((options: { terminal?: string }) => ask({ op: 'totals', ...options }));
  acquirer
    .command('fault')
    .description('let the next messages go wrong')
    .argument('<name>', 'one of `countertap acquirer faults`')
    .option('--times <n>', 'how many', whole(1), 1)
    .addOption(
      new Option('--on <class>', 'which messages')
        .choices(['payment', 'advice', 'reversal', 'reconciliation', 'network', 'any'])
        .default('payment'),
    )
    .option('--late-ms <n>', 'how late "late" is', whole(0), 20_000)
    .action((name: string, options: { times: number; on: string; lateMs: number }) =>
      ask({ op: 'fault', name, ...options }),
    );
  acquirer
    .command('faults')
    .description('what can go wrong on command')
    .action(() => ask({ op: 'faults' }));
};
