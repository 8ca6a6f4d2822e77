import { describe, expect, test } from 'vitest';
import type { SaleResult } from '#terminal/types.ts';
import { copiesAfter } from '../../src/cli/opening/receipt-copies.ts';

const approved: Pick<SaleResult, 'status' | 'cvm'> = { status: 'approved', cvm: 'noCvm' };
const toSign = { status: 'approved', cvm: 'obtainSignature' } as const;
const declined = { status: 'declined' } as const;

const customer = { print: 'customer', declined: false } as const;
const both = { print: 'both', declined: false } as const;
const declinesToo = { print: 'customer', declined: true } as const;

describe('which copies are printed when a payment has ended', () => {
  test('where receipts are printed when asked for: none', () => {
    const asked = { print: 'asked', declined: true } as const;
    for (const result of [approved, toSign, declined]) {
      expect(copiesAfter(result, true, asked)).toEqual([]);
    }
  });

  test("approved, with the host or without: the shopper's, and the shop's if it wants it", () => {
    for (const askedHost of [true, false]) {
      expect(copiesAfter(approved, askedHost, customer)).toEqual(['customer']);
      expect(copiesAfter(approved, askedHost, both)).toEqual(['customer', 'merchant']);
    }
  });

  test("approved with a signature: the shop's, to be signed, before the shopper's", () => {
    expect(copiesAfter(toSign, true, customer)).toEqual(['merchant', 'customer']);
    expect(copiesAfter(toSign, true, both)).toEqual(['merchant', 'customer']);
  });

  test('declined by the host: only where the shop wants paper about it', () => {
    expect(copiesAfter(declined, true, customer)).toEqual([]);
    expect(copiesAfter(declined, true, declinesToo)).toEqual(['customer']);
  });

  test.each(['declined', 'cancelled', 'timedOut', 'error', 'busy'] as const)(
    '%s before any host was asked: none, for nothing can have happened',
    (status) => expect(copiesAfter({ status }, false, declinesToo)).toEqual([]),
  );

  test('cancelled or timed out while the host was asked: it may have been booked', () => {
    for (const status of ['cancelled', 'timedOut'] as const) {
      expect(copiesAfter({ status }, true, declinesToo)).toEqual(['customer']);
    }
  });

  test('asked once more by the till: none, it was printed when it happened', () => {
    expect(copiesAfter({ ...approved, repeated: 'approved' }, true, both)).toEqual([]);
  });
});
