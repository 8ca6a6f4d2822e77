import { currencyByCode } from '#data/currencies.ts';
import type { HidScanner } from '#drivers/hid/index.ts';
import type { CustomerDisplay } from '#ports/customer-display.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { identifyCode } from '#qr/identify.ts';
import type { TerminalEvent, TerminalParts } from '#terminal/types.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import { type OpenedDevices, openDevices } from './open-devices.ts';
import { openWallets } from './open-wallets.ts';

/** What stands on the counter beside the reader, and the wallets that are paid by code. */
export interface Counter extends Pick<TerminalParts, 'wallets' | 'scanner' | 'identify'> {
  readonly devices: OpenedDevices;
  readonly scannerReady: () => boolean;
  /** Scanners that can beep say whether a code was taken, and how a payment ended. */
  follow(event: TerminalEvent): void;
  /** What wallets load at their first use: not while the first shopper waits. */
  prepare(): void;
  close(): Promise<void>;
}

/** Opens scanners, printers, line displays and the hosts of wallets: what is configured alone. */
export const openCounter = async (
  { terminal, folder }: Configuration,
  places: Places,
  log: Log,
): Promise<Counter | Fault> => {
  const currency = currencyByCode(terminal.terminal.currency)?.numeric ?? 0;
  const wallets = await openWallets({ config: terminal.wallets, folder, places, log, currency });
  if (isFault(wallets)) return wallets;
  const beepers: HidScanner[] = [];
  const devices = await openDevices(terminal.devices, driversOf(log, beepers), log);
  return {
    devices,
    wallets: wallets.hosts,
    scanner: devices.scanner,
    scannerReady: () =>
      devices
        .devices()
        .some(({ kind, health }) => kind === 'scanner' && health.health !== 'absent'),
    identify: (text, symbology) => identifyCode(text, symbology, terminal.codes),
    follow: (event) => {
      const signal = signalOf(event);
      if (signal !== undefined) for (const one of beepers) one.signal(signal);
    },
    prepare: () => {
      for (const host of wallets.hosts) host.prepare();
    },
    close: async () => {
      await devices.close();
      await wallets.close();
    },
  };
};

/** The same picture in two lines, where a display of two lines is there. */
export const withLineDisplay = (
  display: CustomerDisplay,
  { lineDisplay }: Pick<OpenedDevices, 'lineDisplay'>,
): CustomerDisplay => ({
  ...display,
  show: (view) => {
    display.show(view);
    lineDisplay.show(view.headline, view.amount ?? view.detail);
  },
});

const driversOf = (log: Log, beepers: HidScanner[]) =>
  ({
    hidScanner: async (wanted) => {
      const { openHidScanner } = await import('#drivers/hid/index.ts');
      const scanner = openHidScanner({ ...wanted, log, monotonicMs: clock.monotonicMs });
      beepers.push(scanner);
      return scanner;
    },
    printer: async (options) => {
      const { openPrinter } = await import('#drivers/printer/index.ts');
      return openPrinter({ ...options, log, scheduler: clock.scheduler });
    },
  }) satisfies Parameters<typeof openDevices>[1];

const signalOf = (event: TerminalEvent): 'good' | 'bad' | undefined => {
  if (event.event === 'scan') return event.became === 'taken' ? undefined : 'bad';
  if (event.event !== 'saleEnded') return undefined;
  const { status } = event.result;
  if (status === 'approved') return 'good';
  return status === 'declined' || status === 'error' ? 'bad' : undefined;
};
