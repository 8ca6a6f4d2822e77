import type { ByteLine } from '#ports/byte-line.ts';
import type { CodeScanner } from '#ports/code-scanner.ts';
import type { LineDisplay } from '#ports/line-display.ts';
import { keepByteLine, type LineTiming } from './byte-line.ts';
import { deviceFile } from './device-file.ts';
import { type DisplayOptions, displayOn } from './line-display.ts';
import { type ScannerOptions, scannerOn } from './scanner.ts';
import { type SerialSettings, serialPort } from './serial-port.ts';

export type { CodePageName } from './code-pages.ts';
export type { Brightness, DisplayCommands } from './display-commands.ts';
export { borrowDeviceFile } from './lending.ts';
export type { ScannerSuffix } from './scanner.ts';
export type { SerialSettings } from './serial-port.ts';

export type ByteLineOptions =
  | ({ readonly kind: 'serial' } & SerialSettings & LineTiming)
  /** The printer class of USB: /dev/usb/lp0. */
  | ({ readonly kind: 'file' } & LineTiming);

/**
 * Bytes to and from a device file, opened whenever it is there.
 * @param path may be a link that keeps its name: /dev/serial/by-id/…
 */
export const openByteLine = (path: string, options: ByteLineOptions): ByteLine => {
  if (options.kind === 'file') return keepByteLine(path, deviceFile(), options);
  return keepByteLine(path, serialPort(options), options);
};

export interface SerialScannerOptions extends SerialSettings, LineTiming, ScannerOptions {
  readonly path: string;
}

/** A scanner at a serial port, or one of USB that behaves as one. */
export const openSerialScanner = (options: SerialScannerOptions): CodeScanner =>
  scannerOn(openByteLine(options.path, { ...options, kind: 'serial' }), options);

export interface LineDisplayOptions extends SerialSettings, LineTiming, DisplayOptions {
  readonly path: string;
}

/** A display of two lines of 20 characters at a serial port. */
export const openLineDisplay = (options: LineDisplayOptions): LineDisplay =>
  displayOn(openByteLine(options.path, { ...options, kind: 'serial' }), options);
