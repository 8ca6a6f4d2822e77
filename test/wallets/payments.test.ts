import { describe, expect, it } from 'vitest';
import type { SaleResult } from '#terminal/types.ts';
import { scriptedWallet } from '#test/support/scripted-wallet.ts';
import { startSale, type WalletCounter, walletCounter } from '#test/support/wallet-counter.ts';

const alipay = () => scriptedWallet();

const sees = (counter: WalletCounter, screen: string, from = 0) =>
  counter.until(() => counter.views.slice(from).some((view) => view.screen === screen));

const stateOf = async ({ books }: WalletCounter, { transactionId }: SaleResult) => {
  const record = await books.find(transactionId);
  return record !== undefined && 'state' in record ? record.state : undefined;
};

const events = async ({ journal }: WalletCounter, { transactionId }: SaleResult) => {
  const entries = await journal.entriesOf(transactionId);
  return 'fault' in entries ? [] : entries.map(({ event }) => event);
};

describe("a shopper's code that is scanned while a card is awaited", () => {
  it('pays at once: written before the wallet is asked, and before anybody is told', async () => {
    const wallet = alipay();
    const counter = await walletCounter({ hosts: [wallet.host] });
    wallet.script.discountMinor = 150;
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 281234567890123456');
    const result = await counter.ends(paying);
    expect(result).toMatchObject({
      status: 'approved',
      amountMinor: 1250,
      discountMinor: 150,
      notes: ['2 points'],
      wallet: {
        ...{ name: 'alipay', title: 'Alipay', way: 'shopperCode' },
        ...{ reference: `W${result.transactionId}`, payer: 'a***@example.com' },
      },
    });
    expect(wallet.asked).toEqual([`pay ${result.transactionId}`]);
    expect(await events(counter, result)).toEqual(['asked', 'approved']);
    expect(JSON.stringify([counter.logged, counter.events, counter.views, result])).not.toContain(
      '281234567890123456',
    );
    expect(JSON.stringify([...counter.journal.durable().rows.values()])).not.toContain('2812345');
  });

  it('waits for the word on the phone: first asked after 5 s, then every 3 s', async () => {
    const wallet = alipay();
    wallet.script.pay = 'waiting';
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    await sees(counter, 'confirmOnPhone');
    const sinceMs = counter.agenda.nowMs();
    expect(counter.views.at(-1)).toMatchObject({
      detail: 'Open Alipay and approve the payment',
      timeLeft: { ms: 90_000, ofMs: 90_000 },
    });
    counter.agenda.at(7_000, wallet.confirm);
    const result = await counter.ends(paying);
    expect(result.status).toBe('approved');
    expect(counter.agenda.nowMs() - sinceMs).toBe(8_000);
    expect(wallet.asked.map((one) => one.split(' ')[0])).toEqual(['pay', 'query', 'query']);
  });

  it('that the wallet refuses is declined, and nothing is taken', async () => {
    const wallet = alipay();
    wallet.script.pay = 'refused';
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    const result = await counter.ends(paying);
    expect(result).toMatchObject({ status: 'declined', errorCondition: 'Refusal' });
    expect(await stateOf(counter, result)).toBe('declined');
    expect(wallet.heldMinor()).toBe(0);
  });

  it('without a word in time is cancelled, and the wallet has proved it', async () => {
    const wallet = alipay();
    wallet.script.pay = 'waiting';
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    const result = await counter.ends(paying);
    expect(result).toMatchObject({ status: 'timedOut' });
    expect(result.reason).toContain('Alipay has closed it');
    expect(await stateOf(counter, result)).toBe('timedOut');
    wallet.confirm();
    expect(wallet.heldMinor()).toBe(0);
  });

  it('whose answer is lost is found paid', async () => {
    const wallet = alipay();
    wallet.script.faults.push({ question: 'pay', how: 'lost' });
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    expect(await counter.ends(paying)).toMatchObject({ status: 'approved' });
    expect(wallet.heldMinor()).toBe(1250);
  });

  it('that never arrived is handed over again, under the same order', async () => {
    const wallet = alipay();
    wallet.script.faults.push({ question: 'pay', how: 'away' });
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    const result = await counter.ends(paying);
    expect(result.status).toBe('approved');
    expect(wallet.orders.size).toBe(1);
  });

  it('is taken back until the wallet answers when it can not be reached any more', async () => {
    const wallet = alipay();
    wallet.script.faults.push({ question: 'pay', how: 'lost' });
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    await counter.until(() => wallet.asked.length === 1);
    wallet.script.away = true;
    const result = await counter.ends(paying);
    expect(result).toMatchObject({ status: 'declined', errorCondition: 'UnavailableService' });
    expect(counter.terminal.status().openOrders).toBe(1);
    expect(wallet.heldMinor()).toBe(1250);
    await counter.passes(300_000);
    wallet.script.away = false;
    await counter.until(() => counter.terminal.status().openOrders === 0);
    expect(wallet.heldMinor()).toBe(0);
    expect(await stateOf(counter, result)).toBe('reversed');
  });

  it('is cancelled by the till with proof, though the shopper had said yes', async () => {
    const wallet = alipay();
    wallet.script.pay = 'waiting';
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    await sees(counter, 'confirmOnPhone');
    wallet.confirm();
    counter.terminal.cancel();
    expect(await counter.ends(paying)).toMatchObject({ status: 'cancelled' });
    expect(wallet.heldMinor()).toBe(0);
  });

  it('that would pay less than was asked for is given back', async () => {
    const wallet = alipay();
    const { host } = wallet;
    const short = {
      ...host,
      pay: async (...args: Parameters<typeof host.pay>) => {
        const answer = await host.pay(...args);
        return 'status' in answer && answer.status === 'paid'
          ? { ...answer, paidMinor: 1 }
          : answer;
      },
    };
    const counter = await walletCounter({ hosts: [short] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.scan('alipay 1');
    expect(await counter.ends(paying)).toMatchObject({ status: 'declined' });
    await counter.until(() => wallet.heldMinor() === 0);
  });
});

describe('our code on the display', () => {
  it('is shown when it is chosen, and pays when it is scanned', async () => {
    const wallet = alipay();
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await counter.until(() => counter.views.at(-1)?.choices !== undefined);
    expect(counter.views.at(-1)).toMatchObject({
      screen: 'presentCard',
      choices: [{ id: 'wallet:alipay', way: 'qr', words: 'Pay by Alipay code' }],
    });
    counter.touch('wallet:alipay');
    await sees(counter, 'scanCode');
    expect(counter.views.at(-1)).toMatchObject({
      code: { wallet: 'Alipay', digits: '1234 5678' },
      timeLeft: { ofMs: 90_000 },
      choices: [{ id: 'tap', way: 'phone', words: 'Back to tap' }],
    });
    counter.agenda.at(6_000, wallet.confirm);
    const result = await counter.ends(paying);
    expect(result).toMatchObject({ status: 'approved', wallet: { way: 'shopCode' } });
    expect(counter.views.at(-1)).not.toHaveProperty('code');
  });

  it('is closed with proof when the shopper goes back to the tap, and shown anew', async () => {
    const wallet = alipay();
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.touch('wallet:alipay');
    await sees(counter, 'scanCode');
    const from = counter.views.length;
    counter.touch('tap');
    await sees(counter, 'presentCard', from);
    expect([...wallet.orders.values()].map(({ closed }) => closed)).toEqual([true]);
    counter.touch('wallet:alipay');
    await counter.until(() => wallet.orders.size === 2);
    counter.agenda.at(6_000, wallet.confirm);
    const result = await counter.ends(paying);
    expect(result.status).toBe('approved');
    expect(wallet.heldMinor()).toBe(1250);
    const [first, second] = [...wallet.orders.keys()];
    expect(first).toBe(result.transactionId);
    expect(second).toMatch(/^[0-9A-F]{12}$/i);
    expect(await events(counter, result)).toEqual(['asked', 'closed', 'asked', 'approved']);
  });

  it('gives way to the shopper’s own where a scanner is there, and comes back', async () => {
    const wallet = alipay();
    const counter = await walletCounter({ hosts: [wallet.host], scannerReady: true });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.touch('wallet:alipay');
    await sees(counter, 'scanCode');
    expect(counter.views.at(-1)?.choices?.map(({ id, words }) => [id, words])).toEqual([
      ['show:alipay', 'Show your code to the scanner'],
      ['tap', 'Back to tap'],
    ]);
    counter.touch('show:alipay');
    await sees(counter, 'showYourCode');
    expect(counter.views.at(-1)?.choices?.map(({ id, words }) => [id, words])).toEqual([
      ['wallet:alipay', 'Scan our code instead'],
      ['tap', 'Back to tap'],
    ]);
    expect([...wallet.orders.values()].map(({ closed }) => closed)).toEqual([true]);
    const from = counter.views.length;
    counter.touch('wallet:alipay');
    await sees(counter, 'scanCode', from);
    counter.touch('show:alipay');
    await sees(counter, 'showYourCode', counter.views.length);
    counter.scan('alipay 1234');
    expect(await counter.ends(paying)).toMatchObject({
      ...{ status: 'approved', wallet: { way: 'shopperCode' } },
    });
    expect(wallet.heldMinor()).toBe(1250);
  });

  it('that was paid in the moment in which the shopper turns away stands', async () => {
    const wallet = alipay();
    const counter = await walletCounter({ hosts: [wallet.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.touch('wallet:alipay');
    await sees(counter, 'scanCode');
    wallet.confirm();
    counter.touch('tap');
    expect(await counter.ends(paying)).toMatchObject({ status: 'approved' });
    expect(wallet.heldMinor()).toBe(1250);
  });

  it('gives way to a scan of another wallet, not lost while the order is closed', async () => {
    const [wallet, other] = [alipay(), scriptedWallet({ name: 'harbour' })];
    wallet.script.faults.push({ question: 'cancel', how: 'away' });
    const counter = await walletCounter({ hosts: [wallet.host, other.host] });
    const paying = startSale(counter);
    await sees(counter, 'presentCard');
    counter.touch('wallet:alipay');
    await sees(counter, 'scanCode');
    counter.touch('tap');
    await counter.until(() => wallet.asked.some((one) => one.startsWith('cancel')));
    counter.scan('harbour 77');
    expect(await counter.ends(paying)).toMatchObject({
      status: 'approved',
      wallet: { name: 'harbour' },
    });
    expect([wallet.heldMinor(), other.heldMinor()]).toEqual([0, 1250]);
  });
});

describe('what was paid by a wallet', () => {
  const paid = async (wallet = alipay()) => {
    const counter = await walletCounter({ hosts: [wallet.host] });
    const result = await counter.ends(startSale(counter, { code: 'alipay 9', tillId: 'T1' }));
    expect(result.status).toBe('approved');
    return { wallet, counter, result };
  };

  it('is voided by a cancel', async () => {
    const { wallet, counter, result } = await paid();
    const order = await counter.ends(counter.terminal.void('T1'));
    expect(order).toMatchObject({ status: 'done' });
    expect(wallet.heldMinor()).toBe(0);
    expect(await stateOf(counter, result)).toBe('reversed');
  });

  it('is voided by a refund on another day', async () => {
    const { wallet, counter } = await paid();
    wallet.script.lateForCancel = true;
    expect(await counter.ends(counter.terminal.void('T1'))).toMatchObject({ status: 'done' });
    expect(wallet.heldMinor()).toBe(0);
    expect(wallet.asked.some((one) => one.startsWith('refund'))).toBe(true);
  });

  it('is refunded in parts, never more than is left', async () => {
    const { wallet, counter } = await paid();
    const refund = (amountMinor: number) =>
      counter.ends(startSale(counter, { kind: 'refund', original: 'T1', amountMinor }));
    expect(await refund(1000)).toMatchObject({ status: 'approved', wallet: { name: 'alipay' } });
    await counter.passes(3_000);
    expect(await refund(300)).toMatchObject({ status: 'error' });
    expect(await refund(250)).toMatchObject({ status: 'approved' });
    expect(wallet.heldMinor()).toBe(0);
  });

  it('is refunded once though the answer is lost', async () => {
    const { wallet, counter } = await paid();
    wallet.script.faults.push({ question: 'refund', how: 'lost' });
    const again = { kind: 'refund', original: 'T1', amountMinor: 500 } as const;
    expect(await counter.ends(startSale(counter, again))).toMatchObject({ status: 'approved' });
    expect(wallet.heldMinor()).toBe(750);
  });

  it('is not refunded twice while nobody knows of the first', async () => {
    const { wallet, counter } = await paid();
    wallet.script.faults.push({ question: 'refund', how: 'lost' });
    const refund = { kind: 'refund', original: 'T1', amountMinor: 500 } as const;
    const first = startSale(counter, { ...refund, tillId: 'R1' });
    await counter.until(() => wallet.asked.some((one) => one.startsWith('refund')));
    wallet.script.away = true;
    expect(await counter.ends(first)).toMatchObject({ status: 'error' });
    expect(await counter.ends(startSale(counter, refund))).toMatchObject({
      status: 'error',
      reason: 'a refund of it is under way',
    });
    wallet.script.away = false;
    await counter.until(() => counter.terminal.status().unknown === 0);
    expect(await counter.ends(startSale(counter, { ...refund, tillId: 'R1' }))).toMatchObject({
      status: 'approved',
      repeated: 'approved',
    });
    expect(wallet.heldMinor()).toBe(750);
  });
});
