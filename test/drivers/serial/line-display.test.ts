import { afterEach, beforeEach, describe, test } from 'vitest';
import { type LineDisplayOptions, openLineDisplay } from '#drivers/serial/index.ts';
import type { LineDisplay } from '#ports/line-display.ts';
import { type PluggedDevice, plugDevice, QUICK, seen } from './plugged-device.ts';
import { shownBy } from './shown-by.ts';

let device: PluggedDevice;
let display: LineDisplay;

beforeEach(async () => {
  device = await plugDevice();
});
afterEach(async () => {
  await display.close();
  await device.close();
});

const open = (options: Partial<LineDisplayOptions> = {}): void => {
  display = openLineDisplay({ path: device.path, ...QUICK, ...options });
};

const is = (what: string) =>
  seen(display.devices$, ([one]) => one?.kind === 'lineDisplay' && one.health.health === what);

describe.each(['escpos', 'cd5220'] as const)('a line display that speaks %s', (commands) => {
  const shows = (upper: string, lower: string, brightness: number) =>
    device.gets((bytes) => {
      const now = shownBy(commands, bytes);
      return (
        now.upper === upper.padEnd(20) &&
        now.lower === lower.padEnd(20) &&
        now.brightness === brightness
      );
    });

  test('shows amount and words, and only those', async () => {
    open({ commands });
    display.show('Please pay', 'USD 1,234.50');
    await shows('Please pay', 'USD 1,234.50', 4);
    display.show('Thanks', '');
    await shows('Thanks', '', 4);
    await is('ready');
  });

  test('is dark while it has nothing to show', async () => {
    open({ commands, brightness: 3 });
    await shows('', '', 1);
    display.show('Approved', '');
    await shows('Approved', '', 3);
    display.show('', '');
    await shows('', '', 1);
  });

  test('plugged in again, shows what it should by then', async () => {
    open({ commands });
    display.show('Please pay', '12.50');
    await shows('Please pay', '12.50', 4);
    await device.unplug();
    await is('absent');
    display.show('Approved', '12.50');
    await device.plugIn();
    await shows('Approved', '12.50', 4);
    await is('ready');
  });

  test('closed, is cleared', async () => {
    open({ commands });
    display.show('Please pay', '12.50');
    await shows('Please pay', '12.50', 4);
    await display.close();
    await shows('', '', 1);
  });
});
