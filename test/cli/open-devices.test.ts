import { bufferCount, firstValueFrom, NEVER, of } from 'rxjs';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { devicesSection } from '#config/devices-config.ts';
import type { CodeScanner } from '#ports/code-scanner.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { type PluggedDevice, plugDevice, seen } from '#test/drivers/serial/plugged-device.ts';
import { shownBy } from '#test/drivers/serial/shown-by.ts';
import { type KeptLog, keptLog } from '#test/support/kept-log.ts';
import {
  type DeviceDrivers,
  type OpenedDevices,
  openDevices,
} from '../../src/cli/opening/open-devices.ts';

let plugged: PluggedDevice[] = [];
let opened: OpenedDevices;
let log: KeptLog;

beforeEach(() => {
  log = keptLog();
});
afterEach(async () => {
  await opened.close();
  await Promise.all(plugged.map((one) => one.close()));
  plugged = [];
});

const plug = async (): Promise<PluggedDevice> => {
  const one = await plugDevice();
  plugged.push(one);
  return one;
};

const open = async (section: object, drivers: DeviceDrivers = {}): Promise<void> => {
  opened = await openDevices(v.parse(devicesSection, section), drivers, log);
};

const areAll = (health: string) =>
  seen(opened.devices$, (all) => all.every((one) => one.health.health === health));

describe('the devices of a configuration', () => {
  test('are none, and nothing happens, where none are named', async () => {
    await open({});
    expect(await firstValueFrom(opened.devices$)).toEqual([]);
    opened.lineDisplay.show('Please pay', '12.50');
    expect(opened.devices()).toEqual([]);
    const last = firstValueFrom(opened.scanner.scans$, { defaultValue: 'completed' });
    await opened.close();
    expect(await last).toBe('completed');
  });

  test('scanners are one scanner, and displays one display', async () => {
    const [first, second, display] = [await plug(), await plug(), await plug()];
    await open({
      scanners: [
        { kind: 'serial', path: first.path },
        { kind: 'serial', path: second.path, suffix: 'LF' },
      ],
      lineDisplays: [{ path: display.path, commands: 'cd5220' }],
    });
    await areAll('ready');
    expect(opened.devices().map(({ kind, place, because }) => [kind, place, because])).toEqual([
      ['scanner', first.path, 'named in terminal.json: devices.scanners[0]'],
      ['scanner', second.path, 'named in terminal.json: devices.scanners[1]'],
      ['lineDisplay', display.path, 'named in terminal.json: devices.lineDisplays[0]'],
    ]);
    const both = firstValueFrom(opened.scanner.scans$.pipe(bufferCount(2)));
    first.send('00001111\r');
    second.send('22223333\n');
    expect((await both).map(({ text }) => text).toSorted()).toEqual(['00001111', '22223333']);
    opened.lineDisplay.show('Please pay', '12.50');
    await display.gets((bytes) => shownBy('cd5220', bytes).lower.startsWith('12.50'));
  });

  test('are told, and logged without a code, when they go and come back', async () => {
    const scanner = await plug();
    await open({ scanners: [{ kind: 'serial', path: scanner.path }] });
    await areAll('ready');
    scanner.send('00001111');
    await scanner.unplug();
    await areAll('absent');
    await scanner.plugIn();
    await areAll('ready');
    expect(log.lines.join('\n')).not.toContain('0000');
    expect(log.lines.filter((line) => line.includes('a device is absent'))).not.toEqual([]);
  });

  test('HID scanners and printers are those of the drivers that are given', async () => {
    const device = (kind: AttachedDevice['kind'], place: string): AttachedDevice => ({
      ...{ kind, place, name: '', because: 'the test says so', health: { health: 'ready' } },
    });
    const asked: unknown[] = [];
    const hid: CodeScanner = {
      scans$: of({ text: 'from HID', place: 'hidraw', atMs: 1 }),
      devices$: of([device('scanner', 'hidraw')]),
      close: async () => {},
    };
    await open(
      {
        scanners: [{ kind: 'hid', vendorId: '0C2E' }],
        printers: [{ kind: 'file', path: '/dev/countertap-none' }],
      },
      {
        hidScanner: async (wanted) => {
          asked.push(wanted);
          return hid;
        },
        printer: async ({ line, columns, because }) => {
          asked.push([line.path, columns, because]);
          const printers = { devices$: of([device('printer', line.path)]), state$: NEVER };
          return { ...printers, print: async () => undefined, close: () => line.close() };
        },
      },
    );
    expect(asked).toEqual([
      { vendorId: 0x0c2e },
      ['/dev/countertap-none', 48, 'named in terminal.json: devices.printers[0]'],
    ]);
    expect(opened.printers).toHaveLength(1);
    expect(opened.devices().map(({ place }) => place)).toEqual(['hidraw', '/dev/countertap-none']);
    expect((await firstValueFrom(opened.scanner.scans$)).text).toBe('from HID');
  });
});
