import { symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { borrowDeviceFile, openByteLine, openSerialScanner } from '#drivers/serial/index.ts';
import { serialPeripheral, simulatedFirmware } from '#drivers/simulated/peripherals/index.ts';
import { openXmodemFirmware } from '#drivers/xmodem/index.ts';
import type { CodeScanner, ScannedCode } from '#ports/code-scanner.ts';
import { isFault } from '#ports/fault.ts';
import { type PluggedDevice, plugDevice, QUICK, seen } from './plugged-device.ts';

let device: PluggedDevice;
let scanner: CodeScanner;

beforeEach(async () => {
  device = await plugDevice();
  scanner = openSerialScanner({ path: device.path, ...QUICK });
  await is('ready');
});
afterEach(async () => {
  await scanner.close();
  await device.close();
});

const is = (health: string) =>
  seen(scanner.devices$, ([one]) => one?.health.health === health).then(([one]) => one?.health);

const scanned = async (text: string): Promise<ScannedCode> => {
  const code = seen(scanner.scans$, () => true);
  device.send(`${text}\r`);
  return code;
};

describe('a scanner whose port is borrowed', () => {
  test('lets go of it at once, is absent with the reason, and comes back', async () => {
    const giveBack = await borrowDeviceFile(device.path);
    expect(await is('absent')).toMatchObject({
      why: { detail: expect.stringContaining('while firmware is loaded') },
    });
    // Only one may have it open: it is free now.
    const line = openByteLine(device.path, { kind: 'serial', ...QUICK, borrower: true });
    await seen(line.state$, ({ line: state }) => state === 'up');
    await line.close();
    giveBack();
    await is('ready');
    expect(await scanned('4006381333931')).toMatchObject({ text: '4006381333931' });
  });

  test('lets go of it under another name, too', async () => {
    const link = `${device.path}-by-id`;
    await symlink(device.path, link);
    const giveBack = await borrowDeviceFile(link);
    await is('absent');
    giveBack();
    await is('ready');
  });

  test('gets new firmware by it, and scans again', async () => {
    const inside = serialPeripheral({
      ...{ version: '1.0', send: (bytes) => device.send(bytes) },
      timing: { waitMs: 500, characterMs: 200 },
    });
    onTestFinished(() => inside.close());
    device.hear((bytes) => inside.take(bytes));
    const firmware = openXmodemFirmware({
      ...{ name: 'scanner', model: 'countertap-simulated' },
      openLine: () => openByteLine(device.path, { kind: 'serial', ...QUICK, borrower: true }),
    });
    if (isFault(firmware)) throw new Error(firmware.detail);
    const giveBack = await borrowDeviceFile(device.path);
    const image = simulatedFirmware('2.0', 5000);
    const loaded = await firmware.load(image, new AbortController().signal, () => {});
    giveBack();
    expect(loaded).toBeUndefined();
    expect(inside.runs()).toBe('2.0');
    await is('ready');
    expect(await scanned('4006381333931')).toMatchObject({ text: '4006381333931' });
  });
});
