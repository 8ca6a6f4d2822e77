import { poiIdOf, type TillConfig } from '#config/till-config.ts';
import { currencyByCode } from '#data/currencies.ts';
import type { KeptKeyRing } from '#drivers/till/index.ts';
import type { Books } from '#payment/index.ts';
import type { RidingJournal } from '#payment/riders.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { ReceiptPrinter } from '#ports/receipt-printer.ts';
import type { TillDesk } from '#ports/till-line.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import type { WholeTerminal } from '#terminal/desks.ts';
import type { TillFacts } from '#till/page/facts.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { clock, entropy } from '../world.ts';
import { onFirstReady } from './first-printer.ts';
import type { Counter } from './open-counter.ts';
import { type OpenedTill, openTill } from './open-till.ts';

/** What tills work on, as main has it. */
export interface TillSurroundings {
  readonly terminal: WholeTerminal;
  readonly books: Books;
  readonly journal: RidingJournal;
  readonly wallets: readonly Pick<WalletHost, 'name' | 'title'>[];
  readonly printers: readonly Pick<ReceiptPrinter, 'print' | 'devices$'>[];
}

/** Of what main has opened, what tills work on. */
export const tillParts = (
  terminal: WholeTerminal,
  { journal, books }: Pick<TillSurroundings, 'journal' | 'books'>,
  { wallets, devices }: Pick<Counter, 'wallets' | 'devices'>,
): TillSurroundings => ({ terminal, books, journal, wallets, printers: devices.printers });

/**
 * Lets tills in, where the configuration has a section for them. What they need is loaded with the
 * first message of one. A terminal takes payments without tills, too.
 */
export const letTillsIn = async (
  configuration: Configuration,
  places: Places,
  surroundings: TillSurroundings,
  log: Log,
): Promise<OpenedTill | undefined> => {
  const { till } = configuration.terminal;
  if (till === undefined) return undefined;
  let keys: KeptKeyRing | undefined;
  const desk = async () => {
    const { openTillKeys } = await import('./open-till-keys.ts');
    keys ??= await openTillKeys(places, log);
    return openDesk(configuration, till, keys, surroundings, log);
  };
  const facts = factsOf(configuration, till, surroundings);
  const opened = await openTill(configuration, places, { desk, facts }, log);
  if (isFault(opened)) {
    log.error({ problem: opened }, 'no till can reach this terminal; payments go on');
    return undefined;
  }
  return (
    opened && {
      ...opened,
      close: async () => {
        await opened.close();
        keys?.close();
      },
    }
  );
};

const openDesk = async (
  configuration: Configuration,
  till: TillConfig,
  keys: KeptKeyRing,
  { terminal, books, journal, wallets, printers }: TillSurroundings,
  log: Log,
): Promise<TillDesk> => {
  const { createTillDesk } = await import('#till/index.ts');
  const { VERSION } = await import('../version.ts');
  const { tillReceipts } = await import('./till-receipts.ts');
  const { merchant, terminal: own } = configuration.terminal;
  if (!till.plain && keys.ring() === undefined) {
    log.warn({ how: 'countertap till keys add' }, 'no till has a key: none can be understood');
  }
  return createTillDesk({
    ...{ terminal, books, journal, clock, entropy, log },
    keys: keys.ring,
    plain: till.plain,
    poiId: poiIdOf(till, own),
    merchantId: merchant.id,
    terminalId: own.id,
    currency: currencyByCode(own.currency)?.numeric ?? 0,
    wallets: wallets.map(({ name }) => name),
    softwareVersion: VERSION,
    language: () => own.language,
    receipts: tillReceipts(configuration, journal),
    ...(printers.length === 0 ? {} : { print: onFirstReady(printers).print }),
  });
};

const factsOf = (
  { terminal: { merchant, terminal } }: Configuration,
  till: TillConfig,
  { wallets }: TillSurroundings,
): TillFacts => ({
  poiId: poiIdOf(till, terminal),
  merchant: merchant.name,
  currency: {
    code: terminal.currency,
    exponent: currencyByCode(terminal.currency)?.exponent ?? 2,
  },
  needsKey: !till.plain,
  wallets: wallets.map(({ name, title }) => ({ name, title })),
});
