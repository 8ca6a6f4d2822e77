import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type HidSighting, watchHidraw } from '#drivers/hid/sightings.ts';
import { HONEYWELL } from './descriptors.ts';

let folder = '';
let look: () => Promise<HidSighting[]>;

// As /sys/class/hidraw has it: hidraw0/device is a link to the HID device's own folder.
const attach = (name: string, instance: string, uevent: string): void => {
  const device = join(folder, 'devices', instance);
  mkdirSync(device, { recursive: true });
  writeFileSync(join(device, 'report_descriptor'), HONEYWELL);
  writeFileSync(join(device, 'uevent'), uevent);
  mkdirSync(join(folder, 'class', name), { recursive: true });
  symlinkSync(device, join(folder, 'class', name, 'device'));
};
const detach = (name: string): void => unlinkSync(join(folder, 'class', name, 'device'));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hidraw-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  look = watchHidraw(join(folder, 'class'));
});

describe('the HID devices that Linux lists', () => {
  test('are none where there is no hidraw', async () => {
    expect(await look()).toEqual([]);
  });

  test('have place, ids, name, serial number and descriptor', async () => {
    attach(
      'hidraw3',
      '0003:0C2E:0B01.0004',
      'DRIVER=hid-generic\nHID_ID=0003:00000C2E:00000B01\nHID_NAME=Honeywell \u001b[31mScanner\n' +
        'HID_UNIQ=18042B\n',
    );
    expect(await look()).toEqual([
      {
        place: '/dev/hidraw3',
        instance: '0003:0C2E:0B01.0004',
        vendorId: 0x0c2e,
        productId: 0x0b01,
        name: 'Honeywell  [31mScanner',
        serial: '18042B',
        descriptor: Uint8Array.from(HONEYWELL),
      },
    ]);
  });

  test('are told apart when another one gets the same place between two looks', async () => {
    attach('hidraw0', '0003:0C2E:0B01.0004', 'HID_NAME=one\n');
    const [one] = await look();
    expect(await look()).toEqual([one]);
    detach('hidraw0');
    attach('hidraw0', '0003:0C2E:0B01.0005', 'HID_NAME=other\n');
    expect((await look()).map(({ place, name }) => `${place} ${name}`)).toEqual([
      '/dev/hidraw0 other',
    ]);
  });

  test('that go while we look are none', async () => {
    attach('hidraw0', '0003:0C2E:0B01.0004', 'HID_NAME=one\n');
    rmSync(join(folder, 'devices'), { recursive: true });
    expect(await look()).toEqual([]);
  });
});
