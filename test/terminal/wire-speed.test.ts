import { expect, test } from 'vitest';
import { measureWire, median } from '../../scripts/bench/wire.ts';

// On a quiet machine 1.5 ms (npm run bench). The disk is measured between the payments, so that
// other work on it meets both; a run that was disturbed all the same is measured again.
test('a request is on its way 5 ms after the cryptogram, besides what its disk takes', async () => {
  let ownMs = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && ownMs > 5; attempt++) {
    const { toWire, disk } = await measureWire(120);
    expect(toWire).toHaveLength(120);
    expect(median(disk)).toBeGreaterThan(0);
    ownMs = Math.min(ownMs, median(toWire) - median(disk));
  }
  expect(ownMs).toBeLessThanOrEqual(5);
}, 60_000);
