import { bufferCount, firstValueFrom, merge, timeout } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSerialScanner, type SerialScannerOptions } from '#drivers/serial/index.ts';
import type { CodeScanner, ScannedCode } from '#ports/code-scanner.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { type PluggedDevice, plugDevice, QUICK, seen } from './plugged-device.ts';

// Digits of nobody's wallet.
const CODE = '000000000012345678';

const opened: { close(): Promise<void> }[] = [];
let device: PluggedDevice;
let scanner: CodeScanner;

beforeEach(async () => {
  device = await plugDevice();
  opened.push(device);
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const open = async (options: Partial<SerialScannerOptions> = {}, at = device) => {
  const one = openSerialScanner({ path: at.path, ...QUICK, ...options });
  opened.push(one);
  await health(one, 'ready');
  scanner = one;
  return one;
};

const health = async (of: CodeScanner, what: AttachedDevice['health']['health']) =>
  (await seen(of.devices$, ([one]) => one?.health.health === what))[0];

const scans = (count: number, of: CodeScanner = scanner): Promise<ScannedCode[]> =>
  firstValueFrom(of.scans$.pipe(bufferCount(count), timeout(10_000)));

describe('a scanner at a serial port', () => {
  test('gives a code once, with its symbology, its place and its time', async () => {
    await open({ nameOf: () => 'Shop Scanner (0C2E:0901)', because: 'the test says so' });
    const scan = scans(1);
    const beforeMs = Number(process.hrtime.bigint()) / 1e6;
    device.send(`]Q1${CODE}\r`);
    const [code] = await scan;
    expect(code).toMatchObject({ text: CODE, symbology: ']Q1', place: device.path });
    expect(code?.atMs).toBeGreaterThan(beforeMs);
    expect(await health(scanner, 'ready')).toEqual({
      kind: 'scanner',
      place: device.path,
      name: 'Shop Scanner (0C2E:0901)',
      because: 'the test says so',
      health: { health: 'ready' },
    });
  });

  test('gives two codes that come together, and one that comes in pieces', async () => {
    await open();
    const both = scans(2);
    device.send(`${CODE}\rabcdef\r`);
    expect((await both).map(({ text }) => text)).toEqual([CODE, 'abcdef']);
    const pieces = scans(1);
    for (const piece of `${CODE}\r`) device.send(piece);
    expect((await pieces).map(({ text }) => text)).toEqual([CODE]);
  });

  test('drops half a code when its end does not come, and says so without saying it', async () => {
    await open({ idleMs: 50 });
    device.send(CODE);
    const attention = await health(scanner, 'attention');
    expect(attention?.health).toMatchObject({ detail: expect.stringMatching(/18 bytes.*cut off/) });
    expect(JSON.stringify(attention)).not.toContain('12345678');
    const whole = scans(1);
    device.send('abcdef\r');
    expect((await whole)[0]?.text).toBe('abcdef');
    await health(scanner, 'ready');
  });

  test('lives through 4 KB of rubbish', async () => {
    await open();
    const first = scans(1);
    device.send(Buffer.alloc(4096, 'x'));
    await health(scanner, 'attention');
    device.send(`\r${CODE}\r`);
    expect((await first)[0]?.text).toBe(CODE);
  });

  test('ends a code by silence where it sends no end', async () => {
    await open({ suffix: 'none' });
    const scan = scans(1);
    device.send(CODE);
    expect((await scan)[0]?.text).toBe(CODE);
  });

  test('is absent while it is unplugged, and reads again by itself when it is back', async () => {
    await open();
    device.send('half a co');
    await device.unplug();
    expect((await health(scanner, 'absent'))?.health).toMatchObject({ why: { fault: 'device' } });
    await device.plugIn();
    await health(scanner, 'ready');
    const scan = scans(1);
    device.send(`${CODE}\r`);
    expect((await scan)[0]?.text).toBe(CODE);
  });

  test('that is plugged in after the start is found', async () => {
    await device.unplug();
    const one = openSerialScanner({ path: device.path, ...QUICK });
    opened.push(one);
    await seen(one.devices$, (now) => /nothing is plugged in there/.test(JSON.stringify(now)));
    await device.plugIn();
    await health(one, 'ready');
  });

  test('does not mix its codes with those of another', async () => {
    const other = await plugDevice();
    opened.push(other);
    const [first, second] = [await open(), await open({ suffix: 'LF' }, other)];
    const both = firstValueFrom(merge(first.scans$, second.scans$).pipe(bufferCount(2)));
    device.send('first-');
    other.send('second-');
    device.send('code\r');
    other.send('code\n');
    const codes = (await both).map(({ text, place }) => `${text} ${place}`);
    expect(codes.toSorted()).toEqual([`first-code ${device.path}`, `second-code ${other.path}`]);
  });

  test('closed, completes', async () => {
    await open();
    const last = firstValueFrom(scanner.scans$, { defaultValue: 'completed' });
    await scanner.close();
    expect(await last).toBe('completed');
  });
});
