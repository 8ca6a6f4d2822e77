import { describe, expect, it } from 'vitest';
import { trusting as trustingMastercard } from '#test/kernels/c2/signing-card.ts';
import { newKeys, trusting as trustingVisa } from '#test/kernels/c3/offline-card.ts';
import { trusting as trustingJcb } from '#test/kernels/c5/signing-card.ts';
import { jcb, mastercard, visaOffline, visaOnline } from '../../scripts/bench/taps.ts';
import { fuzz } from '../../scripts/fuzz/run.ts';

// A short slice of `npm run fuzz`.
const keys = newKeys(144, 128, 112);
const taps = {
  'Visa online': visaOnline(),
  'Visa offline, fDDA': visaOffline(keys, trustingVisa(keys)),
  'Mastercard offline, CDA': mastercard(keys, trustingMastercard(keys), 'offline'),
  'JCB offline, CDA': jcb(keys, trustingJcb(keys), 'offline'),
};

describe('cards that answer damaged data', () => {
  for (const [name, tap] of Object.entries(taps)) {
    it(`${name}: nothing throws, runs for ever, or is approved on altered ground`, () => {
      const { failures, outcomes, mutated } = fuzz(tap, 4000, 7);
      expect(failures).toEqual([]);
      expect(mutated).toBeGreaterThan(4000);
      expect(outcomes.size).toBeGreaterThan(1);
    });
  }
});
