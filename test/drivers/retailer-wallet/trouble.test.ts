import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createRetailerWalletHost,
  type RetailerWalletOptions,
} from '#drivers/retailer-wallet/index.ts';
import { isProven } from '#drivers/retailer-wallet/signature.ts';
import { isFault } from '#ports/fault.ts';
import type { WalletHost, WalletOrder } from '#ports/wallet-host.ts';
import { openWalletsRig, type WalletsRig } from '#test/support/simulated-wallets.ts';

const DEADLINE_MS = 5_000;

let rig: WalletsRig;
let options: RetailerWalletOptions;
let host: WalletHost;
let orders = 0;

const opened = (changes: Partial<RetailerWalletOptions>): WalletHost => {
  const made = createRetailerWalletHost({ ...options, ...changes });
  if (isFault(made)) throw new Error(made.detail);
  return made;
};

beforeAll(async () => {
  rig = await openWalletsRig();
  const { retailer, keys } = rig.wallets.ready;
  options = {
    ...retailer,
    name: 'retailer',
    title: 'Shop Wallet',
    privateKeyPath: keys.merchantPrivateKey,
    hostPublicKeyPath: keys.retailerPublicKey,
    wallMs: rig.wallMs,
  };
  host = opened({});
});
afterAll(async () => {
  await host.close();
  await rig.close();
});

const newOrder = (amountMinor = 2_000): WalletOrder => {
  orders += 1;
  const orderId = `A${orders.toString(16).toUpperCase().padStart(11, '0')}`;
  return { orderId, amountMinor, currency: 978, subject: 'Corner Shop', validForMs: 90_000 };
};

const token = async () => {
  const { code, digits } = await rig.act({ op: 'code', wallet: 'retailer' });
  return { code: String(code), digits: String(digits) };
};

test("the shop's offer and the shopper's points come off, and are told", async () => {
  // 5 % of 20.00 is 1.00; of 340 points whole hundreds count: 3.00; 16.00 earn 16 points.
  const { code } = await token();
  expect(await host.pay(newOrder(2_000), code, DEADLINE_MS)).toMatchObject({
    status: 'paid',
    paidMinor: 1_600,
    discountMinor: 400,
    notes: ['5 % off from 10.00', '300 points used', '16 points earned'],
    payer: 'bank account ending 5620',
  });
  // What was used is gone: 56 points are left, and less than a hundred stay where they are.
  const second = await token();
  expect(await host.pay(newOrder(900), second.code, DEADLINE_MS)).toMatchObject({
    paidMinor: 900,
    notes: ['9 points earned'],
  });
});

test('digits that were typed pay as the token does, and both together once', async () => {
  const { code, digits } = await token();
  expect(digits).toMatch(/^9\d{11}$/);
  expect(await host.pay(newOrder(), digits, DEADLINE_MS)).toMatchObject({ status: 'paid' });
  expect(await host.pay(newOrder(), code, DEADLINE_MS)).toMatchObject({
    status: 'refused',
    code: 'token-used',
  });
});

test('our code can be typed into the phone, too', async () => {
  const order = newOrder();
  const shown = await host.present(order, DEADLINE_MS);
  if (!('content' in shown)) throw new Error(JSON.stringify(shown));
  await rig.act({ op: 'scan', wallet: 'retailer', content: shown.digits ?? '' });
  expect(await host.query(order.orderId, DEADLINE_MS)).toMatchObject({ status: 'paid' });
});

test('a code that nobody has scanned is closed by a cancel, and no phone can pay it', async () => {
  const order = newOrder();
  const shown = await host.present(order, DEADLINE_MS);
  if (!('content' in shown)) throw new Error(JSON.stringify(shown));
  expect(await host.cancel(order.orderId, DEADLINE_MS)).toEqual({ status: 'cancelled' });
  const scanned = rig.act({ op: 'scan', wallet: 'retailer', content: shown.content });
  await expect(scanned).rejects.toThrow('codeUsed');
  expect(await host.present(order, DEADLINE_MS)).toMatchObject({ status: 'refused' });
});

test('a key that the host does not know, or a wrong clock, is no refusal', async () => {
  const { code } = await token();
  const keyless = opened({ keyId: 'terminal-2' });
  expect(await keyless.pay(newOrder(), code, DEADLINE_MS)).toMatchObject({
    fault: 'protocol',
    detail: expect.stringContaining('401 unknown-merchant'),
  });
  const late = opened({ wallMs: () => rig.wallMs() - 6 * 60_000 });
  expect(await late.cancel('0000000000FF', DEADLINE_MS)).toMatchObject({
    fault: 'protocol',
    detail: expect.stringContaining('401 bad-clock'),
  });
});

test('the same order with another amount changes nothing, and is not called refused', async () => {
  const order = newOrder();
  await host.pay(order, (await token()).code, DEADLINE_MS);
  const changed = { ...order, amountMinor: 1 };
  expect(await host.pay(changed, (await token()).code, DEADLINE_MS)).toMatchObject({
    fault: 'protocol',
    detail: expect.stringContaining('409 differs'),
  });
  expect(await host.query(order.orderId, DEADLINE_MS)).toMatchObject({ status: 'paid' });
});

test('an answer to another request proves nothing', async () => {
  const { retailerPrivateKey, paths } = await keysOf(rig);
  const { createPublicKey, createHash, sign } = await import('node:crypto');
  const body = '{}';
  const digest = createHash('sha256').update(body).digest('hex');
  const lines = ['RW1-RESPONSE', '200', 'a', '1', digest].join('\n');
  const headers = {
    'wallet-nonce': 'a',
    'wallet-timestamp': '1',
    'wallet-signature': sign(null, Buffer.from(lines), retailerPrivateKey).toString('base64url'),
  };
  const key = createPublicKey(retailerPrivateKey);
  expect(paths.retailerPublicKey).toContain('retailer');
  expect(isProven({ status: 200, headers, body }, 'a', key)).toBe(true);
  expect(isProven({ status: 200, headers, body }, 'b', key)).toBe(false);
  expect(isProven({ status: 409, headers, body }, 'a', key)).toBe(false);
  expect(isProven({ status: 200, headers, body: '[]' }, 'a', key)).toBe(false);
});

test('a key that is none is named when the terminal starts', () => {
  const { appPrivateKey } = rig.wallets.ready.keys;
  expect(createRetailerWalletHost({ ...options, privateKeyPath: appPrivateKey })).toEqual({
    fault: 'keys',
    detail: `${appPrivateKey} is no private Ed25519 key in PEM that can be read`,
  });
});

const keysOf = async ({ wallets }: WalletsRig) => {
  const { ensureWalletKeys } = await import('#drivers/simulated/wallets/keys.ts');
  const { dirname } = await import('node:path');
  return await ensureWalletKeys(dirname(wallets.ready.keys.appPrivateKey));
};
