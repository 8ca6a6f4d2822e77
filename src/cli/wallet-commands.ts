import { type Command, Option } from 'commander';
import type { Places } from './places.ts';

/** `countertap wallets …`. */
export const addWalletCommands = (
  program: Command,
  places: () => Places,
  whole: (least: number) => (text: string) => number,
): void => {
  const wallets = program
    .command('wallets')
    .description('the simulated wallets that run beside the terminal, and their shoppers');
  const parts: Parts = {
    places,
    whole,
    plain: (name, description) => wallets.command(name).description(description),
    ofWallet: (name, description) =>
      wallets.command(name).description(description).argument('<wallet>', 'alipay or retailer'),
    ask: async (request) => {
      const module = await import('./wallets.ts');
      process.exitCode = await module.wallets(places().walletsSocket, request);
    },
  };
  addShoppers(parts);
  addHosts(parts);
  addFaults(parts);
};

interface Parts {
  readonly places: () => Places;
  readonly whole: (least: number) => (text: string) => number;
  readonly plain: (name: string, description: string) => Command;
  readonly ofWallet: (name: string, description: string) => Command;
  readonly ask: (request: Parameters<typeof import('./wallets.ts').wallets>[1]) => Promise<void>;
}

const addShoppers = ({ places, plain, ofWallet, ask }: Parts): void => {
  const shopper = () =>
    new Option('--shopper <name>', 'one of `countertap wallets shoppers`').default('quick');
  plain('shoppers', 'who holds the phones').action(() => ask({ op: 'shoppers' }));
  ofWallet('code', 'a shopper opens the wallet: the code to scan, alone on its line')
    .addOption(shopper())
    .option('--digits', 'what the shopper could read aloud instead')
    .action(async (wallet: string, options: { shopper: string; digits?: boolean }) => {
      const module = await import('./wallets.ts');
      const { shopper: who, digits = false } = options;
      process.exitCode = await module.code(places().walletsSocket, wallet, who, digits);
    });
  ofWallet('scan', "a shopper's phone scans what the display shows")
    .argument('[content]', 'what the code holds, or its digits; the code shown last if absent')
    .addOption(shopper())
    .action((wallet: string, content: string | undefined, options: { shopper: string }) =>
      ask({ op: 'scan', wallet, ...(content === undefined ? {} : { content }), ...options }),
    );
  for (const [op, what] of [
    ['confirm', 'the shopper enters the password'],
    ['decline', 'the shopper says no'],
  ] as const) {
    ofWallet(op, what)
      .option('--order <id>', 'of this order; else of the one that waits')
      .action((wallet: string, options: { order?: string }) => ask({ op, wallet, ...options }));
  }
};

const addHosts = ({ whole, plain, ofWallet, ask }: Parts): void => {
  plain('status', 'both hosts').action(() => ask({ op: 'status' }));
  ofWallet('ledger', 'what the host has booked')
    .option('--last <n>', 'how many entries', whole(1), 10)
    .action((wallet: string, options: { last: number }) =>
      ask({ op: 'ledger', wallet, last: options.last }),
    );
  ofWallet('absent', 'not reachable').action((wallet: string) => ask({ op: 'absent', wallet }));
  ofWallet('present', 'reachable again').action((wallet: string) => ask({ op: 'present', wallet }));
  ofWallet('slow', 'answer late')
    .argument('<ms>', 'milliseconds', whole(0))
    .action((wallet: string, ms: number) => ask({ op: 'slow', wallet, ms }));
};

const addFaults = ({ whole, plain, ofWallet, ask }: Parts): void => {
  plain('normal', 'no fault any more').action(() => ask({ op: 'normal' }));
  plain('faults', 'what can go wrong on command').action(() => ask({ op: 'faults' }));
  ofWallet('fault', 'let the next requests go wrong')
    .argument('<name>', 'one of `countertap wallets faults`')
    .option('--times <n>', 'how many', whole(1), 1)
    .addOption(
      new Option('--on <request>', 'which requests')
        .choices(['pay', 'present', 'query', 'cancel', 'refund', 'findRefund', 'any'])
        .default('any'),
    )
    .option('--late-ms <n>', 'how late "late" is', whole(0), 20_000)
    .action(
      (wallet: string, name: string, options: { times: number; on: string; lateMs: number }) =>
        ask({ op: 'fault', wallet, name, ...options }),
    );
};
