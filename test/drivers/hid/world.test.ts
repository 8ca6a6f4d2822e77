import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openHidScanner } from '#drivers/hid/index.ts';
import { linuxHidWorld } from '#drivers/hid/world.ts';

const deaf = { report: () => {}, lost: () => {} };
const silent = (): void => {};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const isLoaded = (): boolean =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/node-hid/'));

// What node-hid does with real devices, scripts/hid-proof shows.
describe("this machine's HID devices", () => {
  test('are looked for without node-hid, which is loaded for the first one', async () => {
    const scanner = openHidScanner({ log, monotonicMs: () => 0, productId: 0xffff });
    await linuxHidWorld().look();
    expect(await firstValueFrom(scanner.devices$)).toMatchObject([
      { kind: 'scanner', place: 'USB *:ffff', health: { health: 'absent' } },
    ]);
    await scanner.close();
    expect(isLoaded()).toBe(false);
  });

  test('that are none can be tried to open, and nothing throws', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hid-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'hidraw0');
    expect(await linuxHidWorld().open(file, deaf)).toEqual({
      fault: 'device',
      detail: `${file} can't be opened: ENOENT`,
    });
    writeFileSync(file, 'no device');
    expect(await linuxHidWorld().open(file, deaf)).toMatchObject({ fault: 'device' });
    expect(isLoaded()).toBe(true);
  });
});
