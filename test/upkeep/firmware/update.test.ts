import { beforeEach, describe, expect, test } from 'vitest';
import { fault } from '#ports/fault.ts';
import { POWER_CUT, type SimulatedDisk } from '#test/support/simulated-disk.ts';
import { readNote, unfinishedFirmware, updateFirmware } from '#upkeep/firmware/index.ts';
import { AWAY, Bench, IMAGE, offerOf, Peripheral } from './bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const unfinished = () => unfinishedFirmware({ disk: bench.disk.disk, notes: '/firmware' });

describe('a peripheral that runs something else than is offered', () => {
  test('is loaded, and what it runs before and after is recorded', async () => {
    expect(await bench.update()).toEqual({
      ...{ peripheral: 'scanner', outcome: 'loaded' },
      ...{ before: '1.0', offered: '2.0', after: '2.0', bytes: 2000, durationMs: 1500 },
    });
    expect(bench.scanner.loads).toEqual([IMAGE]);
    expect(bench.records.map(({ outcome }) => outcome)).toEqual(['begun', 'loaded']);
    expect(await unfinished()).toEqual([]);
  });

  test('is out of use while it is asked and loaded, and not while that is fetched', async () => {
    await bench.update();
    expect(bench.told.slice(0, 5)).toEqual([
      'scanner out of use',
      'scanner back in use',
      'fetched firmware/scanner-2.0.bin',
      'scanner out of use',
      'scanner back in use',
    ]);
  });

  test('waits while somebody pays, and is not even asked', async () => {
    bench.busy = 'a payment is under way';
    expect(await bench.update()).toMatchObject({ outcome: 'waits', detail: bench.busy });
    expect(bench.told).not.toContain('scanner out of use');
  });

  test('waits when a payment began while it was fetched', async () => {
    bench.busy = undefined;
    const result = await bench.update(offerOf('scanner'), {
      source: {
        fetch: async (...all) => {
          bench.busy = 'a payment is under way';
          return bench.fetch(...all);
        },
      },
    });
    expect(result).toMatchObject({ outcome: 'waits', before: '1.0' });
    expect(bench.scanner.loads).toEqual([]);
  });

  test('is left to whoever uses it and does not let go', async () => {
    bench.keeps = fault('device', 'the scanner is in use');
    expect(await bench.update()).toMatchObject({ outcome: 'failed' });
    expect(bench.scanner.loads).toEqual([]);
  });
});

describe('a peripheral that runs what is offered', () => {
  test('is left alone, and nothing is fetched', async () => {
    bench.scanner.runs = '2.0';
    expect(await bench.update()).toMatchObject({ outcome: 'same', before: '2.0' });
    expect(bench.told).not.toContain('fetched firmware/scanner-2.0.bin');
    expect(bench.records).toEqual([]);
  });

  test('is noted with its version, so that nobody has to ask it for that', async () => {
    bench.scanner.runs = '2.0';
    await bench.update();
    const where = { disk: bench.disk.disk, notes: '/firmware' };
    expect(await readNote(where, 'scanner')).toMatchObject({ version: '2.0', underWay: false });
    const { operations } = bench.disk;
    await bench.update();
    expect(bench.disk.operations).toBe(operations);
  });

  test('is loaded again when staff say so', async () => {
    bench.scanner.runs = '2.0';
    expect(await bench.update(undefined, { evenIf: 'same' })).toMatchObject({ outcome: 'loaded' });
  });
});

describe('nothing is sent to a device', () => {
  const sent = () => bench.scanner.loads.length;

  test('that the source refuses', async () => {
    bench.untrusted = { untrusted: 'signature', detail: 'too few keys have signed' };
    expect(await bench.update()).toMatchObject({ outcome: 'untrusted' });
    expect(sent()).toBe(0);
  });

  test.each([
    ['changed', Uint8Array.from(IMAGE, (byte, i) => (i === 1999 ? byte ^ 1 : byte))],
    ['cut off', IMAGE.subarray(0, 1999)],
    ['longer', Uint8Array.of(...IMAGE, 0)],
    ['empty', new Uint8Array(0)],
  ])('that was %s after the source had checked it', async (_, file) => {
    bench.file = file;
    expect(await bench.update()).toMatchObject({ outcome: 'untrusted', before: '1.0' });
    expect(sent()).toBe(0);
    expect(bench.scanner.runs).toBe('1.0');
  });

  test('of which no record can be written', async () => {
    bench.unrecorded = fault('journal', 'the disk is full');
    expect(await bench.update()).toMatchObject({ outcome: 'failed' });
    expect(sent()).toBe(0);
  });

  test('that is offered for a peripheral of another name', async () => {
    expect(await bench.update(offerOf('printer'))).toMatchObject({ outcome: 'notOffered' });
    expect(await bench.update({ firmware: JSON.parse('{"__proto__":{}}') })).toMatchObject({
      outcome: 'notOffered',
    });
    expect(sent()).toBe(0);
  });

  test('that is too large to be firmware', async () => {
    const offer = offerOf('scanner');
    const one = offer.firmware['scanner'];
    if (one === undefined) throw new Error();
    const target = { ...one.target, bytes: 2 ** 31 };
    const result = await bench.update({ firmware: { scanner: { ...one, target } } });
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(bench.told).not.toContain('fetched firmware/scanner-2.0.bin');
  });
});

describe('a transfer that fails', () => {
  test('says what is so and what to do, and takes nothing from the next peripheral', async () => {
    bench.scanner.fails = fault('timeout', 'no reply to block 7');
    const printer = new Peripheral('printer');
    const firmware = { ...offerOf('scanner').firmware, ...offerOf('printer').firmware };
    const parts = bench.parts({ peripherals: [bench.scanner, printer] });
    const results = await updateFirmware({ firmware }, parts, new AbortController().signal);
    expect(results).toMatchObject([
      { outcome: 'failed', bytes: 1000, before: '1.0' },
      { outcome: 'loaded' },
    ]);
    expect(results[0]?.detail).toContain('countertap firmware load scanner');
    expect(bench.told).toContain('scanner back in use');
    expect(await unfinished()).toEqual(['scanner']);
  });

  test('is begun again at the next look, since the device waits in its bootloader', async () => {
    bench.scanner.fails = fault('timeout', 'no reply to block 7');
    for (let looks = 0; looks < 5; looks++) await bench.update();
    bench.scanner.fails = undefined;
    expect(await bench.update()).toMatchObject({ outcome: 'loaded', before: 'bootloader' });
    expect(bench.scanner.loads).toHaveLength(6);
    expect(await unfinished()).toEqual([]);
  });

  test('of a device that is away touches nothing', async () => {
    bench.scanner.absent = AWAY;
    const result = await bench.update();
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(result.detail).toContain('the terminal sells without it');
    expect(bench.told).not.toContain('fetched firmware/scanner-2.0.bin');
  });

  test('leaves a device that runs something else alone after three tries', async () => {
    bench.scanner.becomes = '1.9';
    for (let looks = 0; looks < 3; looks++) {
      expect(await bench.update()).toMatchObject({ outcome: 'failed', after: '1.9' });
    }
    expect(await bench.update()).toMatchObject({ outcome: 'failedBefore', before: '1.9' });
    expect(bench.scanner.loads).toHaveLength(3);
    // Until staff order it, or something else is offered.
    expect(await bench.update(undefined, { evenIf: 'failed' })).toMatchObject({
      outcome: 'failed',
    });
    bench.scanner.becomes = '2.1';
    const image = IMAGE.slice(0, 500);
    bench.file = image;
    expect(await bench.update(offerOf('scanner', '2.1', image))).toMatchObject({
      outcome: 'loaded',
    });
  });
});

describe('the power goes', () => {
  test('before any write: the next start knows of each device that waits', async () => {
    const whole = new Bench();
    await whole.update();
    const { operations } = whole.disk;
    expect(operations).toBeGreaterThan(10);
    for (let cutAt = 1; cutAt <= operations; cutAt++) {
      const cut = new Bench();
      cut.disk.cutAt = cutAt;
      await expect(cut.update()).rejects.toBe(POWER_CUT);
      for (const found of cut.disk.outcomes(16, () => 0.5)) await startsAgain(cut, found);
    }
  });

  const startsAgain = async ({ scanner }: Bench, disk: SimulatedDisk): Promise<void> => {
    bench = new Bench();
    bench.disk = disk;
    bench.scanner.runs = scanner.runs;
    if (scanner.runs === 'bootloader') expect(await unfinished()).toEqual(['scanner']);
    const next = await bench.update();
    expect(next.outcome).toBe(scanner.runs === '2.0' ? 'same' : 'loaded');
    expect(bench.scanner.runs).toBe('2.0');
    expect(await unfinished()).toEqual([]);
  };

  test('between any two blocks: the device waits, and the next start knows', async () => {
    bench.scanner.duringLoad = () => {
      throw POWER_CUT;
    };
    await expect(bench.update()).rejects.toBe(POWER_CUT);
    for (const found of bench.disk.outcomes(16, () => 0.5)) await startsAgain(bench, found);
  });
});
