/** The hosts of two wallets to pay against: signatures, ledgers, shoppers, faults on command. */
import { type Fault, isFault } from '#ports/fault.ts';
import { askControlSocket } from '../process/control-client.ts';
import type { ControlAnswer } from '../process/control-socket.ts';
import { startSupervised } from '../process/supervised.ts';
import type { WalletRequest } from './control.ts';
import type { WalletsReady } from './wallets.ts';

export type { ControlAnswer } from '../process/control-socket.ts';
export type { WalletRequest } from './control.ts';
export type { Order, WalletName } from './entries.ts';
export type { WalletKeyPaths } from './keys.ts';
export type { WalletsReady } from './wallets.ts';

export interface WalletsProcess {
  /** Addresses, ids and key files, the same for every run. */
  readonly ready: WalletsReady;
  readonly log: NodeJS.ReadableStream | null;
  /** Of the latest run. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

export interface WalletsProcessOptions {
  readonly stateDir: string;
  /** Path of the control socket. */
  readonly control: string;
  /** Where its log goes: 'pipe' to read it, 'inherit' for ours, 'ignore' for nowhere. */
  readonly log: 'pipe' | 'inherit' | 'ignore';
  /** The process ended without being asked, or did not start again: another try follows. */
  readonly onRestart?: (why: string) => void;
}

/**
 * Starts both hosts in one process of their own, and again, on the same ports and state, whenever
 * it ends without being asked. It ends when this process does. A Fault when the first start fails.
 */
export const startWallets = async (
  options: WalletsProcessOptions,
): Promise<WalletsProcess | Fault> => {
  const process = await startSupervised<WalletsReady>(
    {
      name: 'wallet host',
      script: new URL('main.ts', import.meta.url),
      argumentsFor: (previous) => [
        ...['--state-dir', options.stateDir, '--control', options.control],
        ...['--alipay-port', String(previous?.ports.alipay ?? 0)],
        ...['--retailer-port', String(previous?.ports.retailer ?? 0)],
      ],
      log: options.log,
    },
    options.onRestart,
  );
  if (isFault(process)) return process;
  return {
    ready: process.ready,
    log: process.log,
    get pid() {
      return process.pid;
    },
    close: process.close,
  };
};

/** Asks the running wallets over their control socket; its Faults are `askControlSocket`'s. */
export const askWallets = (
  path: string,
  request: WalletRequest,
  withinMs = 5_000,
): Promise<ControlAnswer | Fault> => askControlSocket(path, 'wallet host', request, withinMs);
