import { expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import type { AcceptanceConfig } from '#config/acceptance-config.ts';
import { type DecisionConfigParts, decisionConfig } from '#decisions/index.ts';

const acceptance: AcceptanceConfig = {
  lane: '1',
  lanes: ['1', '2'],
  approval: { off: false, on: true, urgent: ['security'], roles: ['manager'] },
  alternatives: ['insert'],
  wallets: ['alipay'],
  tokenRanges: [],
  plasticBySigns: true,
};
const visa = { aid: hex('A0000000031010'), kernelId: '03' };
const parts: DecisionConfigParts = {
  acceptance,
  machineZone: () => 'America/New_York',
  sets: [
    { combinations: [visa, { aid: hex('A0000000041010'), kernelId: '02' }] },
    { combinations: [visa, { aid: hex('F000000001'), kernelId: '02' }] },
  ],
  currencies: ['USD'],
  languages: ['en'],
};

it('names each application once, with its scheme, and those of no scheme as "other"', () => {
  expect(decisionConfig(parts).applications).toEqual([
    { aid: 'A0000000031010', kernel: '03', scheme: 'Visa' },
    { aid: 'A0000000041010', kernel: '02', scheme: 'Mastercard' },
    { aid: 'F000000001', kernel: '02', scheme: 'other' },
  ]);
});

it("goes by the machine's clock on the wall, unless the shop names another", () => {
  expect(decisionConfig(parts).zone.name).toBe('America/New_York');
  const named = { ...acceptance, timeZone: 'Europe/Berlin' };
  expect(decisionConfig({ ...parts, acceptance: named }).zone.name).toBe('Europe/Berlin');
  expect(decisionConfig({ ...parts, machineZone: () => 'nowhere' }).zone.localMs(5)).toBe(5);
});

it('passes on what the shop has', () => {
  expect(decisionConfig(parts)).toMatchObject({
    lanes: ['1', '2'],
    wallets: ['alipay'],
    alternatives: ['insert'],
    currencies: ['USD'],
    languages: ['en'],
    approval: { on: true },
  });
});
