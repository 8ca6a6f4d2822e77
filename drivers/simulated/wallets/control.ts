import {
  type Control,
  type ControlAnswer,
  natural,
  openControlSocket,
  word,
  wrong,
} from '../process/control-socket.ts';
import { isWalletName, type WalletName, walletNames } from './entries.ts';
import { faults, faultTargets, isFaultName, isFaultTarget } from './faults.ts';
import { isProblem } from './orders.ts';
import { isShopper, shoppers } from './shoppers.ts';
import type { Wallet, Wallets } from './wallets.ts';

/** A request on the control socket, one a line as JSON. */
export type WalletRequest =
  | { readonly op: 'status' | 'faults' | 'shoppers' | 'normal' }
  | { readonly op: 'absent' | 'present'; readonly wallet: string }
  | { readonly op: 'slow'; readonly wallet: string; readonly ms: number }
  /** A shopper opens the wallet: a code to scan, and digits where there are some. */
  | { readonly op: 'code'; readonly wallet: string; readonly shopper?: string }
  /** A phone scans what our display shows (the latest unless stated), or its digits are typed. */
  | {
      readonly op: 'scan';
      readonly wallet: string;
      readonly content?: string;
      readonly shopper?: string;
    }
  /** The shopper enters the password, or doesn't; of the order that waits for it. */
  | { readonly op: 'confirm' | 'decline'; readonly wallet: string; readonly order?: string }
  | { readonly op: 'ledger'; readonly wallet: string; readonly last?: number }
  | {
      readonly op: 'fault';
      readonly wallet: string;
      readonly name: string;
      readonly times?: number;
      readonly lateMs?: number;
      readonly on?: string;
    };

/** Opens the control socket; only this user can connect to it. */
export const openWalletControl = (path: string, wallets: Wallets): Promise<Control> =>
  openControlSocket(path, 'wallet host', (request) => actOnWallets(request, wallets));

/** What a control request does; its answer has no code but the one that was asked for. */
export const actOnWallets = async (
  request: Readonly<Record<string, unknown>>,
  { wallets }: Pick<Wallets, 'wallets'>,
): Promise<ControlAnswer> => {
  const { op, wallet: name } = request;
  if (op === 'faults') return { ok: true, faults: meanings, on: faultTargets };
  if (op === 'shoppers') return { ok: true, shoppers };
  if (op === 'normal') await Promise.all(walletNames.map((one) => normal(wallets[one])));
  if (op === 'normal' || op === 'status') {
    const statusOfAll = walletNames.map((one) => [one, statusOf(wallets[one])]);
    return { ok: true, ...Object.fromEntries(statusOfAll) };
  }
  if (!isWalletName(name)) return wrong(`wallet is one of ${walletNames}`);
  const wallet = wallets[name];
  return shopperActs.has(op)
    ? await actAsShopper(request, name, wallet)
    : await actAsHost(request, wallet);
};

const shopperActs: ReadonlySet<unknown> = new Set(['code', 'scan', 'confirm', 'decline']);

const actAsShopper = async (
  request: Readonly<Record<string, unknown>>,
  name: WalletName,
  { books }: Wallet,
): Promise<ControlAnswer> => {
  const { op, shopper = 'quick', content, order } = request;
  if (!isShopper(shopper)) return wrong(`shopper is one of ${Object.keys(shoppers)}`);
  if (op === 'code') return { ok: true, wallet: name, shopper, ...(await books.issue(shopper)) };
  if (op === 'scan') {
    const seen = content === undefined ? books.shown() : word(content);
    const scanned = await books.scan(seen ?? '', shopper);
    if (isProblem(scanned)) return wrong(`the phone says no: ${scanned.problem}`);
    // Who needs no password has no more to do than to scan.
    const quick = scanned.amountMinor <= shoppers[shopper].withoutPasswordMinor;
    const done = quick ? await books.confirm(scanned.orderId) : scanned;
    return isProblem(done) ? wrong(done.problem) : { ok: true, order: done };
  }
  const orderId = word(order) ?? books.awaiting()?.orderId;
  if (orderId === undefined) return wrong('no order waits for its shopper');
  const done = await (op === 'confirm' ? books.confirm(orderId) : books.decline(orderId));
  return isProblem(done) ? wrong(`order ${orderId} does not wait`) : { ok: true, order: done };
};

const actAsHost = async (
  request: Readonly<Record<string, unknown>>,
  { ledger, web, ...wallet }: Wallet,
): Promise<ControlAnswer> => {
  const { op, name, on = 'any', times, lateMs, ms, last } = request;
  switch (op) {
    case 'ledger':
      return { ok: true, entries: ledger.last(natural(last) ?? 10) };
    case 'absent':
      await web.absent();
      break;
    case 'present':
      await web.present();
      break;
    case 'slow':
      web.mood.slowMs = natural(ms) ?? 0;
      break;
    case 'fault':
      if (!isFaultName(name)) return wrong(`fault: name is one of ${Object.keys(faults)}`);
      if (!isFaultTarget(on)) return wrong(`fault: on is one of ${faultTargets}`);
      web.mood.lateMs = natural(lateMs) ?? 20_000;
      web.plan.order({ name, on, times: natural(times) ?? 1 });
      break;
    default:
      return wrong(`op ${String(op)} is not known`);
  }
  return { ok: true, ...statusOf({ ledger, web, ...wallet }) };
};

const normal = async ({ web }: Wallet): Promise<void> => {
  web.mood.slowMs = 0;
  web.plan.order(undefined);
  await web.present();
};

const statusOf = ({ web, ledger }: Wallet) => ({
  port: web.port,
  present: web.listening(),
  slowMs: web.mood.slowMs,
  nextFault: web.plan.next(),
  orders: ledger.orders().length,
  damagedLines: ledger.damagedLines,
});

const meanings = Object.fromEntries(
  Object.entries(faults).map(([name, { meaning }]) => [name, meaning]),
);
