import { createRetailerWalletHost } from '#drivers/retailer-wallet/index.ts';
import { isFault } from '#ports/fault.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import { walletHostSuite } from '#test/ports/wallet-host-suite.ts';
import type { WalletsRig } from '#test/support/simulated-wallets.ts';

const open = ({ wallets, wallMs }: WalletsRig): WalletHost => {
  const { retailer, keys } = wallets.ready;
  const host = createRetailerWalletHost({
    ...retailer,
    name: 'retailer',
    title: 'Shop Wallet',
    privateKeyPath: keys.merchantPrivateKey,
    hostPublicKeyPath: keys.retailerPublicKey,
    wallMs,
  });
  if (isFault(host)) throw new Error(host.detail);
  return host;
};

walletHostSuite({ wallet: 'retailer', open });
