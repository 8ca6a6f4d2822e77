import { expect, test } from 'vitest';
import { runCampaign } from '#test/support/crash/campaign.ts';

// A slice of scripts/crash-campaign: the whole of it takes minutes.
test.each([
  ['at the command line', 6, false],
  ['by nexo', 3, true],
] as const)(
  'a terminal, asked %s, that is killed at any moment loses no payment, and doubles none',
  async (_, kills, nexo) => {
    const report = await runCampaign({
      seed: process.env['SEED'] ?? 'slice',
      kills,
      keep: false,
      nexo,
      say: () => undefined,
    });
    expect(report.broken, `everything is kept in ${report.folder}`).toEqual([]);
    expect([...report.kills.values()].reduce((sum, count) => sum + count, 0)).toBe(kills);
    expect(report.payments.size).toBeGreaterThan(0);
  },
  300_000,
);
