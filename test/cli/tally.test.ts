import { describe, expect, test } from 'vitest';
import { createPaymentTally } from '../../src/cli/service/payment-tally.ts';
import { createCounter, createTimes, MOST_SERIES } from '../../src/cli/service/tally.ts';

describe('a counter', () => {
  test('counts each combination of labels by itself', () => {
    const counter = createCounter('taps_total', 'Taps');
    for (const outcome of ['approved', 'declined', 'approved']) counter.add({ outcome });
    expect(counter.family()).toMatchObject({
      samples: [
        { labels: { outcome: 'approved' }, value: 2 },
        { labels: { outcome: 'declined' }, value: 1 },
      ],
    });
  });

  test('counts what names come from outside under "other", once there are too many', () => {
    const counter = createCounter('payments_total', 'Payments');
    for (let i = 0; i < MOST_SERIES + 50; i++) counter.add({ scheme: `scheme ${i}` });
    counter.add({ scheme: 'scheme 0' });
    const family = counter.family();
    const samples = 'samples' in family ? family.samples : [];
    expect(samples).toHaveLength(MOST_SERIES + 1);
    expect(samples[0]).toEqual({ labels: { scheme: 'scheme 0' }, value: 2 });
    expect(samples.at(-1)).toEqual({ labels: { scheme: 'other' }, value: 50 });
  });
});

test('times fall into the bucket of the first bound that they do not exceed', () => {
  const times = createTimes('tap_seconds', 'A tap', [0.1, 0.5]);
  for (const seconds of [0.1, 0.2, 0.5, 3]) times.add(seconds);
  expect(times.family()).toMatchObject({
    distributions: [{ counts: [1, 2], count: 4, sum: 3.8 }],
  });
});

test('a payment is counted by words of ours: no id, no amount, no number of a card', () => {
  const tally = createPaymentTally();
  tally.follow({
    event: 'saleEnded',
    screen: 'approved',
    result: {
      ...{ status: 'approved', transactionId: 'T-1', tillId: 'till-7', amountMinor: 1250 },
      ...{ currency: 'USD', reason: 'approved by the host', scheme: 'visa' },
      ...{ maskedPan: '476173******0119', cardToken: 'token-of-the-card' },
      tap: { totalMs: 300, cardMs: 297, ownMs: 3, commands: [] },
    },
  });
  const [payments] = tally.families();
  expect(payments).toMatchObject({
    name: 'countertap_payments_total',
    samples: [
      {
        labels: { status: 'approved', kind: 'purchase', scheme: 'visa', entry: 'contactless' },
        value: 1,
      },
    ],
  });
  expect(JSON.stringify(tally.families())).not.toMatch(/T-1|till-7|1250|4761|token/);
});
