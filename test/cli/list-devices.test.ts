import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { devicesSection } from '#config/devices-config.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { inWords } from '../../src/cli/devices.ts';
import { configuredDevices, withUnused } from '../../src/cli/list-devices.ts';
import type { MachineDevice } from '../../src/cli/opening/machine-devices.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countertap-devices-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

// Every machine has this one, and it is a character device.
const NULL: MachineDevice = { sort: 'serial port', place: '/dev/null', name: 'Acme (0C2E:0901)' };
const HID: MachineDevice = {
  ...{ sort: 'HID device', place: '/dev/null', name: 'Acme (0C2E:0901)' },
  usb: { vendorId: 0x0c2e, productId: 0x0901 },
  note: 'a bar code scanner in HID POS mode',
};

const configured = (section: object, machine: readonly MachineDevice[]) =>
  configuredDevices(v.parse(devicesSection, section), machine);

describe('a serial port that is attached', () => {
  test('is unused where nobody names it', () => {
    expect(withUnused([], [NULL])).toEqual([
      {
        ...{ kind: 'unused', place: '/dev/null', name: 'Acme (0C2E:0901)' },
        because: "a serial port that terminal.json doesn't name",
        health: { health: 'ready', detail: 'attached, not opened' },
      },
    ]);
  });

  test('is used where it is named by a link to it', () => {
    const link = join(folder, 'usb-Acme');
    symlinkSync('/dev/null', link);
    const used = configured({ scanners: [{ kind: 'serial', path: link }] }, [NULL]);
    expect(withUnused(used, [NULL])).toEqual([
      {
        ...{ kind: 'scanner', place: link, name: 'Acme (0C2E:0901)' },
        because: 'named in terminal.json: devices.scanners[0]',
        health: expect.objectContaining({ health: 'ready' }),
      },
    ]);
  });
});

describe('a device that is named, while no terminal runs', () => {
  test('is absent where nothing is plugged in, or what is there is no device', () => {
    const plain = join(folder, 'plain');
    writeFileSync(plain, '');
    const found = configured(
      {
        printers: [{ kind: 'file', path: '/dev/countertap-none' }],
        lineDisplays: [{ path: plain }],
      },
      [],
    );
    expect(found.map(({ kind, health }) => [kind, health])).toMatchObject([
      ['printer', { health: 'absent', why: { detail: expect.stringContaining('plugged in') } }],
      ['lineDisplay', { health: 'absent', why: { detail: expect.stringContaining('no device') } }],
    ]);
  });

  test.each([
    [{}, 'ready'],
    [{ vendorId: '0C2E' }, 'ready'],
    [{ vendorId: '0C2E', productId: '0901' }, 'ready'],
    [{ vendorId: '0C2E', productId: '0902' }, 'absent'],
  ])('is found by its numbers at USB: %j', (numbers, health) => {
    const [one] = configured({ scanners: [{ kind: 'hid', ...numbers }] }, [HID]);
    expect(one?.health.health).toBe(health);
  });
});

test('in words, each device has what it is, how it is, and why', () => {
  const scanner: AttachedDevice = {
    ...{ kind: 'scanner', place: '/dev/ttyACM0', name: 'Acme (0C2E:0901)', because: 'named' },
    health: { health: 'attention', detail: 'it sends rubbish' },
  };
  expect(inWords([scanner]).split('\n')).toEqual([
    'scanner         /dev/ttyACM0  Acme (0C2E:0901)',
    '                ATTENTION  it sends rubbish',
    '                named',
  ]);
  expect(inWords([])).toMatch(/no device is attached/);
});
