import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlipayOptions, createAlipayHost } from '#drivers/alipay/index.ts';
import { isFault } from '#ports/fault.ts';
import type { WalletHost, WalletOrder } from '#ports/wallet-host.ts';
import { openWalletsRig, type WalletsRig } from '#test/support/simulated-wallets.ts';

const CNY = 156;
const DEADLINE_MS = 5_000;

let rig: WalletsRig;
let options: AlipayOptions;
let host: WalletHost;
let orders = 0;

const opened = (changes: Partial<AlipayOptions>): WalletHost => {
  const made = createAlipayHost({ ...options, ...changes });
  if (isFault(made)) throw new Error(made.detail);
  return made;
};

beforeAll(async () => {
  rig = await openWalletsRig();
  const { alipay, keys } = rig.wallets.ready;
  options = {
    ...alipay,
    appPrivateKeyPath: keys.appPrivateKey,
    alipayPublicKeyPath: keys.alipayPublicKey,
    currency: CNY,
    wallMs: rig.wallMs,
  };
  host = opened({});
});
afterAll(() => rig.close());

const newOrder = (amountMinor = 880): WalletOrder => {
  orders += 1;
  const orderId = orders.toString(16).padStart(12, '0');
  return { orderId, amountMinor, currency: CNY, subject: '小店', validForMs: 90_000 };
};

const code = async (): Promise<string> =>
  String((await rig.act({ op: 'code', wallet: 'alipay' }))['code']);

/** A key of somebody else's. */
const strangersKey = (): string => {
  const path = join(rig.wallets.ready.keys.appPrivateKey, '..', 'stranger.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(path, privateKey.export({ type: 'pkcs1', format: 'pem' }));
  return path;
};

test('yuan go out and come back to the fen', async () => {
  expect(await host.pay(newOrder(880), await code(), DEADLINE_MS)).toMatchObject({
    status: 'paid',
    paidMinor: 880,
    payer: '159****5620',
  });
});

test('a cancel before our code was scanned proves nothing until it has run out', async () => {
  const order = newOrder();
  const presented = await host.present(order, DEADLINE_MS);
  expect(presented).toMatchObject({ content: expect.stringContaining('https://qr.alipay.com/') });
  expect(await host.cancel(order.orderId, DEADLINE_MS)).toMatchObject({
    fault: 'protocol',
    detail: expect.stringContaining('can still be scanned'),
  });
  // And so it can.
  const { content } = presented as { readonly content: string };
  await rig.act({ op: 'scan', wallet: 'alipay', content });
  expect(await host.query(order.orderId, DEADLINE_MS)).toMatchObject({ status: 'paid' });
  expect(await host.cancel(order.orderId, DEADLINE_MS)).toEqual({ status: 'cancelled' });

  const other = newOrder();
  await host.present(other, DEADLINE_MS);
  rig.pass(120_001);
  expect(await host.cancel(other.orderId, DEADLINE_MS)).toEqual({ status: 'unknown' });
});

test("a wrong code of the shopper's does not end an order that our code can pay", async () => {
  const order = newOrder();
  await host.present(order, DEADLINE_MS);
  expect(await host.pay(order, '281234567890123456', DEADLINE_MS)).toMatchObject({
    status: 'waiting',
  });
});

test('a gateway that does not know our key refuses, and says so in words of ours', async () => {
  const stranger = opened({ appPrivateKeyPath: strangersKey() });
  expect(await stranger.pay(newOrder(), await code(), DEADLINE_MS)).toEqual({
    status: 'refused',
    code: 'isv.invalid-signature',
    detail: "Alipay's gateway turns the terminal away: its keys or its application",
  });
  expect(await stranger.query('0000000000ff', DEADLINE_MS)).toMatchObject({ fault: 'protocol' });
  expect(await stranger.cancel('0000000000ff', DEADLINE_MS)).toMatchObject({ fault: 'protocol' });
});

test('a gateway that turns us away says nothing of a request that nobody answered', async () => {
  const stranger = opened({ appPrivateKeyPath: strangersKey() });
  const order = newOrder();
  await rig.act({ op: 'fault', wallet: 'alipay', name: 'garbage', on: 'pay' });
  expect(await stranger.pay(order, await code(), DEADLINE_MS)).toMatchObject({ fault: 'protocol' });
  expect(await stranger.pay(order, await code(), DEADLINE_MS)).toMatchObject({ fault: 'protocol' });
});

test('answers signed by another than Alipay are none', async () => {
  const deceived = opened({ alipayPublicKeyPath: strangersKey() });
  const answer = await deceived.pay(newOrder(), await code(), DEADLINE_MS);
  expect(answer).toMatchObject({
    fault: 'protocol',
    detail: "the signature of Alipay's answer to alipay.trade.pay is wrong",
  });
});

test('a key that is none is named when the terminal starts', () => {
  expect(createAlipayHost({ ...options, alipayPublicKeyPath: '/nowhere/alipay.pem' })).toEqual({
    fault: 'keys',
    detail: '/nowhere/alipay.pem is no public RSA key in PEM that can be read',
  });
  const { merchantPrivateKey } = rig.wallets.ready.keys;
  expect(createAlipayHost({ ...options, appPrivateKeyPath: merchantPrivateKey })).toMatchObject({
    fault: 'keys',
  });
});
