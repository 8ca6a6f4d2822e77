import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actOnWallets, type WalletRequest } from '#drivers/simulated/wallets/control.ts';
import type { WalletName } from '#drivers/simulated/wallets/entries.ts';
import { openWallets, type Wallets } from '#drivers/simulated/wallets/wallets.ts';
import type { Log } from '#ports/log.ts';

/** Both simulated hosts in this process, with a clock that tests move. */
export interface WalletsRig {
  readonly wallets: Wallets;
  readonly wallMs: () => number;
  pass(ms: number): void;
  /** As the command line would; an answer that is an error throws. */
  act(request: WalletRequest): Promise<Readonly<Record<string, unknown>>>;
  /** The same ledgers, keys and ports, as after a crash. */
  restart(): Promise<void>;
  /** Every line that a host has logged, and every line of its ledger. */
  kept(wallet: WalletName): Promise<string>;
  close(): Promise<void>;
}

export const openWalletsRig = async (): Promise<WalletsRig> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'wallets-'));
  let now = Date.UTC(2026, 2, 1, 12);
  const logged: string[] = [];
  const write = (fields: object, message: string) =>
    void logged.push(JSON.stringify({ ...fields, message }));
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const wallMs = () => now;
  const open = (ports: Readonly<Record<WalletName, number>>) =>
    openWallets({ stateDir, ports, log, wallMs, restart: () => void restart() });
  let wallets = await open({ alipay: 0, retailer: 0 });
  const restart = async () => {
    await wallets.close();
    wallets = await open(wallets.ready.ports);
  };
  return {
    get wallets() {
      return wallets;
    },
    wallMs,
    pass: (ms) => {
      now += ms;
    },
    act: async (request) => {
      const answer = await actOnWallets({ ...request }, wallets);
      if (!answer.ok) throw new Error(answer.error);
      return answer;
    },
    restart,
    kept: async (wallet) =>
      `${logged.join('\n')}\n${await readFile(join(stateDir, `${wallet}.jsonl`), 'utf8')}`,
    close: async () => {
      await wallets.close();
      await rm(stateDir, { recursive: true });
    },
  };
};
