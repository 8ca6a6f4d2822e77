import * as v from 'valibot';
import { devicePath, serialSettings, usbNumber } from './devices-config.ts';
import { text } from './pieces.ts';

const NAME = 'letters, digits and hyphens, such as "counter-scanner"';
const PATTERN = 'a regular expression whose first group is the answer, such as "VER (\\\\S+)"';

const isPattern = (value: string): boolean => {
  try {
    return new RegExp(value).source.length > 0;
  } catch {
    return false;
  }
};

const pattern = v.pipe(text(200, PATTERN), v.check(isPattern, PATTERN));
const command = text(64, 'what is sent, such as "VER\\r"');

/** By this name the maker's repository offers firmware for it. */
const named = {
  name: v.pipe(v.string(NAME), v.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/, NAME)),
  /** A row of the driver's table; "generic" has no fact of any device. */
  model: v.optional(text(64, 'a model of the driver, such as "generic"'), 'generic'),
};

const serialPeripheral = v.strictObject({
  kind: v.literal('xmodem'),
  ...named,
  path: devicePath,
  ...serialSettings,
  // XMODEM sends every byte there is: none may be left for the port's own use.
  dataBits: v.optional(v.literal(8, '8'), 8),
  flowControl: v.optional(v.picklist(['none', 'rtscts'], '"none" or "rtscts"'), 'none'),
  /** What the device understands, where its model's row doesn't say so. */
  commands: v.optional(
    v.strictObject({
      /** Asks a running device for its version. */
      version: v.optional(command),
      versionAnswer: v.optional(pattern),
      /** Brings it into its bootloader. */
      enter: v.optional(command),
      /** By what the bootloader is known; the "C" of XMODEM is known anyway. */
      bootloaderAnswer: v.optional(pattern),
      /** Lets the bootloader receive; not needed where it sends "C" by itself. */
      start: v.optional(command),
      /** Lets it run what it has received; not needed where it does so by itself. */
      run: v.optional(command),
    }),
    {},
  ),
});

const hidPeripheral = v.strictObject({
  kind: v.literal('hid'),
  ...named,
  vendorId: usbNumber,
  productId: usbNumber,
  /** Where its bootloader shows itself as another product. */
  bootloaderProductId: v.optional(usbNumber),
  /** Needed where several of one product are attached. */
  serial: v.optional(text(63, "the device's serial number")),
});

/** Devices whose firmware the terminal loads: none unless stated. */
export const peripheralsSection = v.pipe(
  v.array(
    v.variant('kind', [serialPeripheral, hidPeripheral], '"kind": "xmodem" or "hid"'),
    'a list of peripherals',
  ),
  v.check(
    (list) => new Set(list.map(({ name }) => name)).size === list.length,
    'a name of its own for each peripheral',
  ),
);

export type PeripheralsConfig = v.InferOutput<typeof peripheralsSection>;
export type PeripheralConfig = PeripheralsConfig[number];
export type SerialPeripheralConfig = v.InferOutput<typeof serialPeripheral>;
export type HidPeripheralConfig = v.InferOutput<typeof hidPeripheral>;
