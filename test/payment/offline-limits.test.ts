import { describe, expect, test } from 'vitest';
import { type OfflineRules, offlineRefusal, type PaymentRecord } from '#payment/index.ts';

const rules: OfflineRules = {
  kernel: true,
  deferred: true,
  currency: 840,
  paymentMinor: 5_000,
  count: 3,
  totalMinor: 10_000,
  schemes: { Visa: { paymentMinor: 2_000, count: 1 } },
};

const payment = (amountMinor: number, scheme = 'Mastercard'): PaymentRecord => ({
  id: `${amountMinor}`,
  kind: 'purchase',
  state: 'queued',
  startedMs: 0,
  amountMinor,
  currency: 840,
  card: { scheme },
});

describe('what the shop takes without its host', () => {
  test('is nothing unless its rules say so, one kind apart from the other', () => {
    const offer = payment(100);
    expect(offlineRefusal({ ...rules, kernel: false }, 'kernel', offer, [])).toContain(
      'no approval',
    );
    expect(offlineRefusal({ ...rules, kernel: false }, 'deferred', offer, [])).toBeUndefined();
    expect(offlineRefusal({ ...rules, deferred: false }, 'deferred', offer, [])).toContain('away');
  });

  test.each([
    ['at the limit of a payment', 5_000, [], undefined],
    ['over the limit of a payment', 5_001, [], 'limit of a payment'],
    ['the last one of the number', 100, [1, 2], undefined],
    ['one over the number', 100, [1, 2, 3], 'number of payments'],
    ['at the total', 4_000, [3_000, 3_000], undefined],
    ['a cent over the total', 4_001, [3_000, 3_000], 'total of payments'],
  ])('%s', (_, amount, waiting, why) => {
    const open = waiting.map((amountMinor) => payment(amountMinor));
    const refusal = offlineRefusal(rules, 'deferred', payment(amount), open);
    if (why === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(why);
  });

  test('is less where a scheme has tighter limits', () => {
    expect(offlineRefusal(rules, 'kernel', payment(2_001, 'Visa'), [])).toContain('with Visa');
    const open = [payment(100, 'Visa')];
    expect(offlineRefusal(rules, 'kernel', payment(100, 'Visa'), open)).toContain('number');
    expect(offlineRefusal(rules, 'kernel', payment(100), open)).toBeUndefined();
  });

  test('counts what waits to be forwarded, not what is being taken back', () => {
    const open = [1, 2, 3].map((n) => ({ ...payment(n), state: 'reversing' as const }));
    expect(offlineRefusal(rules, 'kernel', payment(100), open)).toBeUndefined();
  });

  test('is neither refunds nor another currency', () => {
    const offer = payment(100);
    expect(offlineRefusal(rules, 'kernel', { ...offer, currency: 978 }, [])).toContain('currency');
    expect(offlineRefusal(rules, 'kernel', { ...offer, kind: 'refund' }, [])).toContain(
      'purchases',
    );
  });
});
