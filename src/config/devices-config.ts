import * as v from 'valibot';
import { flag, text, wholeNumber } from './pieces.ts';

const PATH = 'the absolute path of a device file, such as "/dev/ttyACM0"';

/** Links that keep their names serve as well: /dev/serial/by-id/… */
export const devicePath = v.pipe(
  v.string(PATH),
  v.check((value) => /^\/[^\0]{1,4095}$/.test(value), PATH),
);

const BAUD_RATES = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] as const;

/** How a serial port is set: as the device is, which its manual or a sheet of codes tells. */
export const serialSettings = {
  baudRate: v.optional(v.picklist(BAUD_RATES, `one of ${BAUD_RATES.join(', ')}`), 9600),
  dataBits: v.optional(v.picklist([7, 8], '7 or 8'), 8),
  parity: v.optional(v.picklist(['none', 'even', 'odd'], '"none", "even" or "odd"'), 'none'),
  stopBits: v.optional(v.picklist([1, 2], '1 or 2'), 1),
  flowControl: v.optional(
    v.picklist(['none', 'rtscts', 'xonxoff'], '"none", "rtscts" or "xonxoff"'),
    'none',
  ),
};

const SUFFIXES = ['CR', 'LF', 'CRLF', 'TAB', 'ETX', 'none'] as const;

const serialScanner = v.strictObject({
  kind: v.literal('serial'),
  path: devicePath,
  ...serialSettings,
  /** What the scanner sends behind each code; "none": silence ends it. */
  suffix: v.optional(v.picklist(SUFFIXES, `one of ${SUFFIXES.join(', ')}`), 'CR'),
  /** What it sends before each code. */
  prefix: v.optional(text(16, 'the characters before each code')),
  /** Whether "]Q1" and the like at the beginning is the symbology and not part of the code. */
  aimIdentifier: v.optional(flag, true),
  /** Silence that ends a code, or makes half of one of what was read. */
  idleMs: v.optional(wholeNumber(10, 5000, 'milliseconds')),
  /** What is shorter is noise, what is longer is rubbish. */
  shortest: v.optional(wholeNumber(1, 64, 'characters'), 4),
  longest: v.optional(wholeNumber(64, 8192, 'characters'), 1024),
});

const USB_NUMBER = 'four hexadecimal digits, such as "0C2E"';

/** As `lsusb` shows it. */
export const usbNumber = v.pipe(
  v.string(USB_NUMBER),
  v.regex(/^[0-9A-Fa-f]{4}$/, USB_NUMBER),
  v.transform((digits) => Number.parseInt(digits, 16)),
);

const hidScanner = v.strictObject({
  kind: v.literal('hid'),
  /** Any scanner that says it is one, unless stated. */
  vendorId: v.optional(usbNumber),
  productId: v.optional(usbNumber),
});

const PRINTER_CODE_PAGES = ['cp437', 'cp850', 'cp852', 'cp858', 'windows1252'] as const;
const CODE_PAGES = [...PRINTER_CODE_PAGES, 'cp866'] as const;
const COLUMNS = [32, 35, 42, 44, 48] as const;

const printing = {
  paper: v.optional(v.picklist(['58mm', '80mm'], '"58mm" or "80mm"'), '80mm'),
  /** Of the printer's usual font, where it isn't what is common for its paper: 32 or 48. */
  columns: v.optional(v.picklist(COLUMNS, `characters in a line: ${COLUMNS.join(', ')}`)),
  /** Those that the printer has, by its own numbers (ESC t n), where they aren't Epson's. */
  codePages: v.optional(
    v.record(
      v.picklist(PRINTER_CODE_PAGES, `one of ${PRINTER_CODE_PAGES.join(', ')}`),
      wholeNumber(0, 255, "the printer's number of a code page"),
      'numbers by code page',
    ),
  ),
  feedLines: v.optional(wholeNumber(0, 20, 'lines before the cut')),
  /** Whether it tells its state: not where the device file can only be written. */
  answers: v.optional(flag, true),
};

const printers = [
  v.strictObject({ kind: v.literal('serial'), path: devicePath, ...serialSettings, ...printing }),
  /** The printer class of USB: /dev/usb/lp0. */
  v.strictObject({ kind: v.literal('file'), path: devicePath, ...printing }),
] as const;

const lineDisplay = v.strictObject({
  path: devicePath,
  ...serialSettings,
  commands: v.optional(v.picklist(['escpos', 'cd5220'], '"escpos" or "cd5220"'), 'escpos'),
  codePage: v.optional(v.picklist(CODE_PAGES, `one of ${CODE_PAGES.join(', ')}`), 'cp437'),
  brightness: v.optional(v.picklist([1, 2, 3, 4], '1 to 4'), 4),
});

/** What stands beside the terminal: none of it unless stated. */
export const devicesSection = v.pipe(
  v.strictObject({
    scanners: v.optional(
      v.array(
        v.variant('kind', [serialScanner, hidScanner], '"kind": "serial" or "hid"'),
        'a list of scanners',
      ),
      [],
    ),
    printers: v.optional(
      v.array(v.variant('kind', printers, '"kind": "serial" or "file"'), 'a list of printers'),
      [],
    ),
    lineDisplays: v.optional(v.array(lineDisplay, 'a list of line displays'), []),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value } = dataset;
    const twice = usedTwice(value);
    if (twice === undefined) return;
    const { list, index, path: found, first } = twice;
    addIssue({
      message: `another device file than that of devices.${first}`,
      input: found,
      path: [
        { type: 'object', origin: 'value', input: value, key: list, value: value[list] },
        { type: 'array', origin: 'value', input: value[list], key: index, value: found },
        { type: 'object', origin: 'value', input: { path: found }, key: 'path', value: found },
      ],
    });
  }),
);

export type DevicesConfig = v.InferOutput<typeof devicesSection>;
export type ScannerConfig = DevicesConfig['scanners'][number];
export type PrinterConfig = DevicesConfig['printers'][number];
export type LineDisplayConfig = DevicesConfig['lineDisplays'][number];

const LISTS = ['scanners', 'printers', 'lineDisplays'] as const;

/** One device file serves one purpose: two that read it would get half of the bytes each. */
const usedTwice = (section: Record<(typeof LISTS)[number], readonly object[]>) => {
  const users = new Map<string, string>();
  for (const list of LISTS) {
    for (const [index, one] of section[list].entries()) {
      if (!('path' in one) || typeof one.path !== 'string') continue;
      const first = users.get(one.path);
      if (first !== undefined) return { list, index, path: one.path, first };
      users.set(one.path, `${list}[${index}]`);
    }
  }
  return undefined;
};
