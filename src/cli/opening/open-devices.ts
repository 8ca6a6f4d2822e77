import { combineLatest, map, merge, type Observable, of, Subject, shareReplay } from 'rxjs';
import type { DevicesConfig, PrinterConfig, ScannerConfig } from '#config/devices-config.ts';
import type { ByteLine } from '#ports/byte-line.ts';
import type { CodeScanner } from '#ports/code-scanner.ts';
import type { AttachedDevice, DeviceList } from '#ports/devices.ts';
import type { LineDisplay } from '#ports/line-display.ts';
import type { Log } from '#ports/log.ts';
import type { ReceiptPrinter } from '#ports/receipt-printer.ts';
import { namedAs } from '../list-devices.ts';
import { nameOfDevice } from './machine-devices.ts';

/** What stands beside the terminal. Where nothing is named, nothing is loaded or opened. */
export interface OpenedDevices extends DeviceList {
  /** All scanners as one. */
  readonly scanner: CodeScanner;
  /** All line displays as one. */
  readonly lineDisplay: LineDisplay;
  /** In the order of the configuration. */
  readonly printers: readonly ReceiptPrinter[];
  /** What there is at this moment: for `countertap devices`. */
  devices(): readonly AttachedDevice[];
  close(): Promise<void>;
}

/** Drivers that are given by whoever composes the terminal. */
export interface DeviceDrivers {
  /** Scanners in HID POS mode: any, or those of a vendor or product. */
  readonly hidScanner?: (
    wanted: { readonly vendorId?: number; readonly productId?: number },
    because: string,
  ) => Promise<CodeScanner>;
  readonly printer?: (options: PrinterOptions) => Promise<ReceiptPrinter>;
}

export interface PrinterOptions {
  /** The printer's; closed with it. */
  readonly line: ByteLine;
  readonly because: string;
  /** As it names itself. */
  readonly name: string;
  readonly columns: NonNullable<PrinterConfig['columns']>;
  readonly codePages?: Readonly<Record<string, number>>;
  readonly feedLines?: number;
  readonly answers: boolean;
}

/** Opens what a configuration names. Returns before any of it is found. */
export const openDevices = async (
  config: DevicesConfig,
  drivers: DeviceDrivers,
  log: Log,
): Promise<OpenedDevices> => {
  const scanners = await Promise.all(
    config.scanners.map((one, index) => openScanner(one, namedAs('scanners', index), drivers, log)),
  );
  const printers = await Promise.all(
    config.printers.map((one, index) => openPrinter(one, namedAs('printers', index), drivers, log)),
  );
  const displays = await Promise.all(
    config.lineDisplays.map(async (one, index) => {
      const { openLineDisplay } = await import('#drivers/serial/index.ts');
      return openLineDisplay({ ...one, nameOf, because: namedAs('lineDisplays', index) });
    }),
  );
  const scanner = oneScanner(scanners.filter((one) => one !== undefined));
  const lineDisplay = oneDisplay(displays);
  const opened = [scanner, ...printers.filter((one) => one !== undefined), lineDisplay];
  const devices$ = allOf(opened).pipe(shareReplay({ bufferSize: 1, refCount: true }));
  let now: readonly AttachedDevice[] = [];
  const watch = devices$.subscribe((devices) => {
    logChanges(now, devices, log);
    now = devices;
  });
  return {
    devices$,
    devices: () => now,
    ...{ scanner, lineDisplay },
    printers: printers.filter((one) => one !== undefined),
    close: async () => {
      watch.unsubscribe();
      await Promise.all(opened.map((one) => one.close()));
    },
  };
};

const nameOf = (path: string): string => nameOfDevice(path);

const openScanner = async (
  config: ScannerConfig,
  because: string,
  drivers: DeviceDrivers,
  log: Log,
): Promise<CodeScanner | undefined> => {
  if (config.kind === 'serial') {
    const { openSerialScanner } = await import('#drivers/serial/index.ts');
    const { prefix, idleMs, ...rest } = config;
    return openSerialScanner({
      ...{ ...rest, nameOf, because },
      ...(prefix === undefined ? {} : { prefix }),
      ...(idleMs === undefined ? {} : { idleMs }),
    });
  }
  if (drivers.hidScanner === undefined) log.error({ because }, 'no driver for HID scanners here');
  const { vendorId, productId } = config;
  const wanted = {
    ...(vendorId === undefined ? {} : { vendorId }),
    ...(productId === undefined ? {} : { productId }),
  };
  return drivers.hidScanner?.(wanted, because);
};

const openPrinter = async (
  config: PrinterConfig,
  because: string,
  drivers: DeviceDrivers,
  log: Log,
): Promise<ReceiptPrinter | undefined> => {
  if (drivers.printer === undefined) {
    log.error({ because }, 'no driver for printers here');
    return undefined;
  }
  const { openByteLine } = await import('#drivers/serial/index.ts');
  const { path, paper, columns = COLUMNS[paper], codePages, feedLines, answers } = config;
  return drivers.printer({
    ...{ line: openByteLine(path, config), because, name: nameOf(path), columns, answers },
    ...(codePages === undefined ? {} : { codePages: { ...codePages } }),
    ...(feedLines === undefined ? {} : { feedLines }),
  });
};

/** Font A of most printers. */
const COLUMNS = { '58mm': 32, '80mm': 48 } as const;

const allOf = (lists: readonly DeviceList[]): Observable<readonly AttachedDevice[]> =>
  lists.length === 0
    ? of([])
    : combineLatest(lists.map(({ devices$ }) => devices$)).pipe(map((all) => all.flat()));

const oneScanner = (scanners: readonly CodeScanner[]): CodeScanner => {
  // Where there are none, no code comes: that is not the end of all codes.
  const open = new Subject<never>();
  return {
    scans$: merge(open, ...scanners.map(({ scans$ }) => scans$)),
    devices$: allOf(scanners),
    close: async () => {
      await Promise.all(scanners.map((one) => one.close()));
      open.complete();
    },
  };
};

const oneDisplay = (displays: readonly LineDisplay[]): LineDisplay => ({
  devices$: allOf(displays),
  show: (upper, lower) => {
    for (const one of displays) one.show(upper, lower);
  },
  close: async () => {
    await Promise.all(displays.map((one) => one.close()));
  },
});

const logChanges = (
  before: readonly AttachedDevice[],
  after: readonly AttachedDevice[],
  log: Log,
): void => {
  const known = new Map(before.map((one) => [one.place, JSON.stringify(one.health)]));
  for (const { kind, place, name, health } of after) {
    if (known.get(place) === JSON.stringify(health)) continue;
    const fields = { kind, place, name, ...health };
    if (health.health === 'ready') log.info(fields, 'a device is ready');
    else log.warn(fields, `a device is ${health.health === 'absent' ? 'absent' : 'not well'}`);
  }
};
