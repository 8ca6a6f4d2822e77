import { describe, expect, it } from 'vitest';
import { trusting as trustingMastercard } from '#test/kernels/c2/signing-card.ts';
import { newKeys, trusting as trustingVisa } from '#test/kernels/c3/offline-card.ts';
import { trusting as trustingDiscover } from '#test/kernels/c6/support.ts';
import { trusting as trustingUnionPay } from '#test/kernels/c7/support.ts';
import { TRUST } from '#test/kernels/c8/support.ts';
import {
  commonKernel,
  discoverOffline,
  mastercard,
  unionPayOffline,
  visaOffline,
  visaOnline,
} from '../../scripts/bench/taps.ts';
import { fuzz } from '../../scripts/fuzz/run.ts';

// A short slice of `npm run fuzz`; shorter where every run takes points on curves.
const runsOf = (name: string): number => (name.startsWith('Kernel 8') ? 1200 : 4000);
const keys = newKeys(144, 128, 112);
const taps = {
  'Visa online': visaOnline(),
  'Visa offline, fDDA': visaOffline(keys, trustingVisa(keys)),
  'Discover offline, CDA': discoverOffline(keys, trustingDiscover(keys)),
  'UnionPay offline, fDDA': unionPayOffline(keys, trustingUnionPay(keys)),
  'Mastercard offline, CDA': mastercard(keys, trustingMastercard(keys), 'offline'),
  'Kernel 8 offline': commonKernel(TRUST, 'offline'),
};

describe('cards that answer damaged data', () => {
  for (const [name, tap] of Object.entries(taps)) {
    it(`${name}: nothing throws, runs for ever, or is approved on altered ground`, () => {
      const { failures, outcomes, mutated } = fuzz(tap, runsOf(name), 7);
      expect(failures).toEqual([]);
      expect(mutated).toBeGreaterThan(runsOf(name));
      expect(outcomes.size).toBeGreaterThan(1);
    });
  }
});
