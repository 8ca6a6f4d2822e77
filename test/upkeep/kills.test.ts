import { expect, test } from 'vitest';
import { killInstalls } from '../../scripts/power-cuts/campaign.ts';

test('ten kills of a process that installs leave the old release or the new one', async () => {
  const { kills, broken } = await killInstalls({ kills: 10, seed: 7 });
  expect({ kills, broken }).toEqual({ kills: 10, broken: [] });
}, 300_000);
