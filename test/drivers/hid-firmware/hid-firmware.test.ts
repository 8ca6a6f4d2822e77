import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDevice, namesUsagePage } from '#drivers/hid-firmware/find.ts';
import { openHidFirmware } from '#drivers/hid-firmware/index.ts';
import { BLOCK_BYTES, blockCheck, decodeAnswer } from '#drivers/hid-firmware/reports.ts';
import {
  type HidPeripheralAtBus,
  hidPeripheralAtBus,
  SIMULATED_HID,
  SIMULATED_HID_DESCRIPTOR,
  simulatedFirmware,
} from '#drivers/simulated/peripherals/index.ts';
import { isFault } from '#ports/fault.ts';
import type { HidSighting, HidWorld } from '#ports/hid-devices.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';

const STATUS = 1;
const BEGIN = 3;
const BLOCK = 4;
const END = 5;

const firmwareOf = ({ world }: Pick<HidPeripheralAtBus, 'world'>): PeripheralFirmware => {
  const firmware = openHidFirmware({
    ...{ ...SIMULATED_HID, name: 'display', model: 'generic', world },
    timing: { answerMs: 150, slowAnswerMs: 300, restartMs: 3000 },
  });
  if (isFault(firmware)) throw new Error(firmware.detail);
  return firmware;
};

const never = (): AbortSignal => new AbortController().signal;

/** Loads until the device has confirmed so many bytes. */
const loadUpTo = async (device: HidPeripheralAtBus, image: Uint8Array, bytes: number) => {
  const ending = new AbortController();
  return firmwareOf(device).load(image, ending.signal, (confirmed) => {
    if (confirmed >= bytes) ending.abort();
  });
};

/** The offsets of blocks that reach the device, and its begins, from now on. */
const heardBy = (device: HidPeripheralAtBus) => {
  const heard = { offsets: [] as number[], begins: [] as number[] };
  const { toDevice } = device.between;
  device.between.toDevice = (report) => {
    if (report[0] === BLOCK) {
      heard.offsets.push(new DataView(report.buffer, report.byteOffset).getUint32(4, true));
    }
    if (report[0] === BEGIN) heard.begins.push(report[2] ?? 0);
    return toDevice(report);
  };
  return heard;
};

describe('a transfer by HID reports that broke off', () => {
  const image = simulatedFirmware('2.0', 10_000);

  test('goes on where the device stands', async () => {
    const device = hidPeripheralAtBus('1.0');
    expect(await loadUpTo(device, image, 5000)).toMatchObject({ fault: 'aborted' });
    const held = device.holds();
    expect(held).toBeGreaterThanOrEqual(5000);
    const heard = heardBy(device);
    expect(await firmwareOf(device).load(image, never(), () => {})).toBeUndefined();
    expect(heard.offsets[0]).toBe(held);
    expect(heard.begins).toEqual([0]);
    expect(device.image()).toEqual(image);
  });

  test('goes on after the power was gone', async () => {
    const device = hidPeripheralAtBus('1.0');
    await loadUpTo(device, image, 5000);
    device.powerCycle();
    const heard = heardBy(device);
    expect(await firmwareOf(device).load(image, never(), () => {})).toBeUndefined();
    expect(heard.offsets[0]).toBeGreaterThanOrEqual(5000);
    expect(device.runs()).toBe('2.0');
  });

  test('begins anew when the half belongs to another image', async () => {
    const device = hidPeripheralAtBus('1.0');
    await loadUpTo(device, image, 5000);
    const heard = heardBy(device);
    const other = simulatedFirmware('3.0', 10_000);
    expect(await firmwareOf(device).load(other, never(), () => {})).toBeUndefined();
    expect(heard.begins).toEqual([0, 1]);
    expect(heard.offsets[0]).toBe(0);
    expect(device.image()).toEqual(other);
  });

  test('begins anew when the half is longer than the image', async () => {
    const device = hidPeripheralAtBus('1.0');
    await loadUpTo(device, image, 5000);
    const other = simulatedFirmware('3.0', 1000);
    expect(await firmwareOf(device).load(other, never(), () => {})).toBeUndefined();
    expect(device.image()).toEqual(other);
  });
});

describe('a device at the bus', () => {
  const image = simulatedFirmware('2.0', 3000);

  test('that is unplugged midway is a fault, and goes on when it is back', async () => {
    const device = hidPeripheralAtBus('1.0');
    let cut = false;
    const failed = await firmwareOf(device).load(image, never(), (bytes) => {
      if (bytes < 1500 || cut) return;
      cut = true;
      device.powerCycle();
    });
    expect(failed).toMatchObject({ fault: 'device' });
    expect(await firmwareOf(device).version(never())).toBe('bootloader');
    expect(await firmwareOf(device).load(image, never(), () => {})).toBeUndefined();
  });

  test.each(Object.entries({ status: STATUS, begin: BEGIN, block: BLOCK, end: END }))(
    'whose answer to %s is lost once is asked again, and it does no harm',
    async (_, command) => {
      const device = hidPeripheralAtBus('1.0');
      let lost = 0;
      device.between.toTerminal = (report) => {
        if (report[0] !== (command | 0x80) || lost++ > 0) return report;
        return undefined;
      };
      expect(await firmwareOf(device).load(image, never(), () => {})).toBeUndefined();
      expect(lost).toBeGreaterThan(0);
      expect(device.image()).toEqual(image);
    },
  );

  test('that always finds a block damaged is given up', async () => {
    const device = hidPeripheralAtBus('1.0');
    let tries = 0;
    device.between.toDevice = (report) => {
      if (report[0] !== BLOCK) return report;
      tries += 1;
      return report.map((byte, i) => (i === 20 ? byte ^ 0x10 : byte));
    };
    const failed = await firmwareOf(device).load(image, never(), () => {});
    expect(failed).toMatchObject({ fault: 'device', detail: expect.stringContaining('damaged') });
    expect(tries).toBe(5);
  });

  test('that never gets on is given up', async () => {
    const device = hidPeripheralAtBus('1.0');
    let blocks = 0;
    device.between.toTerminal = (report) => {
      if (report[0] !== (BLOCK | 0x80)) return report;
      blocks += 1;
      // "Not the offset that comes next", and always at the beginning.
      return report.map((byte, i) => (i === 2 ? 3 : i >= 4 && i < 8 ? 0 : byte));
    };
    expect(await firmwareOf(device).load(image, never(), () => {})).toMatchObject({
      fault: 'device',
    });
    expect(blocks).toBe(20);
  });

  test('too small for the image says so', async () => {
    const device = hidPeripheralAtBus('1.0');
    const failed = await firmwareOf(device).load(new Uint8Array(5 << 20), never(), () => {});
    expect(failed).toMatchObject({ detail: expect.stringContaining('larger than its memory') });
  });

  test('holds its image or none, whatever reports are lost or damaged', async () => {
    const harms = fc.dictionary(
      fc.integer({ min: 0, max: 60 }).map(String),
      fc.constantFrom('lost', 'damaged'),
      { maxKeys: 4 },
    );
    await fc.assert(
      fc.asyncProperty(harms, harms, async (out, back) => {
        const device = hidPeripheralAtBus('1.0');
        const counts = { out: 0, back: 0 };
        const harm = (report: Uint8Array, what: string | undefined) => {
          if (what === 'lost') return undefined;
          return what === 'damaged' ? report.map((b, i) => (i === 13 ? b ^ 1 : b)) : report;
        };
        device.between.toDevice = (report) => harm(report, out[String(counts.out++)]);
        device.between.toTerminal = (report) => harm(report, back[String(counts.back++)]);
        const failed = await firmwareOf(device).load(image, never(), () => {});
        if (failed === undefined) expect(device.image()).toEqual(image);
        else expect(device.image()).toBeUndefined();
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});

describe('the device that is meant', () => {
  const sighting = (more: Partial<HidSighting> = {}): HidSighting => ({
    ...SIMULATED_HID,
    ...{ place: '/dev/hidraw0', instance: '0003:1209:0001.0001', name: 'x', serial: '1' },
    descriptor: SIMULATED_HID_DESCRIPTOR,
    ...more,
  });
  const find = (all: readonly HidSighting[], more: object = {}) => {
    const world = { look: async () => all } as unknown as HidWorld;
    return findDevice(world, { ...SIMULATED_HID, ...more }, 0xff00);
  };

  test('is found by its numbers, and as its bootloader', async () => {
    const other = sighting({ productId: 2, place: '/dev/hidraw1' });
    expect(await find([other, sighting()])).toMatchObject({ place: '/dev/hidraw0' });
    expect(await find([other], { bootloaderProductId: 2 })).toMatchObject({
      place: '/dev/hidraw1',
    });
    expect(await find([])).toMatchObject({ fault: 'device' });
  });

  test('is none of two, until its serial number is said', async () => {
    const two = [sighting(), sighting({ serial: '2', place: '/dev/hidraw1' })];
    expect(await find(two)).toMatchObject({ fault: 'device' });
    expect(await find(two, { serial: '2' })).toMatchObject({ place: '/dev/hidraw1' });
  });

  test('is the interface whose descriptor names the usage page', async () => {
    const keyboard = Uint8Array.of(0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0xc0);
    const all = [sighting({ descriptor: keyboard }), sighting({ place: '/dev/hidraw1' })];
    expect(await find(all)).toMatchObject({ place: '/dev/hidraw1' });
    expect(await find(all.slice(0, 1))).toMatchObject({ fault: 'device' });
  });

  test('is looked for in any bytes without end or error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof namesUsagePage(bytes, 0xff00)).toBe('boolean');
        if (bytes.length < 40) expect(decodeAnswer(bytes)).toBeUndefined();
      }),
    );
    // A byte within another item's data is no usage page.
    expect(namesUsagePage(Uint8Array.of(0x26, 0x06, 0x00, 0x75, 0xff), 0xff00)).toBe(false);
  });
});

test('a block carries a check of its place and its data', () => {
  const data = new Uint8Array(BLOCK_BYTES).fill(7);
  // CRC-32 of "123456789" is CBF43926; here its first four bytes are the offset.
  const digits = new TextEncoder().encode('56789');
  expect(blockCheck(0x34333231, digits)).toBe(0xcbf43926);
  expect(blockCheck(0, data)).not.toBe(blockCheck(52, data));
});
