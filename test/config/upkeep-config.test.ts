import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { upkeepSection } from '#config/upkeep-config.ts';

describe('updates in terminal.json', () => {
  test('come from nowhere unless stated, and are made in the night', () => {
    expect(v.parse(upkeepSection, {})).toEqual({
      ...{ root: 'trust/root.json', channel: 'stable', lookEveryHours: 4 },
      ...{ probationMinutes: 10, healthyWithinSeconds: 60 },
      ...{ window: { from: '02:00', to: '05:00' }, peripherals: [] },
    });
  });

  test.each([
    [{ repository: 'http://updates.example/' }],
    [{ repository: 'updates.example' }],
    [{ channel: '../stable' }],
    [{ store: 'Store 17' }],
    [{ window: { from: '2:00' } }],
    [{ window: { to: '24:00' } }],
    [{ lookEveryHours: 0 }],
    [{ probationMinutes: 0 }],
    [{ healthyWithinSeconds: 120 }],
    [{ repo: 'https://updates.example/' }],
  ])('are not %j', (section) => {
    expect(v.safeParse(upkeepSection, section).success).toBe(false);
  });
});
