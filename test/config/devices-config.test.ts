import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { devicesSection } from '#config/devices-config.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { readConfig } from '#config/read.ts';

const schema = v.strictObject({ devices: v.optional(devicesSection, {}) });
const read = (devices?: object) =>
  readConfig({ name: 'terminal.json', text: JSON.stringify({ devices }) }, schema);

const problem = (devices: object): string => {
  const found = read(devices);
  return isConfigProblem(found) ? describeConfigProblem(found) : 'none';
};

describe('the devices in terminal.json', () => {
  test('are none unless stated', () => {
    expect(read()).toEqual({ devices: { scanners: [], printers: [], lineDisplays: [] } });
  });

  test('are taken as most are set when they are new', () => {
    const serial = {
      ...{ baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1, flowControl: 'none' },
    };
    expect(
      read({
        scanners: [
          { kind: 'serial', path: '/dev/ttyACM0' },
          { kind: 'hid', vendorId: '0c2e' },
        ],
        printers: [
          { kind: 'serial', path: '/dev/ttyUSB0', baudRate: 115200, paper: '58mm' },
          { kind: 'file', path: '/dev/usb/lp0' },
        ],
        lineDisplays: [{ path: '/dev/ttyUSB1', commands: 'cd5220' }],
      }),
    ).toEqual({
      devices: {
        scanners: [
          {
            ...{ kind: 'serial', path: '/dev/ttyACM0', ...serial },
            ...{ suffix: 'CR', aimIdentifier: true, shortest: 4, longest: 1024 },
          },
          { kind: 'hid', vendorId: 0x0c2e },
        ],
        printers: [
          {
            ...{ kind: 'serial', path: '/dev/ttyUSB0', ...serial, baudRate: 115200 },
            ...{ paper: '58mm', answers: true },
          },
          { kind: 'file', path: '/dev/usb/lp0', paper: '80mm', answers: true },
        ],
        lineDisplays: [
          {
            ...{ path: '/dev/ttyUSB1', ...serial, commands: 'cd5220' },
            ...{ codePage: 'cp437', brightness: 4 },
          },
        ],
      },
    });
  });

  test.each([
    [
      { scanners: [{ kind: 'serial', path: 'ttyACM0' }] },
      'devices.scanners[0].path: expected the absolute path of a device file, such as ' +
        '"/dev/ttyACM0", found "ttyACM0"',
    ],
    [
      { scanners: [{ kind: 'keyboard' }] },
      'devices.scanners[0].kind: expected "kind": "serial" or "hid", found "keyboard"',
    ],
    [
      { scanners: [{ kind: 'serial', path: '/dev/ttyACM0', suffix: 'cr' }] },
      'devices.scanners[0].suffix: expected one of CR, LF, CRLF, TAB, ETX, none, found "cr"',
    ],
    [
      { scanners: [{ kind: 'hid', vendorId: 3118 }] },
      'devices.scanners[0].vendorId: expected four hexadecimal digits, such as "0C2E", found 3118',
    ],
    [
      { printers: [{ kind: 'file', path: '/dev/usb/lp0', baudRate: 9600 }] },
      'devices.printers[0].baudRate: expected no such key, found 9600',
    ],
    [
      { printers: [{ kind: 'file', path: '/dev/usb/lp0', paper: '76mm' }] },
      'devices.printers[0].paper: expected "58mm" or "80mm", found "76mm"',
    ],
    [
      { printers: [{ kind: 'file', path: '/dev/usb/lp0', codePages: { cp437: 256 } }] },
      "devices.printers[0].codePages.cp437: expected the printer's number of a code page " +
        '(0 to 255), found 256',
    ],
    [
      { lineDisplays: [{ path: '/dev/ttyS0', baudRate: 300 }] },
      'devices.lineDisplays[0].baudRate: expected one of 1200, 2400, 4800, 9600, 19200, 38400, ' +
        '57600, 115200, found 300',
    ],
    [
      {
        scanners: [{ kind: 'serial', path: '/dev/ttyS0' }],
        lineDisplays: [{ path: '/dev/ttyS1' }, { path: '/dev/ttyS0' }],
      },
      'devices.lineDisplays[1].path: expected another device file than that of ' +
        'devices.scanners[0], found "/dev/ttyS0"',
    ],
  ])('are not %j', (devices, words) => {
    expect(problem(devices)).toBe(`terminal.json: ${words}`);
  });
});
