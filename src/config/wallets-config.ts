import * as v from 'valibot';
import { text } from './pieces.ts';

const NAME = 'a short name in small letters, such as "shop-wallet"';

const HTTPS = 'an https address, or an http address of this machine';

// What is asked for holds a shopper's code: nobody in between may read it.
const isSafe = (address: string): boolean => {
  try {
    const { protocol, hostname } = new URL(address);
    const own = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
    return protocol === 'https:' || (protocol === 'http:' && own);
  } catch {
    return false;
  }
};

const address = v.pipe(text(2048, HTTPS), v.check(isSafe, HTTPS));

const simulated = v.strictObject({
  kind: v.literal('simulated'),
  wallet: v.picklist(['alipay', 'retailer'], '"alipay" or "retailer"'),
});

const alipay = v.strictObject({
  kind: v.literal('alipay'),
  appId: text(32, 'the identifier of the application at Alipay'),
  gateway: v.optional(address, 'https://openapi.alipay.com/gateway.do'),
  /** PEM files; relative paths start at this configuration's folder. */
  appPrivateKey: text(4096, 'a path'),
  alipayPublicKey: text(4096, 'a path'),
});

const retailer = v.strictObject({
  kind: v.literal('retailer'),
  /** As decisions name it, and as shoppers do. */
  name: v.optional(v.pipe(text(32, NAME), v.regex(/^[a-z][a-z0-9-]{0,31}$/, NAME)), 'retailer'),
  title: text(40, "the wallet's name for shoppers"),
  /** Of docs/retailer-wallet.openapi.yaml, with its version: "https://wallet.shop.example/v1". */
  address,
  merchantId: text(64, 'the merchant at the wallet'),
  keyId: text(64, 'which key it is'),
  /** PEM files; relative paths start at this configuration's folder. */
  privateKey: text(4096, 'a path'),
  hostPublicKey: text(4096, 'a path'),
  certificationAuthority: v.optional(text(4096, 'a path')),
});

const nameOf = (wallet: v.InferOutput<typeof one>): string =>
  wallet.kind === 'simulated' ? wallet.wallet : wallet.kind === 'alipay' ? 'alipay' : wallet.name;

const one = v.variant(
  'kind',
  [simulated, alipay, retailer],
  '"kind": "simulated", "alipay" or "retailer"',
);

/** The wallets that are taken by code. Two under one name could not be told apart afterwards. */
export const walletsSection = v.pipe(
  v.array(one),
  v.check(
    (wallets) => new Set(wallets.map(nameOf)).size === wallets.length,
    'wallets of different names',
  ),
);

export type WalletsConfig = v.InferOutput<typeof walletsSection>;
