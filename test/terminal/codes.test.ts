import { describe, expect, it } from 'vitest';
import type { Decision } from '#acceptance/index.ts';
import { off } from '#test/acceptance/decisions.ts';
import { scriptedWallet } from '#test/support/scripted-wallet.ts';
import { playedDecisions } from '#test/support/shop-decisions.ts';
import { startSale, type WalletCounter, walletCounter } from '#test/support/wallet-counter.ts';

const shop = async (decisions: readonly Decision[] = [], names = ['alipay', 'harbour']) => {
  const wallets = names.map((name) => scriptedWallet({ name }));
  const played = playedDecisions(...decisions);
  const { acceptance } = played;
  const counter = await walletCounter({ hosts: wallets.map(({ host }) => host), acceptance });
  const [first, second] = wallets;
  if (first === undefined) throw new Error('no wallet');
  return { counter, played, alipay: first, harbour: second ?? first };
};

const sees = (counter: WalletCounter, screen: string, from = 0) =>
  counter.until(() => counter.views.slice(from).some((view) => view.screen === screen));

const scans = ({ events }: WalletCounter) =>
  events.flatMap((event) => (event.event === 'scan' ? [event.became] : []));

describe("a wallet that the shop's decisions switch off", () => {
  const words = { texts: { en: { shopper: 'No Alipay today.', cashier: 'Offer cash.' } } };

  it('is refused with the reason, and the payment goes on', async () => {
    const { counter, alipay } = await shop([off(1, { method: 'qr:alipay' }, words)]);
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    expect(counter.views.at(-1)?.choices?.map(({ id }) => id)).toEqual(['wallet:harbour']);
    counter.scan('alipay 1');
    await counter.until(() => counter.views.at(-1)?.detail === 'No Alipay today.');
    expect(counter.views.at(-1)).toMatchObject({ screen: 'presentCard', tone: 'alert' });
    counter.scan('harbour 2');
    expect(await counter.ends(paying)).toMatchObject({
      status: 'approved',
      wallet: { name: 'harbour' },
    });
    expect(alipay.asked).toEqual([]);
    expect(scans(counter)).toEqual(['refused', 'taken']);
  });

  it('is a restriction for a till that named it', async () => {
    const { counter } = await shop([off(1, { method: 'qr:alipay' }, words)]);
    expect(await counter.ends(startSale(counter, { code: 'alipay 1' }))).toMatchObject({
      ...{ status: 'declined', errorCondition: 'PaymentRestriction' },
      restriction: { decision: 'D1', cashier: 'Offer cash.' },
    });
  });

  it('only above an amount takes less by it', async () => {
    const above = { minor: 1000, currency: 'USD' };
    const { counter } = await shop([off(1, { method: 'qr', above })]);
    const sale = (amountMinor: number) =>
      counter.ends(startSale(counter, { code: 'alipay 1', amountMinor }));
    expect(await sale(1250)).toMatchObject({ status: 'declined' });
    await counter.passes(3_000);
    expect(await sale(900)).toMatchObject({ status: 'approved' });
  });

  it('after its code was scanned, and before it is asked, is not asked', async () => {
    const { counter, played, alipay, harbour } = await shop();
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.touch('wallet:harbour');
    await sees(counter, 'scanCode');
    counter.scan('alipay 1');
    played.set(off(1, { method: 'qr:alipay' }));
    const from = counter.views.length;
    await sees(counter, 'presentCard', from);
    expect(alipay.asked).toEqual([]);
    counter.terminal.cancel();
    expect(await counter.ends(paying)).toMatchObject({ status: 'cancelled' });
    expect(harbour.heldMinor()).toBe(0);
  });
});

describe('contactless that is off', () => {
  it('begins with the choice of a wallet, and no way back to the tap', async () => {
    const { counter, harbour } = await shop([off(1)]);
    const paying = startSale(counter);
    await sees(counter, 'payByCode');
    expect(counter.views.at(-1)).toMatchObject({
      headline: 'Pay by code',
      choices: [
        { id: 'wallet:alipay', way: 'qr', words: 'Alipay' },
        { id: 'wallet:harbour', way: 'qr', words: 'Harbour' },
      ],
    });
    counter.touch('tap');
    counter.touch('wallet:harbour');
    await sees(counter, 'scanCode');
    counter.agenda.at(1_000, harbour.confirm);
    expect(await counter.ends(paying)).toMatchObject({ status: 'approved' });
  });

  it('shows the code of the only wallet at once', async () => {
    const { counter, alipay } = await shop([off(1)], ['alipay']);
    const paying = startSale(counter);
    await sees(counter, 'scanCode');
    expect(counter.agenda.nowMs()).toBe(0);
    counter.agenda.at(1_000, alipay.confirm);
    expect(await counter.ends(paying)).toMatchObject({ status: 'approved' });
  });

  it('and codes as well refuses as before', async () => {
    const { counter } = await shop([off(1), off(2, { method: 'qr' })]);
    expect(await counter.ends(startSale(counter))).toMatchObject({
      ...{ status: 'declined', errorCondition: 'PaymentRestriction' },
      restriction: { decision: 'D1' },
    });
  });

  it('while a card is awaited goes on by code', async () => {
    const { counter, played } = await shop();
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    played.set(off(1));
    await sees(counter, 'payByCode');
    counter.scan('alipay 1');
    expect(await counter.ends(paying)).toMatchObject({ status: 'approved' });
  });

  it('ends when no code is shown in time, with nothing at any wallet', async () => {
    const { counter, alipay } = await shop([off(1)]);
    expect(await counter.ends(startSale(counter))).toMatchObject({ status: 'timedOut' });
    expect(alipay.asked).toEqual([]);
  });
});

describe('a till that asks for one way', () => {
  it('by code begins with the choice though cards are taken', async () => {
    const { counter } = await shop();
    const paying = startSale(counter, { method: 'code' });
    await sees(counter, 'payByCode');
    expect(counter.views.at(-1)?.choices?.map(({ id }) => id)).not.toContain('tap');
    counter.terminal.cancel();
    expect(await counter.ends(paying)).toMatchObject({ status: 'cancelled' });
  });

  it('by card takes no scan', async () => {
    const { counter } = await shop();
    const paying = startSale(counter, { method: 'card' });
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    expect(scans(counter)).toEqual(['unused']);
    expect(counter.views.at(-1)).not.toHaveProperty('choices');
    counter.terminal.cancel();
    await counter.ends(paying);
  });

  it('by digits that somebody typed pays with the wallet it names', async () => {
    const { counter } = await shop();
    const typed = { wallet: 'harbour', code: '12345678' };
    expect(await counter.ends(startSale(counter, typed))).toMatchObject({
      status: 'approved',
      wallet: { name: 'harbour', way: 'typed' },
    });
    expect(JSON.stringify([counter.events, counter.logged])).not.toContain('12345678');
  });

  it('by a code that is none, or an unknown wallet, says why it is not taken', async () => {
    const { counter } = await shop();
    const reason = async (request: { code?: string; wallet?: string }) => {
      const result = await counter.ends(startSale(counter, request));
      await counter.passes(3_000);
      return [result.status, result.reason];
    };
    expect(await reason({ code: 'product 4006381333931' })).toEqual([
      ...['declined', 'the barcode of a product'],
    ]);
    expect(await reason({ code: 'either 1' })).toEqual([
      ...['declined', 'a code that may be of alipay or harbour: nothing is guessed'],
    ]);
    expect(await reason({ wallet: 'nobody' })).toEqual([
      ...['declined', 'this shop does not take nobody'],
    ]);
  });
});

describe('a scan with no payment running', () => {
  it('waits three seconds for one', async () => {
    const { counter } = await shop();
    counter.scan('alipay 1');
    await counter.passes(2_000);
    expect(await counter.ends(startSale(counter))).toMatchObject({ status: 'approved' });
  });

  it('and none beginning is dropped, reported, and charged to nobody', async () => {
    const { counter, alipay } = await shop();
    counter.scan('alipay 1');
    await counter.passes(5_000);
    expect(scans(counter)).toEqual(['dropped']);
    expect(counter.logged.join('\n')).toContain('no payment was being taken');
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    await counter.passes(1_000);
    expect(alipay.asked).toEqual([]);
    counter.terminal.cancel();
    await counter.ends(paying);
  });

  it('of a shopper who has just paid is not kept for the next one', async () => {
    const { counter, alipay } = await shop();
    expect(await counter.ends(startSale(counter, { code: 'alipay 1' }))).toMatchObject({
      status: 'approved',
    });
    counter.scan('alipay 2');
    const paying = startSale(counter);
    await sees(counter, 'presentCard', counter.views.length);
    await counter.passes(1_000);
    expect(alipay.asked).toHaveLength(1);
    counter.terminal.cancel();
    await counter.ends(paying);
  });

  it('while a payment is being cancelled is kept for the one after it', async () => {
    const { counter, harbour } = await shop();
    const paying = startSale(counter, { wallet: 'alipay' });
    await sees(counter, 'scanCode');
    counter.terminal.cancel();
    counter.scan('harbour 5');
    expect(await counter.ends(paying)).toMatchObject({ status: 'cancelled' });
    expect(await counter.ends(startSale(counter))).toMatchObject({
      status: 'approved',
      wallet: { name: 'harbour' },
    });
    expect(harbour.heldMinor()).toBe(1250);
  });
});

describe('other things that are scanned', () => {
  it('leave the payment as it is', async () => {
    const { counter } = await shop();
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    for (const text of ['product 4006381333931', 'either 1', 'rubbish']) counter.scan(text);
    expect(scans(counter)).toEqual(['unused', 'unused', 'unused']);
    counter.scan('alipay 1');
    counter.scan('alipay 1');
    expect(await counter.ends(paying)).toMatchObject({ status: 'approved' });
    expect(scans(counter)).toEqual(['unused', 'unused', 'unused', 'taken']);
  });

  it('do not pay a refund or hold an amount', async () => {
    const { counter, alipay } = await shop();
    const paying = startSale(counter, { kind: 'preAuthorisation' });
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    expect(scans(counter)).toEqual(['unused']);
    counter.terminal.cancel();
    await counter.ends(paying);
    expect(alipay.asked).toEqual([]);
  });
});

it('status tells which wallets are taken, and by which decision not', async () => {
  const { counter } = await shop([off(1, { method: 'qr:alipay' })]);
  expect(counter.terminal.status().wallets).toEqual([
    { name: 'alipay', title: 'Alipay', accepted: false, decision: 'D1' },
    { name: 'harbour', title: 'Harbour', accepted: true },
  ]);
});
