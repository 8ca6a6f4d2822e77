import { accessSync, constants, statSync } from 'node:fs';
import type { DevicesConfig, ScannerConfig } from '#config/devices-config.ts';
import type { AttachedDevice, DeviceHealth, DeviceKind } from '#ports/devices.ts';
import { fault } from '#ports/fault.ts';
import {
  HID_POS,
  type MachineDevice,
  machineDevices,
  realPath,
} from './opening/machine-devices.ts';

/** Why a device is taken for what it is: "named in terminal.json: devices.scanners[0]". */
export const namedAs = (list: keyof DevicesConfig, index: number): string =>
  `named in terminal.json: devices.${list}[${index}]`;

/** Those that are in use, and those that are attached and that nobody uses. */
export const withUnused = (
  used: readonly AttachedDevice[],
  machine: readonly MachineDevice[] = machineDevices(),
): readonly AttachedDevice[] => {
  const places = new Set(used.map(({ place }) => realPath(place)));
  return [...used, ...machine.filter(({ place }) => !places.has(place)).map(unused)];
};

const unused = ({ sort, place, name, note }: MachineDevice): AttachedDevice => ({
  ...{ kind: 'unused', place, name },
  because: `a ${sort} that terminal.json doesn't name${note === undefined ? '' : `: ${note}`}`,
  health: { health: 'ready', detail: 'attached, not opened' },
});

/** Those that a configuration names, as they look while no terminal has them open. */
export const configuredDevices = (
  config: DevicesConfig,
  machine: readonly MachineDevice[] = machineDevices(),
): readonly AttachedDevice[] => {
  const named = (kind: DeviceKind, list: keyof DevicesConfig) =>
    config[list].map((one, index): AttachedDevice => {
      const because = namedAs(list, index);
      if (!('path' in one)) return hidScanner(one, because, machine);
      const name = machine.find(({ place }) => place === realPath(one.path))?.name ?? '';
      return { kind, place: one.path, name, because, health: healthOf(one.path) };
    });
  return [
    ...named('scanner', 'scanners'),
    ...named('printer', 'printers'),
    ...named('lineDisplay', 'lineDisplays'),
  ];
};

const CLOSED: DeviceHealth = {
  health: 'ready',
  detail: 'attached; no terminal is running that has it open',
};

const healthOf = (path: string): DeviceHealth => {
  const absent = (why: string): DeviceHealth => ({ health: 'absent', why: fault('device', why) });
  try {
    if (!statSync(path).isCharacterDevice()) return absent(`${path} is no device file`);
  } catch {
    return absent(`${path}: nothing is plugged in there`);
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return CLOSED;
  } catch {
    return absent(`${path}: this user may not open it`);
  }
};

const hidScanner = (
  { vendorId, productId }: Extract<ScannerConfig, { kind: 'hid' }>,
  because: string,
  machine: readonly MachineDevice[],
): AttachedDevice => {
  const found = machine.find(
    ({ note, usb }) =>
      note === HID_POS &&
      (vendorId === undefined || vendorId === usb?.vendorId) &&
      (productId === undefined || productId === usb?.productId),
  );
  if (found !== undefined) {
    const { place, name } = found;
    return { kind: 'scanner', place, name, because, health: healthOf(place) };
  }
  const why = fault('device', 'no such scanner in HID POS mode is attached');
  return { kind: 'scanner', place: 'USB', name: '', because, health: { health: 'absent', why } };
};
