import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOf, type PaymentRecord, recordOf, stands } from '#payment/index.ts';
import { type ScriptedWallet, scriptedWallet } from '#test/support/scripted-wallet.ts';
import { startSale, type WalletCounter, walletCounter } from '#test/support/wallet-counter.ts';

interface Scenario {
  readonly tillId: boolean;
  readonly way: 'shopperCode' | 'shopCode';
  readonly pay: 'paid' | 'waiting' | 'refused';
  readonly confirmMs: number | undefined;
  readonly faults: readonly { readonly question: string; readonly how: 'lost' | 'away' }[];
  readonly cancelMs: number | undefined;
  /** The how-manieth write is the last, or that many milliseconds. */
  readonly death:
    | { readonly write: number; readonly when: 'before' | 'after' }
    | { readonly atMs: number };
  /** How long the wallet is away after the restart. */
  readonly awayMs: number;
}

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  tillId: fc.boolean(),
  way: fc.constantFrom('shopperCode', 'shopCode'),
  pay: fc.constantFrom('paid', 'waiting', 'refused'),
  confirmMs: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
  faults: fc.array(
    fc.record({
      question: fc.constantFrom('pay', 'present', 'query', 'cancel', 'refund'),
      how: fc.constantFrom('lost', 'away'),
    }),
    { maxLength: 4 },
  ),
  cancelMs: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
  death: fc.oneof(
    fc.record({
      write: fc.integer({ min: 1, max: 4 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
    fc.record({ atMs: fc.integer({ min: 1, max: 120_000 }) }),
  ),
  awayMs: fc.constantFrom(0, 0, 7_000, 90_000),
});

const recordsIn = ({ journal }: WalletCounter): PaymentRecord[] =>
  [...journal.durable().rows.values()].map(recordOf);

const standing = (counter: WalletCounter): number =>
  recordsIn(counter)
    .filter(stands)
    .reduce((sum, one) => sum + (one.kind === 'refund' ? -1 : 1) * amountOf(one), 0);

const settled = (counter: WalletCounter) =>
  counter.until(
    () =>
      counter.terminal.status().openOrders + counter.terminal.status().unknown === 0 &&
      counter.terminal.status().state === 'idle',
  );

/** The run that ends in the middle; undefined result when the till never heard. */
const firstLife = async (wallet: ScriptedWallet, scenario: Scenario) => {
  const { tillId, way, death, cancelMs, confirmMs } = scenario;
  let writes = 0;
  const counter = await walletCounter({
    hosts: [wallet.host],
    dies: () => {
      writes += 1;
      return 'write' in death && writes === death.write ? death.when : undefined;
    },
  });
  let heard: string | undefined;
  const request = {
    ...(tillId ? { tillId: 'TILL-1' } : {}),
    ...(way === 'shopperCode' ? { code: 'alipay 1' } : { wallet: 'alipay' }),
  };
  void startSale(counter, request).then(({ status }) => {
    heard = status;
  });
  if (confirmMs !== undefined) counter.agenda.at(confirmMs, wallet.confirm);
  if (cancelMs !== undefined) counter.agenda.at(cancelMs, () => counter.terminal.cancel());
  await counter.passes('atMs' in death ? death.atMs : 200_000);
  counter.crash();
  return { counter, heard, request };
};

describe('a crash at any write, or at any other moment', () => {
  it('asks no shopper twice who paid, and leaves no money without a payment', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const wallet = scriptedWallet();
        wallet.script.pay = scenario.pay;
        wallet.script.faults.push(...scenario.faults);
        const { counter: before, heard, request } = await firstLife(wallet, scenario);
        const heldMinor = wallet.heldMinor();
        const ordersBefore = wallet.orders.size;
        wallet.script.away = scenario.awayMs > 0;
        const after = await walletCounter({
          hosts: [wallet.host],
          agenda: before.agenda,
          durable: before.journal.durable(),
        });
        await after.passes(scenario.awayMs + 1);
        wallet.script.away = false;
        await settled(after);
        expect(wallet.heldMinor()).toBe(standing(after));
        if (heard === 'approved') expect(wallet.heldMinor()).toBe(1250);
        if (heard !== undefined && heard !== 'approved') expect(wallet.heldMinor()).toBe(0);
        const known = recordsIn(after).length > 0;
        if (!scenario.tillId || !known) return;
        // The till asks again under its own id.
        const again = await after.ends(startSale(after, request));
        expect(wallet.orders.size).toBe(ordersBefore);
        expect(again.status === 'approved').toBe(wallet.heldMinor() === 1250);
        // What the shopper had paid when the till went silent still stands.
        if (heldMinor > 0 && heard === undefined && scenario.cancelMs === undefined) {
          expect(wallet.heldMinor()).toBe(1250);
        }
      }),
      { numRuns: 50 },
    );
  }, 120_000);

  it('takes what was paid back from a till that could never ask again', async () => {
    const wallet = scriptedWallet();
    const scenario = {
      ...{ tillId: false, way: 'shopperCode', pay: 'paid', confirmMs: undefined, faults: [] },
      ...{ cancelMs: undefined, death: { write: 2, when: 'before' }, awayMs: 0 },
    } as const satisfies Scenario;
    const { counter: before } = await firstLife(wallet, scenario);
    expect(wallet.heldMinor()).toBe(1250);
    const durable = before.journal.durable();
    const after = await walletCounter({ hosts: [wallet.host], agenda: before.agenda, durable });
    await settled(after);
    expect(wallet.heldMinor()).toBe(0);
    expect(recordsIn(after).map(({ state }) => state)).toEqual(['reversed']);
  });

  it('tells the till that asks again what the wallet says, and not before it has', async () => {
    const wallet = scriptedWallet();
    const scenario = {
      ...{ tillId: true, way: 'shopperCode', pay: 'paid', confirmMs: undefined, faults: [] },
      ...{ cancelMs: undefined, death: { write: 2, when: 'before' }, awayMs: 0 },
    } as const satisfies Scenario;
    const { counter: before, request } = await firstLife(wallet, scenario);
    const durable = before.journal.durable();
    wallet.script.away = true;
    const after = await walletCounter({ hosts: [wallet.host], agenda: before.agenda, durable });
    expect(await after.ends(startSale(after, request))).toMatchObject({ status: 'error' });
    const asking = startSale(after, request);
    wallet.script.away = false;
    expect(await after.ends(asking)).toMatchObject({
      ...{ status: 'approved', repeated: 'approved' },
      wallet: { name: 'alipay', way: 'shopperCode' },
    });
    expect(wallet.orders.size).toBe(1);
  });
});
