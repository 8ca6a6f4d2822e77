import { afterEach, describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import {
  cardNamed,
  type Harness,
  type HarnessOptions,
  linkIsDown,
  startHarness,
} from '#test/support/terminal-harness.ts';

const SALE = { amountMinor: 1250, currency: 840 };
const never = new AbortController().signal;

let harness: Harness;
const start = async (options: HarnessOptions = {}) => {
  harness = await startHarness(options);
  return harness;
};
afterEach(() => harness.close());

/** What the card was told of an amount, in the data that goes to the host. */
const told = (name: 'amountAuthorisedNumeric' | 'amountOtherNumeric' | 'transactionType') => {
  const value = harness.payments[0]?.tap?.data.get(tag[name]);
  return value === undefined ? undefined : toHex(value);
};

describe('a tip that the till has in its amount', () => {
  it('stands in result and books as a part of it', async () => {
    const { terminal, reader, books } = await start();
    reader.place(cardNamed('visa-phone'));
    const result = await terminal.sale({ ...SALE, tipMinor: 250, tillId: 'T1' }, never);
    expect(result).toMatchObject({ status: 'approved', amountMinor: 1250, tipMinor: 250 });
    expect(await books.findByTillId('T1')).toMatchObject({ amountMinor: 1250, tipMinor: 250 });
  });

  it('is refused when it is more than the amount, and no payment begins', async () => {
    const { terminal, journal } = await start();
    const result = await terminal.sale({ ...SALE, tipMinor: 1251, tillId: 'T2' }, never);
    expect(result).toMatchObject({ status: 'error' });
    expect(result.reason).toContain('more than the amount');
    expect(await journal.byTillId('T2')).toBeUndefined();
  });
});

describe('cash that is paid out', () => {
  it.each(['visa-phone', 'mastercard-phone', 'kernel-8-phone'])(
    'is told the card as amount other and transaction type 09: %s',
    async (name) => {
      const { terminal, reader } = await start();
      reader.place(cardNamed(name));
      const result = await terminal.sale({ ...SALE, cashBackMinor: 500 }, never);
      expect(result).toMatchObject({ status: 'approved', cashBackMinor: 500 });
      expect(harness.payments[0]).toMatchObject({
        transactionType: '09',
        record: { amountMinor: 1250, cashBackMinor: 500 },
      });
      expect(told('amountAuthorisedNumeric')).toBe('000000001250');
      expect(told('amountOtherNumeric')).toBe('000000000500');
      expect(told('transactionType')).toBe('09');
    },
  );

  it('is refused in clear words where nothing is configured for it, without a field', async () => {
    const activations: number[] = [];
    const { terminal, shop } = await start({
      reader: (real) => ({
        ...real,
        activate: (signal) => {
          activations.push(1);
          return real.activate(signal);
        },
      }),
    });
    const contactless = shop.contactless();
    const withoutCash = new Map([...contactless.combinations].filter(([type]) => type !== 0x09));
    Object.defineProperty(shop, 'contactless', {
      value: () => ({ ...contactless, combinations: withoutCash }),
    });
    const result = await terminal.sale({ ...SALE, cashBackMinor: 500 }, never);
    expect(result.reason).toContain('not configured for cashback');
    expect(result).toMatchObject({ status: 'declined' });
    expect(activations).toEqual([]);
  });

  it.each([
    ['with a refund', { kind: 'refund' as const }],
    ['by code', { method: 'code' as const }],
    ['without goods', { cashBackMinor: 1250 }],
  ])('is an error %s', async (_, more) => {
    const { terminal } = await start();
    const result = await terminal.sale({ ...SALE, cashBackMinor: 500, ...more }, never);
    expect(result).toMatchObject({ status: 'error' });
  });

  it('of another sum under the same id contradicts the first', async () => {
    const { terminal, reader } = await start();
    reader.place(cardNamed('visa-phone'));
    const asked = { ...SALE, cashBackMinor: 500, tillId: 'T3' };
    expect(await terminal.sale(asked, never)).toMatchObject({ status: 'approved' });
    expect(await terminal.sale(asked, never)).toMatchObject({
      ...{ status: 'approved', repeated: 'approved', cashBackMinor: 500 },
    });
    const other = await terminal.sale({ ...asked, cashBackMinor: 600 }, never);
    expect(other).toMatchObject({ status: 'error' });
    expect(other.reason).toContain('other cashback');
  });
});

describe('a till that wants the host asked', () => {
  it.each(['visa-phone-offline', 'mastercard-phone-offline', 'jcb-phone-offline'])(
    'takes no approval of card and terminal alone: %s',
    async (name) => {
      const offline = { kernel: true, deferred: true, currency: 840, schemes: {} };
      const { terminal, reader } = await start({ settings: { offline } });
      reader.place(cardNamed(name));
      const result = await terminal.sale({ ...SALE, forceOnline: true }, never);
      expect(result.offline).toBeUndefined();
      expect(harness.payments.length).toBe(result.status === 'approved' ? 1 : 0);
    },
  );

  it('gets none by the shop for a host that is away either', async () => {
    const offline = { kernel: true, deferred: true, currency: 840, schemes: {} };
    const { terminal, reader } = await start({
      settings: { offline },
      authorise: async () => linkIsDown,
    });
    reader.place(cardNamed('visa-phone'));
    const result = await terminal.sale({ ...SALE, forceOnline: true }, never);
    expect(result).toMatchObject({ status: 'declined' });
    expect(result.reason).toContain('wants the host asked');
  });
});

describe("the till's language", () => {
  it('is what the display speaks until the card says otherwise', async () => {
    const { terminal, views, seen } = await start();
    const paying = terminal.sale({ ...SALE, language: 'de' }, never);
    await seen('presentCard');
    expect(views.at(-1)).toMatchObject({ language: 'de' });
    terminal.cancel();
    expect(await paying).toMatchObject({ status: 'cancelled' });
  });
});
