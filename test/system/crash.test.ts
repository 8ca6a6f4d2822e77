import { expect, test } from 'vitest';
import { runCampaign } from '#test/support/crash/campaign.ts';

const KILLS = 6;

// A slice of scripts/crash-campaign: the whole of it takes minutes.
test('a terminal that is killed at any moment loses no payment, and doubles none', async () => {
  const report = await runCampaign({
    seed: process.env['SEED'] ?? 'slice',
    kills: KILLS,
    keep: false,
    say: () => undefined,
  });
  expect(report.broken, `everything is kept in ${report.folder}`).toEqual([]);
  expect([...report.kills.values()].reduce((sum, kills) => sum + kills, 0)).toBe(KILLS);
  expect(report.payments.size).toBeGreaterThan(0);
}, 90_000);
