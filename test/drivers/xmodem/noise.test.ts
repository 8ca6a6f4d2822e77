import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serialPeripheralAtPort, simulatedFirmware } from '#drivers/simulated/peripherals/index.ts';
import { openXmodemFirmware } from '#drivers/xmodem/index.ts';
import { isFault } from '#ports/fault.ts';

type Harm = 'lost' | 'damaged' | 'noise' | 'twice';

/** What happens to the n-th piece that goes over the wire, either way. */
const harms = fc.dictionary(
  fc.integer({ min: 3, max: 40 }).map(String),
  fc.constantFrom<Harm>('lost', 'damaged', 'noise', 'twice'),
  { maxKeys: 5 },
);

const harmed = (bytes: Uint8Array, harm: Harm | undefined): Uint8Array => {
  switch (harm) {
    case 'lost':
      return new Uint8Array(0);
    case 'damaged':
      return bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 0x41 : byte));
    case 'noise':
      return Uint8Array.from([0xff, 0x00, 0x18, ...bytes]);
    case 'twice':
      return bytes.length < 4 ? Uint8Array.from([...bytes, ...bytes]) : bytes;
    case undefined:
      return bytes;
  }
};

const IMAGE = simulatedFirmware('2.0', 6000);

const loadedWith = async (toDevice: Record<string, Harm>, toTerminal: Record<string, Harm>) => {
  const device = serialPeripheralAtPort({
    version: '1.0',
    timing: { waitMs: 25, characterMs: 10 },
  });
  let [out, back] = [0, 0];
  device.between.toDevice = (bytes) => harmed(bytes, toDevice[String(out++)]);
  device.between.toTerminal = (bytes) => harmed(bytes, toTerminal[String(back++)]);
  // Long enough for a busy machine, which looks like a mute device.
  const timing = { startMs: 800, replyMs: 800, endMs: 200, settleMs: 40 };
  const firmware = openXmodemFirmware({
    ...{ name: 'scanner', model: 'countertap-simulated', openLine: device.openLine },
    timing: { ...timing, answerMs: 300, enterMs: 2000, bootMs: 1000 },
  });
  if (isFault(firmware)) throw new Error(firmware.detail);
  const signal = new AbortController().signal;
  const failed = await firmware.load(IMAGE, signal, () => {});
  const harmedRun = { failed, runs: device.runs(), image: device.image() };
  // And on a quiet line the next try works, whatever came of this one.
  device.between.toDevice = (bytes) => bytes;
  device.between.toTerminal = (bytes) => bytes;
  const again = await firmware.load(IMAGE, signal, () => {});
  device.close();
  return { ...harmedRun, again, runsThen: device.runs() };
};

describe('a transfer over a line that loses, damages, doubles and adds bytes', () => {
  test('is done only when every byte is there, and can always be begun anew', async () => {
    await fc.assert(
      fc.asyncProperty(harms, harms, async (toDevice, toTerminal) => {
        const { failed, runs, image, again, runsThen } = await loadedWith(toDevice, toTerminal);
        if (failed === undefined) {
          expect(runs).toBe('2.0');
          expect(image?.subarray(0, IMAGE.length)).toEqual(IMAGE);
        } else expect(['transmission', 'timeout', 'device']).toContain(failed.fault);
        expect(again).toBeUndefined();
        expect(runsThen).toBe('2.0');
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
