import type { ShopperCode } from './codes.ts';
import { cancel, confirm, type Desk, decline, issue, pay, present, refund, scan } from './desk.ts';
import type { BookedRefund, Order, WalletName } from './entries.ts';
import type { Ledger } from './ledger.ts';
import type { Problem, Wanted } from './orders.ts';
import type { ShopperName } from './shoppers.ts';

/** The accounts of one wallet: every change is a line of its ledger before it is told. */
export interface Books {
  /** A shopper opens the wallet: a code for one payment. */
  issue(shopper: ShopperName): Promise<ShopperCode>;
  find(orderId: string): Promise<Order | Problem>;
  /** Pays with a shopper's code: an order that is there already has to be the same. */
  pay(wanted: Wanted, code: string): Promise<Order | Problem>;
  /** Gives an order a code for a phone to scan: the same when asked again. */
  present(wanted: Wanted): Promise<Order | Problem>;
  /** A shopper's phone scans our code, or its digits are typed. */
  scan(content: string, shopper: ShopperName): Promise<Order | Problem>;
  confirm(orderId: string): Promise<Order | Problem>;
  decline(orderId: string): Promise<Order | Problem>;
  cancel(orderId: string): Promise<Order | Problem>;
  refund(orderId: string, refundId: string, amountMinor: number): Promise<BookedRefund | Problem>;
  /** The order that waits for its shopper, the latest if there are several. */
  awaiting(): Order | undefined;
  /** What the code holds that was shown last and not scanned yet. */
  shown(): string | undefined;
}

export interface BooksParts {
  readonly wallet: WalletName;
  readonly ledger: Ledger;
  readonly wallMs: () => number;
}

/** One change at a time: who asks second finds what the first has done. */
export const createBooks = ({ wallet, ledger, wallMs }: BooksParts): Books => {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const mine = turn.then(act);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const at = () => new Date(wallMs()).toISOString();
  const book = async (event: string, order: Order): Promise<Order> => {
    await ledger.append({ at: at(), event, order });
    return order;
  };
  const desk: Desk = {
    wallet,
    ledger,
    wallMs,
    at,
    book,
    current: async (orderId) => {
      const order = ledger.order(orderId);
      const running = order?.status === 'open' || order?.status === 'awaiting';
      return order !== undefined && running && order.expiresAtMs <= wallMs()
        ? await book('expired', { ...order, status: 'closed' })
        : order;
    },
  };
  return {
    issue: (shopper) => inTurn(() => issue(desk, shopper)),
    find: (orderId) =>
      inTurn(async () => (await desk.current(orderId)) ?? { problem: 'notFound' as const }),
    pay: (wanted, code) => inTurn(() => pay(desk, wanted, code)),
    present: (wanted) => inTurn(() => present(desk, wanted)),
    scan: (content, shopper) => inTurn(() => scan(desk, content, shopper)),
    confirm: (orderId) => inTurn(() => confirm(desk, orderId)),
    decline: (orderId) => inTurn(() => decline(desk, orderId)),
    cancel: (orderId) => inTurn(() => cancel(desk, orderId)),
    refund: (orderId, refundId, minor) => inTurn(() => refund(desk, orderId, refundId, minor)),
    shown: () =>
      ledger.orders().findLast(({ status, content }) => status === 'open' && content)?.content,
    awaiting: () => ledger.orders().findLast(({ status }) => status === 'awaiting'),
  };
};
