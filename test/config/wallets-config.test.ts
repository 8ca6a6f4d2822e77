import { expect, test } from 'vitest';
import { readConfig } from '#config/read.ts';
import { walletsSection } from '#config/wallets-config.ts';

const read = (value: unknown) =>
  readConfig({ name: 'wallets.json', text: JSON.stringify(value) }, walletsSection);

const alipay = {
  kind: 'alipay',
  appId: '2014072300007148',
  appPrivateKey: 'keys/app.pem',
  alipayPublicKey: 'keys/alipay.pem',
};
const retailer = {
  kind: 'retailer',
  title: 'Shop Wallet',
  address: 'https://wallet.shop.example/v1',
  merchantId: 'shop-12',
  keyId: 'terminal-1',
  privateKey: 'keys/wallet.pem',
  hostPublicKey: 'keys/wallet-host.pem',
};

test('real wallets need keys and names, and have the rest', () => {
  expect(read([alipay, retailer])).toEqual([
    { ...alipay, gateway: 'https://openapi.alipay.com/gateway.do' },
    { ...retailer, name: 'retailer' },
  ]);
});

test('simulated ones need nothing', () => {
  const both = [
    { kind: 'simulated', wallet: 'alipay' },
    { kind: 'simulated', wallet: 'retailer' },
  ];
  expect(read(both)).toEqual(both);
});

test.each([
  [[{ ...alipay, gateway: 'http://openapi.alipay.com/gateway.do' }], 'an https address'],
  [[{ ...retailer, address: 'wallet.shop.example' }], 'an https address'],
  [[alipay, { kind: 'simulated', wallet: 'alipay' }], 'wallets of different names'],
  [[{ kind: 'cheque' }], '"kind": "simulated", "alipay" or "retailer"'],
  [[{ ...alipay, appSecret: 'x' }], 'no such key'],
])('%j is not taken', (value, expected) => {
  expect(read(value)).toMatchObject({ expected: expect.stringContaining(expected) });
});

test('an address of this machine may go without TLS', () => {
  const value = [{ ...retailer, address: 'http://127.0.0.1:8080/v1' }];
  expect(read(value)).toMatchObject([{ address: 'http://127.0.0.1:8080/v1' }]);
});
