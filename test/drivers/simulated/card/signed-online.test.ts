import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import type { Combination, ReaderConfiguration } from '#entry-point/configuration.ts';
import { offlineTerminal, tapCard } from '#test/support/emulated-tap.ts';

/** A reader that asks the issuer about everything, and wants to see the card proved before. */
const gate = (change: (one: Combination) => Partial<Combination> = () => ({})) => {
  const terminal = offlineTerminal();
  const combinations = [...terminal.combinations].map(
    ([type, ones]) => [type, ones.map((one) => ({ ...asked(one), ...change(one) }))] as const,
  );
  return { ...terminal, combinations: new Map(combinations) } satisfies ReaderConfiguration;
};

// TTQ byte 1 bit 1: offline data authentication for online authorisations.
const asked = (one: Combination): Combination => ({
  ...one,
  entryPoint: { ...one.entryPoint, readerContactlessFloorLimit: 0, ttq: hex('37004000') },
});

const tapped = (name: string, terminal: ReaderConfiguration) =>
  tapCard(name, terminal, { amount: 1250 }).outcome;

describe('a card that is asked to prove itself online', () => {
  test.each([
    ['unionpay-plastic-offline', 'fDDA for online succeeded'],
    ['unionpay-phone-offline', 'fDDA for online succeeded'],
    ['discover-plastic-offline', 'CDA succeeded'],
    ['discover-phone-offline', 'CDA succeeded'],
  ])('%s signs its online cryptogram', (name, oda) => {
    expect(tapped(name, gate())).toMatchObject({ outcome: 'onlineRequest', report: { oda } });
  });

  test.each(['unionpay-wrong-signature', 'discover-wrong-signature'])(
    '%s is declined at once',
    (name) => {
      expect(tapped(name, gate()).outcome).toBe('declined');
    },
  );

  test('where authorisation comes later, Discover is taken at its word, if it is proved', () => {
    const later = gate(({ kernelId }) =>
      kernelId === '06' ? { options: { kernel6: { deferredAuthorisation: true } } } : {},
    );
    expect(tapped('discover-plastic-offline', later).outcome).toBe('approved');
    expect(tapped('discover-plastic', later).outcome).toBe('declined');
  });
});
