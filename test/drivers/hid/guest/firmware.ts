// A part of proof.ts: firmware goes by HID reports through the machine's kernel, breaks off, and
// goes on. The device is the simulated one, behind /dev/uhid.
import { setTimeout as sleep } from 'node:timers/promises';
import { linuxHidWorld } from '#drivers/hid/index.ts';
import { openHidFirmware } from '#drivers/hid-firmware/index.ts';
import {
  hidPeripheral,
  SIMULATED_HID,
  SIMULATED_HID_DESCRIPTOR,
  simulatedFirmware,
} from '#drivers/simulated/peripherals/index.ts';
import { isFault } from '#ports/fault.ts';
import { type Plugged, plugIn } from './uhid.ts';

const REPORT_BYTES = 64;
const BLOCK = 4;

/** A device that leaves the bus, and comes back, to go into its bootloader or out of it. */
const plugDevice = () => {
  const device = hidPeripheral('1.0');
  const offsets: number[] = [];
  let plugged: Plugged | undefined;
  const plug = (): void => {
    plugged = plugIn({
      ...{ ...SIMULATED_HID, name: 'Virtual peripheral', serial: 'A1' },
      descriptor: SIMULATED_HID_DESCRIPTOR,
      heard,
    });
  };
  const heard = (line: string): void => {
    const [kind, digits = ''] = line.split(' ');
    if (kind !== 'output') return;
    // hidraw puts the report's id in front, also where there is none.
    const report = Buffer.from(digits, 'hex').subarray(-REPORT_BYTES);
    if (report[0] === BLOCK) offsets.push(report.readUInt32LE(4));
    const before = device.runs() === 'bootloader';
    const answer = device.take(report);
    if (answer !== undefined) plugged?.send(answer);
    if (before !== (device.runs() === 'bootloader')) setImmediate(restart);
  };
  const restart = async (): Promise<void> => {
    plugged?.unplug();
    await sleep(300);
    plug();
  };
  plug();
  return { device, offsets, unplug: () => plugged?.unplug() };
};

export const proveFirmware = async (say: (line: string) => void): Promise<void> => {
  const { device, offsets, unplug } = plugDevice();
  const firmware = openHidFirmware({
    ...{ ...SIMULATED_HID, serial: 'A1', name: 'peripheral', model: 'generic' },
    world: linuxHidWorld(),
    timing: { answerMs: 5000 },
  });
  if (isFault(firmware)) throw new Error(firmware.detail);
  const never = new AbortController().signal;
  // The kernel lists it a moment after it was plugged in.
  await sleep(1000);
  say(`firmware: it runs ${word(await firmware.version(never))}`);
  const image = simulatedFirmware('2.0', 3000);
  const ending = new AbortController();
  const ended = await firmware.load(image, ending.signal, (bytes) => {
    if (bytes >= 1500) ending.abort();
  });
  say(`firmware: ${word(ended)}`);
  say(`firmware: it runs ${word(await firmware.version(never))}, and holds ${device.holds()}`);
  offsets.length = 0;
  const loaded = await firmware.load(image, never, () => {});
  say(`firmware: ${word(loaded)}, from byte ${offsets[0]}`);
  const same = Buffer.from(device.image() ?? []).equals(image);
  say(`firmware: it runs ${word(await firmware.version(never))}, ${same ? 'whole' : 'NOT WHOLE'}`);
  unplug();
};

const word = (value: unknown): string =>
  isFault(value) ? `${value.fault}: ${value.detail}` : value === undefined ? 'loaded' : `${value}`;
