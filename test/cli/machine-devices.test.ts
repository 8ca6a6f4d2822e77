import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { machineDevices, nameOfDevice } from '../../src/cli/opening/machine-devices.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countertap-sys-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const file = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

/** Relative links, as the kernel makes them. */
const link = (from: string, to: string): void => {
  const path = join(root, from);
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(join(root, to), { recursive: true });
  symlinkSync(relative(dirname(path), join(root, to)), path);
};

const USB = 'sys/devices/pci0000:00/0000:00:14.0/usb1/1-2';

const usbDevice = (): void => {
  file(`${USB}/idVendor`, '0c2e\n');
  file(`${USB}/idProduct`, '0901\n');
  file(`${USB}/manufacturer`, 'Acme\n');
  file(`${USB}/product`, 'Scan \u001b[31m3000\n');
};

/** As Linux 6 has them: the class leads to the port, whose `device` leads to the interface. */
const serialPort = (name: string, port: string, files: Readonly<Record<string, string>> = {}) => {
  link(`sys/class/tty/${name}`, `${port}/tty/${name}`);
  link(`${port}/tty/${name}/device`, port);
  for (const [one, content] of Object.entries(files)) file(`${port}/tty/${name}/${one}`, content);
};

describe('what the kernel tells under /sys', () => {
  test('a machine without any of it has none', () => {
    expect(machineDevices(root)).toEqual([]);
  });

  test('a scanner that behaves as a modem, with the name it gives itself', () => {
    usbDevice();
    serialPort('ttyACM0', `${USB}/1-2:1.0`);
    expect(machineDevices(root)).toEqual([
      {
        ...{ sort: 'serial port', place: '/dev/ttyACM0' },
        // Without what would colour a technician's screen.
        name: 'Acme Scan [31m3000 (0C2E:0901)',
        usb: { vendorId: 0x0c2e, productId: 0x0901 },
      },
    ]);
  });

  test('an adapter, whose port is one folder deeper', () => {
    usbDevice();
    serialPort('ttyUSB0', `${USB}/1-2:1.0/ttyUSB0`);
    expect(nameOfDevice('/dev/ttyUSB0', root)).toBe('Acme Scan [31m3000 (0C2E:0901)');
    expect(nameOfDevice('/dev/ttyUSB1', root)).toBe('');
  });

  test("a PC's own port, but none that exists on paper alone, and no console", () => {
    const ports = 'sys/devices/platform/serial8250';
    serialPort('ttyS0', `${ports}/0`, { type: '4\n', console: 'Y\n' });
    serialPort('ttyS1', `${ports}/1`, { type: '0\n' });
    link('sys/class/tty/tty1', 'sys/devices/virtual/tty/tty1');
    link('sys/class/tty/ptmx', 'sys/devices/virtual/tty/ptmx');
    expect(machineDevices(root)).toEqual([
      {
        ...{ sort: 'serial port', place: '/dev/ttyS0', name: '' },
        note: "it is the kernel's console",
      },
    ]);
  });

  test("a printer of USB's printer class", () => {
    usbDevice();
    link('sys/class/usbmisc/lp0', `${USB}/1-2:1.0/usbmisc/lp0`);
    link(`${USB}/1-2:1.0/usbmisc/lp0/device`, `${USB}/1-2:1.0`);
    link('sys/class/usbmisc/iowarrior0', `${USB}/1-2:1.0/usbmisc/iowarrior0`);
    expect(machineDevices(root).map(({ sort, place }) => `${sort} ${place}`)).toEqual([
      'USB printer /dev/usb/lp0',
    ]);
  });

  test.each([
    [[0x05, 0x8c, 0x09, 0x02], 'a bar code scanner in HID POS mode'],
    [[0x06, 0x8c, 0x00, 0x09, 0x02], 'a bar code scanner in HID POS mode'],
    [
      [0x05, 0x01, 0x09, 0x06],
      'a keyboard, or a scanner that types as one: set it to HID POS or serial',
    ],
    [[0x05, 0x0c], undefined],
  ])('an HID device whose descriptor begins with %j', (descriptor, note) => {
    const device = 'sys/devices/virtual/misc/uhid/0003:0C2E:0901.0001';
    link('sys/class/hidraw/hidraw10', `${device}/hidraw/hidraw10`);
    link(`${device}/hidraw/hidraw10/device`, device);
    file(`${device}/uevent`, 'DRIVER=hid-generic\nHID_ID=0003:00000C2E:00000901\nHID_NAME=Acme\n');
    file(`${device}/report_descriptor`, Uint8Array.from(descriptor));
    expect(machineDevices(root)).toEqual([
      {
        ...{ sort: 'HID device', place: '/dev/hidraw10', name: 'Acme (0C2E:0901)' },
        usb: { vendorId: 0x0c2e, productId: 0x0901 },
        ...(note === undefined ? {} : { note }),
      },
    ]);
  });
});
