import { type Fault, fault } from '#ports/fault.ts';
import type {
  RefundAnswer,
  WalletAnswer,
  WalletHost,
  WalletOrder,
  WalletRefund,
} from '#ports/wallet-host.ts';

/** An order as the wallet's host has it: what it says of money is the truth. */
export interface HostOrder {
  readonly order: WalletOrder;
  paidMinor: number;
  refundedMinor: number;
  closed: boolean;
  refused: boolean;
  readonly refunds: Map<string, number>;
}

export interface WalletScript {
  /** What comes of the shopper's code. "waiting": until `confirm` is called. */
  pay: 'paid' | 'waiting' | 'refused';
  /** How the next questions go wrong, by name: booked and not answered, or never arrived. */
  faults: { question: string; how: 'lost' | 'away' }[];
  /** Nothing arrives. */
  away: boolean;
  /** Orders can't be cancelled any more: another day. */
  lateForCancel: boolean;
  discountMinor: number;
}

export interface ScriptedWallet {
  readonly host: WalletHost;
  readonly script: WalletScript;
  readonly orders: Map<string, HostOrder>;
  /** "pay 0123", in order. */
  readonly asked: string[];
  /** The shopper says yes, or scans our code: pays every order that waits. */
  confirm(): void;
  /** What the shop holds of the shopper's money. */
  heldMinor(): number;
}

export interface ScriptedOptions {
  readonly name?: string;
  readonly presents?: WalletHost['presents'];
  /** Resolves after the host's time: how long a question takes. */
  readonly takes?: () => Promise<void>;
}

/** A wallet's host that keeps a ledger, and does to questions what a script says. */
export const scriptedWallet = (options: ScriptedOptions = {}): ScriptedWallet => {
  const { name = 'alipay', presents = { shopper: true, shop: true } } = options;
  const orders = new Map<string, HostOrder>();
  const asked: string[] = [];
  const script: WalletScript = {
    ...{ pay: 'paid', faults: [], away: false, lateForCancel: false, discountMinor: 0 },
  };
  const { opened, stateOf, cancelled, given } = ledgerOf(orders, script);
  const asks = async <Answer>(
    question: string,
    id: string,
    work: () => Answer,
  ): Promise<Answer | Fault> => {
    asked.push(`${question} ${id}`);
    await options.takes?.();
    const at = script.faults.findIndex((one) => one.question === question);
    const [broken] = at < 0 ? [] : script.faults.splice(at, 1);
    if (script.away || broken?.how === 'away') return fault('linkDown', 'no way to the wallet');
    const answer = work();
    return broken === undefined ? answer : fault('timeout', 'no answer from the wallet');
  };
  const host: WalletHost = {
    ...{ name, title: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, presents },
    polling: { firstAfterMs: 5_000, everyMs: 3_000 },
    unknownForMs: 0,
    prepare: () => {},
    pay: (order) =>
      asks('pay', order.orderId, () => {
        const one = opened(order);
        if (script.pay === 'refused') one.refused = true;
        if (script.pay === 'paid' && !one.closed) one.paidMinor = order.amountMinor;
        return stateOf(order.orderId);
      }),
    present: (order) =>
      asks('present', order.orderId, () => {
        opened(order);
        return { content: `https://qr.example/${order.orderId}`, digits: '1234 5678' };
      }),
    query: (id) => asks('query', id, () => stateOf(id)),
    cancel: (id) => asks('cancel', id, () => cancelled(id)),
    refund: (refund) => asks('refund', refund.orderId, () => given(refund)),
    findRefund: ({ orderId, refundId }) =>
      asks('findRefund', orderId, () =>
        orders.get(orderId)?.refunds.has(refundId) === true
          ? { status: 'refunded' as const, reference: `R${refundId}` }
          : { status: 'unknown' as const },
      ),
    close: async () => {},
  };
  return {
    ...{ host, script, orders, asked },
    confirm: () => {
      for (const one of orders.values()) {
        if (!one.closed && !one.refused) one.paidMinor = one.order.amountMinor;
      }
    },
    heldMinor: () =>
      [...orders.values()].reduce((sum, one) => sum + one.paidMinor - one.refundedMinor, 0),
  };
};

const paid = (one: HostOrder, discountMinor: number): WalletAnswer => ({
  status: 'paid',
  reference: `W${one.order.orderId}`,
  paidMinor: one.paidMinor - discountMinor,
  ...(discountMinor === 0 ? {} : { discountMinor, notes: ['2 points'] }),
  payer: 'a***@example.com',
});

/** What the host books, and what it says of it. */
const ledgerOf = (orders: Map<string, HostOrder>, script: WalletScript) => {
  const opened = (order: WalletOrder): HostOrder => {
    const known = orders.get(order.orderId);
    if (known !== undefined) return known;
    const fresh = { order, paidMinor: 0, refundedMinor: 0, closed: false, refused: false };
    const one: HostOrder = { ...fresh, refunds: new Map() };
    orders.set(order.orderId, one);
    return one;
  };
  const stateOf = (id: string): WalletAnswer => {
    const one = orders.get(id);
    if (one === undefined) return { status: 'unknown' };
    if (one.closed) return { status: 'cancelled' };
    if (one.refused) return { status: 'refused', code: 'FUNDS', detail: 'not enough money' };
    return one.paidMinor > 0
      ? paid(one, script.discountMinor)
      : { status: 'waiting', detail: 'the shopper is to confirm' };
  };
  const cancelled = (id: string) => {
    const one = orders.get(id);
    if (one === undefined) return { status: 'unknown' } as const;
    if (script.lateForCancel) {
      return { status: 'refused', code: 'LATE', detail: 'too late' } as const;
    }
    one.closed = true;
    one.refundedMinor = one.paidMinor;
    return { status: 'cancelled' } as const;
  };
  const given = ({ orderId, refundId, amountMinor }: WalletRefund): RefundAnswer => {
    const one = orders.get(orderId);
    if (one === undefined) return { status: 'unknown' };
    if (!one.refunds.has(refundId)) {
      if (one.refundedMinor + amountMinor > one.order.amountMinor) {
        return { status: 'refused', code: 'MUCH', detail: 'more than was paid' };
      }
      one.refunds.set(refundId, amountMinor);
      one.refundedMinor += amountMinor;
    }
    return { status: 'refunded', reference: `R${refundId}` };
  };
  return { opened, stateOf, cancelled, given };
};
