import { join } from 'node:path';
import type { Log } from '#ports/log.ts';
import { understandAlipay } from './alipay/gateway.ts';
import { type Books, createBooks } from './books.ts';
import type { WalletName } from './entries.ts';
import { ensureWalletKeys, type WalletKeyPaths } from './keys.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { understandRetailer } from './retailer/host.ts';
import { openWebHost, type Understood, type WebHost, type WebRequest } from './web-host.ts';

/** What a terminal needs to know of the simulated hosts. */
export interface WalletsReady {
  readonly ports: Readonly<Record<WalletName, number>>;
  readonly alipay: { readonly gateway: string; readonly appId: string };
  readonly retailer: {
    readonly baseUrl: string;
    readonly merchantId: string;
    readonly keyId: string;
  };
  readonly keys: WalletKeyPaths;
}

export interface Wallet {
  readonly books: Books;
  readonly ledger: Ledger;
  readonly web: WebHost;
}

export interface Wallets {
  readonly ready: WalletsReady;
  readonly wallets: Readonly<Record<WalletName, Wallet>>;
  close(): Promise<void>;
}

export interface WalletsOptions {
  /** Ledgers and keys live here. */
  readonly stateDir: string;
  /** 0: any free port. */
  readonly ports: Readonly<Record<WalletName, number>>;
  readonly log: Log;
  readonly wallMs: () => number;
  readonly restart: () => void;
}

const APP_ID = '2014072300007148';
const MERCHANT = { merchantId: 'countertap-shop', keyId: 'terminal-1' } as const;

/** Both hosts: Alipay's gateway and the retailer's, on the loopback, each with its ledger. */
export const openWallets = async (options: WalletsOptions): Promise<Wallets> => {
  const { stateDir, wallMs } = options;
  const keys = await ensureWalletKeys(join(stateDir, 'keys'));
  const alipay = await openWallet('alipay', options, (books) =>
    understandAlipay({
      books,
      appId: APP_ID,
      appPublicKey: keys.appPublicKey,
      privateKey: keys.alipayPrivateKey,
      wallMs,
    }),
  );
  const retailer = await openWallet('retailer', options, (books) =>
    understandRetailer({
      books,
      ...MERCHANT,
      merchantPublicKey: keys.merchantPublicKey,
      privateKey: keys.retailerPrivateKey,
      wallMs,
    }),
  );
  const url = ({ web }: Wallet) => `http://127.0.0.1:${web.port}`;
  return {
    ready: {
      ports: { alipay: alipay.web.port, retailer: retailer.web.port },
      alipay: { gateway: `${url(alipay)}/gateway.do`, appId: APP_ID },
      retailer: { baseUrl: `${url(retailer)}/v1`, ...MERCHANT },
      keys: keys.paths,
    },
    wallets: { alipay, retailer },
    close: async () => {
      for (const { web, books, ledger } of [alipay, retailer]) {
        await web.absent();
        // A request that is being answered still gets its line.
        await books.find('');
        await ledger.close();
      }
    },
  };
};

const openWallet = async (
  wallet: WalletName,
  { stateDir, ports, log, wallMs, restart }: WalletsOptions,
  understanding: (books: Books) => (request: WebRequest) => Understood,
): Promise<Wallet> => {
  const ledger = await openLedger(join(stateDir, `${wallet}.jsonl`));
  const books = createBooks({ wallet, ledger, wallMs });
  const understand = understanding(books);
  const web = await openWebHost({ port: ports[wallet], log, understand, restart });
  return { books, ledger, web };
};
