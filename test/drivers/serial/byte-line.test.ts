import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ByteLineOptions, openByteLine } from '#drivers/serial/index.ts';
import type { ByteLine } from '#ports/byte-line.ts';
import { type PluggedDevice, plugDevice, QUICK, seen } from './plugged-device.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const isUp = ({ line }: { line: string }) => line === 'up';
const isDown = ({ line }: { line: string }) => line === 'down';

let device: PluggedDevice;
let line: ByteLine;

beforeEach(async () => {
  device = await plugDevice();
});
afterEach(async () => {
  await line.close();
  await device.close();
});

const open = async (kind: ByteLineOptions['kind']): Promise<void> => {
  line = openByteLine(device.path, { kind, ...QUICK });
  await seen(line.state$, isUp);
};

describe.each(['serial', 'file'] as const)('a byte line to a device file, as %s', (kind) => {
  test('carries bytes both ways, every value of them', async () => {
    await open(kind);
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(await line.write(all, 2000)).toBeUndefined();
    expect([...(await device.gets(({ length }) => length === 256))]).toEqual([...all]);
    const status = firstValueFrom(line.received$);
    device.send(Uint8Array.of(0x12, 0x00, 0xff));
    expect([...(await status)]).toEqual([0x12, 0x00, 0xff]);
  });

  test('writes one after the other, more than the line holds at once', async () => {
    await open(kind);
    const long = Buffer.alloc(60_000, 'a');
    const [first, second] = await Promise.all([
      line.write(long, 5000),
      line.write(bytes('the end'), 5000),
    ]);
    expect([first, second]).toEqual([undefined, undefined]);
    const got = await device.gets(({ length }) => length === 60_007);
    expect(got.subarray(-8).toString()).toBe('athe end');
  });

  test('gives up on a device that takes nothing more, and opens it anew', async () => {
    await open(kind);
    device.stall();
    const down = seen(line.state$, isDown);
    const startedMs = performance.now();
    const [stuck, behind] = await Promise.all([
      line.write(Buffer.alloc(1_000_000, 'a'), 300),
      line.write(bytes('behind'), 100),
    ]);
    expect([stuck?.fault, behind?.fault]).toEqual(['timeout', 'timeout']);
    expect(performance.now() - startedMs).toBeGreaterThan(290);
    expect(await down).toMatchObject({ why: { fault: 'timeout' } });
    await seen(line.state$, isUp);
  });

  test('says that it is unplugged, and is up again by itself', async () => {
    await open(kind);
    await device.unplug();
    expect(await seen(line.state$, isDown)).toMatchObject({ why: { fault: 'device' } });
    expect(await line.write(bytes('lost'), 1000)).toMatchObject({ fault: 'device' });
    await device.plugIn();
    await seen(line.state$, isUp);
    expect(await line.write(bytes('back'), 1000)).toBeUndefined();
    expect((await device.gets(({ length }) => length > 0)).toString()).toBe('back');
  });

  test('fails a write that was under way when it was unplugged', async () => {
    await open(kind);
    device.stall();
    const write = line.write(Buffer.alloc(1_000_000, 'a'), 20_000);
    await device.unplug();
    expect(await write).toMatchObject({ fault: 'device' });
  });

  test('closed, ends writes that wait and both observables', async () => {
    await open(kind);
    device.stall();
    const write = line.write(Buffer.alloc(1_000_000, 'a'), 20_000);
    const last = firstValueFrom(line.received$, { defaultValue: 'completed' });
    await line.close();
    expect(await write).toMatchObject({ fault: 'aborted' });
    expect(await last).toBe('completed');
    expect(await line.write(bytes('after'), 100)).toMatchObject({ fault: 'aborted' });
  });
});

describe('a byte line says why it is down', () => {
  test.each([
    ['nothing there', 'serial', '/dev/countertap-none', /nothing is plugged in there/],
    ['no serial port', 'serial', '/dev/null', /no serial port/],
    ['a folder', 'file', '/dev', /a folder/],
  ] as const)('%s', async (_, kind, path, why) => {
    line = openByteLine(path, { kind, ...QUICK });
    const state = await seen(line.state$, (one) => one.line === 'down' && why.test(one.why.detail));
    expect(state).toMatchObject({ why: { fault: 'device' } });
  });

  test('another program has it open', async () => {
    await open('serial');
    const second = openByteLine(device.path, { kind: 'serial', ...QUICK });
    await seen(
      second.state$,
      (one) => one.line === 'down' && /another program/.test(one.why.detail),
    );
    await second.close();
  });
});
