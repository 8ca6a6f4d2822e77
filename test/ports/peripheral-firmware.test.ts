import { describe, expect, onTestFinished, test } from 'vitest';
import { openHidFirmware } from '#drivers/hid-firmware/index.ts';
import {
  hidPeripheralAtBus,
  SIMULATED_HID,
  serialPeripheralAtPort,
  simulatedFirmware,
} from '#drivers/simulated/peripherals/index.ts';
import { openXmodemFirmware } from '#drivers/xmodem/index.ts';
import { isFault } from '#ports/fault.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';

/** A device with version 1.0 and the driver that loads it. */
interface Bench {
  readonly firmware: PeripheralFirmware;
  runs(): string;
  powerCycle(): void;
  /** From now on nothing of the device arrives. */
  mute(): void;
  unmute(): void;
}

const model = 'countertap-simulated';
const SHORT = { answerMs: 300, enterMs: 1500, bootMs: 1000 };

const opened = (firmware: ReturnType<typeof openXmodemFirmware>): PeripheralFirmware => {
  if (isFault(firmware)) throw new Error(firmware.detail);
  return firmware;
};

const serialBench = (): Bench => {
  const timing = { waitMs: 60, characterMs: 30 };
  const device = serialPeripheralAtPort({ version: '1.0', timing });
  onTestFinished(() => device.close());
  const { toTerminal } = device.between;
  return {
    firmware: opened(
      openXmodemFirmware({
        ...{ name: 'scanner', model, openLine: device.openLine },
        timing: { startMs: 400, replyMs: 400, endMs: 100, settleMs: 80, ...SHORT },
      }),
    ),
    runs: device.runs,
    powerCycle: device.powerCycle,
    mute: () => {
      device.between.toTerminal = () => new Uint8Array(0);
    },
    unmute: () => {
      device.between.toTerminal = toTerminal;
    },
  };
};

const hidBench = (): Bench => {
  const device = hidPeripheralAtBus('1.0');
  const { toTerminal } = device.between;
  return {
    firmware: opened(
      openHidFirmware({
        ...{ ...SIMULATED_HID, name: 'scanner', model, world: device.world },
        timing: { answerMs: 50, slowAnswerMs: 100, restartMs: 2000 },
      }),
    ),
    runs: device.runs,
    powerCycle: device.powerCycle,
    mute: () => {
      device.between.toTerminal = () => undefined;
    },
    unmute: () => {
      device.between.toTerminal = toTerminal;
    },
  };
};

const never = (): AbortSignal => new AbortController().signal;

describe.each([
  ['a serial bootloader', serialBench],
  ['HID reports', hidBench],
])('firmware by %s', (_, bench) => {
  test('a device tells what it runs', async () => {
    const { firmware } = bench();
    expect(await firmware.version(never())).toBe('1.0');
    expect(firmware.name).toBe('scanner');
  });

  test('a device runs what it was given, and every byte of it is told once', async () => {
    const { firmware, runs } = bench();
    const progress: number[] = [];
    const image = simulatedFirmware('2.0', 5000);
    expect(await firmware.load(image, never(), (bytes) => progress.push(bytes))).toBeUndefined();
    expect(runs()).toBe('2.0');
    expect(await firmware.version(never())).toBe('2.0');
    expect(progress.at(-1)).toBe(5000);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  test.each([60, 127, 128, 129, 1023, 1024, 1025])(
    'an image of %i bytes arrives',
    async (bytes) => {
      const { firmware, runs } = bench();
      expect(
        await firmware.load(simulatedFirmware('2.0', bytes), never(), () => {}),
      ).toBeUndefined();
      expect(runs()).toBe('2.0');
    },
  );

  test('ended in the middle, the device waits in its bootloader and takes the next', async () => {
    const { firmware, runs } = bench();
    const ending = new AbortController();
    const image = simulatedFirmware('2.0', 20_000);
    const ended = await firmware.load(image, ending.signal, (bytes) => {
      if (bytes > 8000) ending.abort();
    });
    expect(ended).toMatchObject({ fault: 'aborted' });
    expect(await firmware.version(never())).toBe('bootloader');
    expect(await firmware.load(image, never(), () => {})).toBeUndefined();
    expect(runs()).toBe('2.0');
  });

  test('ended before it began, nothing is touched', async () => {
    const { firmware, runs } = bench();
    const image = simulatedFirmware('2.0', 20_000);
    expect(await firmware.load(image, AbortSignal.abort(), () => {})).toMatchObject({
      fault: 'aborted',
    });
    expect(runs()).toBe('1.0');
  });

  test('the power goes in the middle: the device is in its bootloader, and the next try works', async () => {
    const { firmware, runs, powerCycle } = bench();
    const ending = new AbortController();
    let cut = false;
    const image = simulatedFirmware('2.0', 20_000);
    await firmware.load(image, ending.signal, (bytes) => {
      if (bytes < 8000 || cut) return;
      cut = true;
      powerCycle();
      ending.abort();
    });
    expect(runs()).toBe('bootloader');
    expect(await firmware.load(image, never(), () => {})).toBeUndefined();
    expect(runs()).toBe('2.0');
  });

  test('a device that falls silent is a fault and no endless wait, and can be tried again', async () => {
    const { firmware, mute, unmute, runs } = bench();
    const image = simulatedFirmware('2.0', 20_000);
    const failed = await firmware.load(image, never(), (bytes) => {
      if (bytes > 8000) mute();
    });
    expect(failed).toMatchObject({ fault: 'timeout' });
    unmute();
    expect(await firmware.load(image, never(), () => {})).toBeUndefined();
    expect(runs()).toBe('2.0');
  });

  test('a device that never answers is a fault', async () => {
    const { firmware, mute } = bench();
    mute();
    expect(await firmware.version(never())).toMatchObject({ fault: 'timeout' });
  });

  test('what the device can not run leaves it in its bootloader, and that is said', async () => {
    const { firmware, runs } = bench();
    const rubbish = new Uint8Array(3000).fill(0x55);
    const failed = await firmware.load(rubbish, never(), () => {});
    expect(failed).toMatchObject({ fault: 'device' });
    expect(runs()).toBe('bootloader');
    expect(await firmware.load(simulatedFirmware('2.0', 3000), never(), () => {})).toBeUndefined();
    expect(runs()).toBe('2.0');
  });

  test('no bytes are no firmware', async () => {
    const { firmware, runs } = bench();
    const nothing = await firmware.load(new Uint8Array(0), never(), () => {});
    expect(nothing).toMatchObject({ fault: 'device' });
    expect(runs()).toBe('1.0');
  });
});
