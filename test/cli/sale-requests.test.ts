import { describe, expect, test } from 'vitest';
import { parseRequest } from '../../src/cli/control-requests.ts';
import { describeResult } from '../../src/cli/result-text.ts';

const sale = { op: 'sale', amountMinor: 1250, currency: 840 };

describe('the control socket', () => {
  test('is asked for a sale of more than goods, by cards of some schemes', () => {
    const more = { tipMinor: 200, cashBackMinor: 500, askTip: true, brands: ['visa', 'mc'] };
    expect(parseRequest({ ...sale, ...more })).toEqual({ ...sale, ...more });
  });

  test.each([{ tipMinor: -1 }, { cashBackMinor: 0.5 }, { brands: [] }, { brands: ['visa;'] }])(
    'refuses %j',
    (more) => {
      expect(parseRequest({ ...sale, ...more })).toHaveProperty('problem');
    },
  );
});

test('a person is told of what an amount consists', () => {
  const words = describeResult({
    ...{ status: 'approved', transactionId: '1', reason: 'approved', currency: 'USD' },
    ...{ amountMinor: 1275, tipMinor: 200, cashBackMinor: 500, surchargeMinor: 25 },
  });
  expect(words).toContain('of which     tip $2.00 USD, cashback $5.00 USD, surcharge $0.25 USD');
});
