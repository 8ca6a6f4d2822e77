import { resolve } from 'node:path';
import type { WalletsConfig } from '#config/wallets-config.ts';
import type { WalletsProcess } from '#drivers/simulated/wallets/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';

/** The wallets that are taken by code, and what was started for them. */
export interface OpenedWallets {
  readonly hosts: readonly WalletHost[];
  close(): Promise<void>;
}

export interface WalletsParts {
  readonly config: WalletsConfig;
  /** The configuration's folder: relative paths start there. */
  readonly folder: string;
  readonly places: Places;
  readonly log: Log;
  /** ISO 4217 numeric: the terminal's own. */
  readonly currency: number;
}

/**
 * Opens what the configuration names; nothing is loaded for a wallet that it doesn't. Simulated
 * ones get their hosts in one process beside us. Fault `keys` or `serviceDown` names what can't be
 * used.
 */
export const openWallets = async (parts: WalletsParts): Promise<OpenedWallets | Fault> => {
  const { config } = parts;
  const simulated = config.some(({ kind }) => kind === 'simulated')
    ? await startSimulated(parts)
    : undefined;
  if (isFault(simulated)) return simulated;
  const hosts: WalletHost[] = [];
  const close = async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await simulated?.close();
  };
  for (const wallet of config) {
    const host = await openOne(wallet, parts, simulated);
    if (isFault(host)) {
      await close();
      return host;
    }
    hosts.push(host);
  }
  return { hosts, close };
};

const startSimulated = async ({ places, log }: WalletsParts): Promise<WalletsProcess | Fault> => {
  const { startWallets } = await import('#drivers/simulated/wallets/index.ts');
  return await startWallets({
    stateDir: places.walletsState,
    control: places.walletsSocket,
    log: 'ignore',
    onRestart: (why) => log.warn({ why }, 'the simulated wallets are started again'),
  });
};

type Wallet = WalletsConfig[number];

const openOne = async (
  wallet: Wallet,
  parts: WalletsParts,
  simulated: WalletsProcess | undefined,
): Promise<WalletHost | Fault> => {
  const at = (path: string) => resolve(parts.folder, path);
  const { wallMs } = clock;
  if (wallet.kind === 'simulated') return await openSimulated(wallet, parts, simulated);
  if (wallet.kind === 'alipay') {
    const { createAlipayHost } = await import('#drivers/alipay/index.ts');
    return createAlipayHost({
      appId: wallet.appId,
      gateway: wallet.gateway,
      appPrivateKeyPath: at(wallet.appPrivateKey),
      alipayPublicKeyPath: at(wallet.alipayPublicKey),
      currency: parts.currency,
      wallMs,
    });
  }
  const { createRetailerWalletHost } = await import('#drivers/retailer-wallet/index.ts');
  const { name, title, address: baseUrl, merchantId, keyId, certificationAuthority } = wallet;
  return createRetailerWalletHost({
    ...{ name, title, baseUrl, merchantId, keyId, wallMs },
    privateKeyPath: at(wallet.privateKey),
    hostPublicKeyPath: at(wallet.hostPublicKey),
    ...(certificationAuthority === undefined ? {} : { authorityPath: at(certificationAuthority) }),
  });
};

const openSimulated = async (
  { wallet }: Extract<Wallet, { kind: 'simulated' }>,
  { currency }: WalletsParts,
  simulated: WalletsProcess | undefined,
): Promise<WalletHost | Fault> => {
  if (simulated === undefined) throw new Error('the simulated wallets were not started');
  const { alipay, retailer, keys } = simulated.ready;
  const { wallMs } = clock;
  if (wallet === 'alipay') {
    const { createAlipayHost } = await import('#drivers/alipay/index.ts');
    return createAlipayHost({
      ...alipay,
      appPrivateKeyPath: keys.appPrivateKey,
      alipayPublicKeyPath: keys.alipayPublicKey,
      currency,
      wallMs,
    });
  }
  const { createRetailerWalletHost } = await import('#drivers/retailer-wallet/index.ts');
  return createRetailerWalletHost({
    ...retailer,
    name: 'retailer',
    title: 'Shop Wallet',
    privateKeyPath: keys.merchantPrivateKey,
    hostPublicKeyPath: keys.retailerPublicKey,
    wallMs,
  });
};
