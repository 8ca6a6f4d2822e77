import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { fault } from '#ports/fault.ts';
import type { HidListener, HidWorld } from '#ports/hid-devices.ts';
import { versionOf } from './image.ts';

/** One interface of the vendor's, 64 bytes both ways, not numbered. HID 1.11, 6.2.2. */
// biome-ignore format: items of a report descriptor, one a line
export const DESCRIPTOR = Uint8Array.from([
  0x06, 0x00, 0xff, // Usage Page (FF00)
  0x09, 0x01, // Usage (1)
  0xa1, 0x01, // Collection (Application)
  0x15, 0x00, // Logical Minimum (0)
  0x26, 0xff, 0x00, // Logical Maximum (255)
  0x75, 0x08, // Report Size (8)
  0x95, 0x40, // Report Count (64)
  0x09, 0x02, // Usage (2)
  0x81, 0x02, // Input
  0x09, 0x03, // Usage (3)
  0x91, 0x02, // Output
  0xc0, // End Collection
]);

/** A device that takes firmware by the protocol of drivers/hid-firmware/README.md. */
export interface HidPeripheral {
  /** @param report without an id; @returns its answer, or undefined while it is off the bus */
  take(report: Uint8Array): Uint8Array | undefined;
  /** Its version, or "bootloader". */
  runs(): string;
  /** What it received last, whole. */
  image(): Uint8Array | undefined;
  /** Bytes of an image that it holds for certain. */
  holds(): number;
  /** The power goes and comes: what it holds stays. */
  powerCycle(): void;
}

const CAPACITY = 4 << 20;

export const hidPeripheral = (version: string): HidPeripheral => {
  let flash: string | undefined = version;
  let mode: 'running' | 'bootloader' = 'running';
  let held = Buffer.alloc(0);
  let last: Uint8Array | undefined;
  let announced = { bytes: 0, digest: Buffer.alloc(0) };
  const begin = (report: Buffer): Said => {
    const bytes = report.readUInt32LE(4);
    if (bytes > CAPACITY) return { result: 4 };
    flash = undefined;
    if (report[2] === 1) held = Buffer.alloc(0);
    announced = { bytes, digest: Buffer.from(report.subarray(8, 40)) };
    return { result: 0, detail: sha256(held) };
  };
  const block = (report: Buffer): Said => {
    const offset = report.readUInt32LE(4);
    const data = report.subarray(12, 12 + (report[2] ?? 0));
    const check = crc32(data, crc32(report.subarray(4, 8)));
    if (check !== report.readUInt32LE(8)) return { result: 2 };
    // Said again, because our answer was lost.
    if (offset + data.length <= held.length) return { result: 0 };
    if (offset !== held.length || offset + data.length > announced.bytes) return { result: 3 };
    held = Buffer.concat([held, data]);
    return { result: 0 };
  };
  const end = (): Said => {
    const image = held;
    held = Buffer.alloc(0);
    if (image.length !== announced.bytes || !sha256(image).equals(announced.digest)) {
      return { result: 6 };
    }
    last = Uint8Array.from(image);
    flash = versionOf(image);
    if (flash === undefined) return { result: 6 };
    mode = 'running';
    return { result: 0 };
  };
  const inBootloader = (then: () => Said): Said => (mode === 'bootloader' ? then() : { result: 5 });
  const hear = (report: Buffer): Said => {
    switch (report[0]) {
      case 1:
        return { result: 0, detail: Buffer.from(mode === 'running' ? (flash ?? '') : '') };
      case 2:
        mode = 'bootloader';
        return { result: 0 };
      case 3:
        return inBootloader(() => begin(report));
      case 4:
        return inBootloader(() => block(report));
      case 5:
        // Said again: it runs already.
        return mode === 'running' ? { result: 0 } : end();
      default:
        return { result: report[0] === 6 ? 0 : 1 };
    }
  };
  return {
    take: (bytes) => {
      const report = Buffer.alloc(64);
      report.set(bytes.subarray(0, 64));
      const { result, detail } = hear(report);
      const answer = Buffer.alloc(64);
      answer.set([(report[0] ?? 0) | 0x80, report[1] ?? 0, result, mode === 'running' ? 0 : 1]);
      answer.writeUInt32LE(held.length, 4);
      answer.set(detail?.subarray(0, 32) ?? [], 8);
      return Uint8Array.from(answer);
    },
    runs: () => (mode === 'running' ? (flash ?? '') : 'bootloader'),
    image: () => last,
    holds: () => held.length,
    powerCycle: () => {
      mode = flash === undefined ? 'bootloader' : 'running';
    },
  };
};

interface Said {
  readonly result: number;
  readonly detail?: Buffer;
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The same at a bus in this process. */
export interface HidPeripheralAtBus extends Omit<HidPeripheral, 'take'> {
  readonly world: HidWorld;
  /** Looks at, changes or swallows reports. */
  between: {
    toDevice(report: Uint8Array): Uint8Array | undefined;
    toTerminal(report: Uint8Array): Uint8Array | undefined;
  };
}

export const SIMULATED_HID = { vendorId: 0x1209, productId: 0x0001 } as const;

export const hidPeripheralAtBus = (version: string): HidPeripheralAtBus => {
  const device = hidPeripheral(version);
  const between: HidPeripheralAtBus['between'] = { toDevice: same, toTerminal: same };
  let listener: HidListener | undefined;
  // It leaves the bus when it goes into its bootloader or comes out of it, and comes back.
  let instance = 1;
  const restart = () => {
    instance += 1;
    listener?.lost('unplugged');
    listener = undefined;
  };
  const hear = (report: Uint8Array) => {
    const before = device.runs();
    const through = between.toDevice(report.slice(1));
    const answer = through && device.take(through);
    const back = answer && between.toTerminal(answer);
    if (back !== undefined) listener?.report(back);
    if ((before === 'bootloader') !== (device.runs() === 'bootloader')) setImmediate(restart);
  };
  const sighting = () => ({
    ...SIMULATED_HID,
    place: `/dev/hidraw${instance}`,
    instance: `0003:1209:0001.${instance}`,
    name: 'Simulated peripheral',
    serial: '1',
    descriptor: DESCRIPTOR,
  });
  const write = async (report: Uint8Array) => {
    if (listener === undefined) return fault('device', 'unplugged');
    setImmediate(() => hear(report));
    return undefined;
  };
  const world: HidWorld = {
    look: async () => [sighting()],
    open: async (place, own) => {
      if (place !== sighting().place) return fault('device', `${place} can't be opened: ENOENT`);
      listener = own;
      const close = async () => {
        if (listener === own) listener = undefined;
      };
      return { write, writeFeature: write, close };
    },
  };
  return {
    ...device,
    powerCycle: () => {
      device.powerCycle();
      restart();
    },
    ...{ world, between },
  };
};

const same = (report: Uint8Array): Uint8Array => report;
