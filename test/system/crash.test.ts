import { expect, test } from 'vitest';
import { runCampaign } from '#test/support/crash/campaign.ts';

const KILLS = 6;

// A slice of scripts/crash-campaign: the whole of it takes minutes.
test.each([
  ['at the command line', false],
  ['by nexo', true],
] as const)(
  'a terminal, asked %s, that is killed at any moment loses no payment, and doubles none',
  async (_, nexo) => {
    const report = await runCampaign({
      seed: process.env['SEED'] ?? 'slice',
      kills: KILLS,
      keep: false,
      nexo,
      say: () => undefined,
    });
    expect(report.broken, `everything is kept in ${report.folder}`).toEqual([]);
    expect([...report.kills.values()].reduce((sum, kills) => sum + kills, 0)).toBe(KILLS);
    expect(report.payments.size).toBeGreaterThan(0);
  },
  180_000,
);
