import { createAlipayHost } from '#drivers/alipay/index.ts';
import { isFault } from '#ports/fault.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import { walletHostSuite } from '#test/ports/wallet-host-suite.ts';
import type { WalletsRig } from '#test/support/simulated-wallets.ts';

/** The real alipay-sdk against the simulated gateway. */
const open = ({ wallets, wallMs }: WalletsRig): WalletHost => {
  const { alipay, keys } = wallets.ready;
  const host = createAlipayHost({
    ...alipay,
    appPrivateKeyPath: keys.appPrivateKey,
    alipayPublicKeyPath: keys.alipayPublicKey,
    currency: 978,
    wallMs,
  });
  if (isFault(host)) throw new Error(host.detail);
  return host;
};

walletHostSuite({ wallet: 'alipay', open });
