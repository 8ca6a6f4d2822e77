import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A device file that the kernel has made for something that is attached. */
export interface MachineDevice {
  readonly sort: 'serial port' | 'USB printer' | 'HID device';
  /** The device file: "/dev/ttyUSB0". */
  readonly place: string;
  /** "Honeywell Voyager 1450g (0C2E:0901)"; empty when nothing tells. */
  readonly name: string;
  /** USB numbers, where it is at USB. */
  readonly usb?: { readonly vendorId: number; readonly productId: number };
  /** What speaks for or against using it. */
  readonly note?: string;
}

/**
 * Serial ports, printers of USB's printer class and HID devices, as the kernel tells them under
 * /sys. Needs no udev. What can't be read is not there.
 * @param root another folder than / to look in
 */
export const machineDevices = (root = '/'): readonly MachineDevice[] => [
  ...entries(root, 'tty').flatMap((name) => serialPort(root, name) ?? []),
  ...[...entries(root, 'usbmisc'), ...entries(root, 'usb')]
    .filter((name) => /^lp\d+$/.test(name))
    .map((name) => usbPrinter(root, name)),
  ...entries(root, 'hidraw').map((name) => hidDevice(root, name)),
];

/** The device's name as the machine knows it, for a device file or a link to one; or empty. */
export const nameOfDevice = (path: string, root = '/'): string =>
  machineDevices(root).find(({ place }) => place === realPath(path))?.name ?? '';

/** Where a link such as /dev/serial/by-id/… leads; the path itself where it leads nowhere. */
export const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

const entries = (root: string, className: string): readonly string[] => {
  try {
    return readdirSync(join(root, 'sys/class', className)).toSorted(byNumber);
  } catch {
    return [];
  }
};

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

const serialPort = (root: string, name: string): MachineDevice | undefined => {
  const folder = join(root, 'sys/class/tty', name);
  // Virtual consoles and pseudo-terminals have no device. A PC's ports that exist on paper alone
  // have the type 0 (PORT_UNKNOWN of serial_core.h).
  if (resolved(join(folder, 'device')) === undefined || read(folder, 'type') === '0') {
    return undefined;
  }
  const isConsole = read(folder, 'console') === 'Y';
  return {
    ...{ sort: 'serial port', place: `/dev/${name}` },
    ...usbOf(join(folder, 'device')),
    ...(isConsole ? { note: "it is the kernel's console" } : {}),
  };
};

const usbPrinter = (root: string, name: string): MachineDevice => {
  const folders = ['usbmisc', 'usb'].map((one) => join(root, 'sys/class', one, name, 'device'));
  const folder = folders.find((one) => resolved(one) !== undefined) ?? '';
  return { sort: 'USB printer', place: `/dev/usb/${name}`, ...usbOf(folder) };
};

const hidDevice = (root: string, name: string): MachineDevice => {
  const folder = join(root, 'sys/class/hidraw', name, 'device');
  const uevent = read(folder, 'uevent');
  const title = /^HID_NAME=(.*)$/m.exec(uevent)?.[1]?.trim() ?? '';
  // HID_ID=0003:00000C2E:00000901 is bus, vendor and product.
  const ids = /^HID_ID=[0-9A-F]{4}:([0-9A-F]{8}):([0-9A-F]{8})$/im.exec(uevent);
  const found = ids && numbers(ids[1] ?? '', ids[2] ?? '');
  return {
    ...{ sort: 'HID device', place: `/dev/${name}`, name: title },
    ...(found ? { name: withNumbers(title, found), usb: found } : {}),
    ...hidNote(folder),
  };
};

// The first usage of a report descriptor says what the device is. HID Usage Tables 1.5: page 8C is
// Bar Code Scanner, page 01 usage 06 Keyboard, usage 02 Mouse.
const hidNote = (folder: string): { readonly note?: string } => {
  const descriptor = readBytes(folder, 'report_descriptor').toString('hex');
  if (/^(058c|068c00)/.test(descriptor)) return { note: HID_POS };
  if (descriptor.startsWith('05010906')) {
    return { note: 'a keyboard, or a scanner that types as one: set it to HID POS or serial' };
  }
  return descriptor.startsWith('05010902') ? { note: 'a mouse or the like' } : {};
};

/** What is told of a scanner that can be used. */
export const HID_POS = 'a bar code scanner in HID POS mode';

interface UsbNumbers {
  readonly vendorId: number;
  readonly productId: number;
}

const usbOf = (folder: string): { readonly name: string; readonly usb?: UsbNumbers } => {
  const device = usbFolder(resolved(folder));
  if (device === undefined) return { name: '' };
  const usb = numbers(read(device, 'idVendor'), read(device, 'idProduct'));
  const title = [read(device, 'manufacturer'), read(device, 'product')].filter(Boolean).join(' ');
  return { name: withNumbers(title, usb), usb };
};

/** The USB device is some folders above its interface, and that above its port. */
const usbFolder = (folder: string | undefined): string | undefined => {
  for (let at = folder ?? '/'; basename(at) !== 'devices' && at !== dirname(at); at = dirname(at)) {
    if (read(at, 'idVendor') !== '') return at;
  }
  return undefined;
};

const numbers = (vendor: string, product: string): UsbNumbers => ({
  vendorId: Number.parseInt(vendor, 16),
  productId: Number.parseInt(product, 16),
});

const withNumbers = (title: string, { vendorId, productId }: UsbNumbers): string => {
  const hex = (number: number) => number.toString(16).toUpperCase().padStart(4, '0');
  return `${title} (${hex(vendorId)}:${hex(productId)})`.trim();
};

const resolved = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};

const readBytes = (folder: string, file: string): Buffer => {
  try {
    return readFileSync(join(folder, file));
  } catch {
    return Buffer.alloc(0);
  }
};

// What a device calls itself goes to people's terminals: without control characters.
const read = (folder: string, file: string): string =>
  readBytes(folder, file)
    .toString('utf8')
    .replaceAll(/[^\P{Cc}\n]/gu, '')
    .trim();
