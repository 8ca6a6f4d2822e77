import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WalletName } from '#drivers/simulated/wallets/entries.ts';
import { isFault } from '#ports/fault.ts';
import type { WalletAnswer, WalletHost, WalletOrder } from '#ports/wallet-host.ts';
import { openWalletsRig, type WalletsRig } from '#test/support/simulated-wallets.ts';

export interface WalletHostWorld {
  readonly wallet: WalletName;
  /** A host that speaks to the rig. */
  readonly open: (rig: WalletsRig) => WalletHost;
}

const DEADLINE_MS = 5_000;
const EUR = 978;

/** What every wallet's host has to hold, against the simulated host of that wallet. */
export const walletHostSuite = ({ wallet, open }: WalletHostWorld): void => {
  let rig: WalletsRig;
  let host: WalletHost;
  let orders = 0;
  let order: WalletOrder;
  let shown: string[];

  beforeAll(async () => {
    rig = await openWalletsRig();
    host = open(rig);
    host.prepare();
  });
  afterAll(async () => {
    await host.close();
    await rig.close();
  });
  beforeEach(() => {
    orders += 1;
    shown = [];
    const orderId = `A${orders.toString(16).toUpperCase().padStart(11, '0')}`;
    order = {
      orderId,
      amountMinor: 2_000,
      currency: EUR,
      subject: 'Corner Shop',
      validForMs: 90_000,
    };
  });
  afterEach(async () => {
    await rig.act({ op: 'normal' });
    // A code is money: neither what the host says nor what it keeps may hold one.
    const kept = await rig.kept(wallet);
    for (const code of shown) expect(kept.includes(code)).toBe(false);
  });

  const code = async (shopper = 'quick'): Promise<string> => {
    const { code: made } = await rig.act({ op: 'code', wallet, shopper });
    shown.push(String(made));
    return String(made);
  };
  const payWith = async (shopper: string) =>
    checked(await host.pay(order, await code(shopper), DEADLINE_MS));
  const query = async () => checked(await host.query(order.orderId, DEADLINE_MS));
  const cancel = async () => await host.cancel(order.orderId, DEADLINE_MS);
  // Twice where a connection is lost: alipay-sdk asks once more by itself.
  const goWrong = (name: string, on: string, times = 1) =>
    rig.act({ op: 'fault', wallet, name, on, times, lateMs: 400 });
  // What a fault or a refusal says must not hold a code either.
  const checked = <Answer>(answer: Answer): Answer => {
    for (const one of shown) expect(JSON.stringify(answer).includes(one)).toBe(false);
    return answer;
  };
  const booked = async () => {
    const { entries } = await rig.act({ op: 'ledger', wallet, last: 1_000 });
    return (entries as { readonly event: string; readonly order: WalletOrder }[])
      .filter((entry) => entry.order.orderId === order.orderId)
      .map(({ event }) => event);
  };
  const moved = (answer: WalletAnswer | object): number =>
    'paidMinor' in answer
      ? Number(answer.paidMinor) + ('discountMinor' in answer ? Number(answer.discountMinor) : 0)
      : 0;

  describe("the shopper's code", () => {
    test('a code pays, and what was paid and given away is the amount', async () => {
      const answer = await payWith('quick');
      expect(answer).toMatchObject({
        status: 'paid',
        reference: expect.stringMatching(/^\d{28}$/),
      });
      expect(moved(answer)).toBe(order.amountMinor);
      expect(await query()).toEqual(answer);
    });

    test('a shopper who has to enter the password is waited for, and then has paid', async () => {
      expect(await payWith('careful')).toMatchObject({ status: 'waiting' });
      expect(await query()).toMatchObject({ status: 'waiting' });
      await rig.act({ op: 'confirm', wallet });
      expect(await query()).toMatchObject({ status: 'paid' });
    });

    test('a shopper who says no to the password has not paid', async () => {
      await payWith('careful');
      await rig.act({ op: 'decline', wallet });
      expect(((await query()) as WalletAnswer).status).toMatch(/refused|cancelled/);
    });

    test('an empty wallet is refused', async () => {
      expect(await payWith('penniless')).toMatchObject({ status: 'refused' });
    });

    test('a code pays once', async () => {
      const once = await code();
      expect(await host.pay(order, once, DEADLINE_MS)).toMatchObject({ status: 'paid' });
      const second = { ...order, orderId: `F${order.orderId.slice(1)}` };
      expect(checked(await host.pay(second, once, DEADLINE_MS))).toMatchObject({
        status: 'refused',
      });
    });

    test('a code that the phone has replaced pays nothing', async () => {
      const old = await code();
      rig.pass(121_000);
      expect(checked(await host.pay(order, old, DEADLINE_MS))).toMatchObject({ status: 'refused' });
    });

    test('asked twice under one order, it is paid once', async () => {
      const first = await payWith('quick');
      const again = await payWith('quick');
      expect(again).toEqual(first);
      expect(await booked()).toEqual(['code']);
    });

    test('a request that arrives twice is paid once', async () => {
      await goWrong('duplicate', 'pay');
      expect(await payWith('quick')).toMatchObject({ status: 'paid' });
      expect(await booked()).toEqual(['code']);
    });
  });

  describe('our code', () => {
    test('a phone scans it, the shopper confirms, and it is paid', async () => {
      const presented = await host.present(order, DEADLINE_MS);
      if (!('content' in presented)) throw new Error(JSON.stringify(presented));
      expect(await query()).toMatchObject({ status: 'waiting' });
      const { content } = presented;
      await rig.act({ op: 'scan', wallet, content, shopper: 'careful' });
      expect(await query()).toMatchObject({ status: 'waiting' });
      await rig.act({ op: 'confirm', wallet, order: order.orderId });
      const answer = await query();
      expect(answer).toMatchObject({ status: 'paid' });
      expect(moved(answer)).toBe(order.amountMinor);
    });

    test('asked for twice, it is the same code', async () => {
      const first = await host.present(order, DEADLINE_MS);
      expect(await host.present(order, DEADLINE_MS)).toEqual(first);
    });

    test('beyond its time no phone can scan it', async () => {
      const presented = await host.present(order, DEADLINE_MS);
      if (!('content' in presented)) throw new Error(JSON.stringify(presented));
      rig.pass(121_000);
      const { content } = presented;
      await expect(rig.act({ op: 'scan', wallet, content })).rejects.toThrow('codeExpired');
      expect(((await query()) as WalletAnswer).status).toMatch(/cancelled|unknown/);
    });
  });

  describe('to cancel', () => {
    test('an order that waits is closed, and the shopper can pay it no more', async () => {
      await payWith('careful');
      expect(await cancel()).toEqual({ status: 'cancelled' });
      await expect(rig.act({ op: 'confirm', wallet, order: order.orderId })).rejects.toThrow();
      expect(await query()).toEqual({ status: 'cancelled' });
    });

    test('a paid order is cancelled with its money given back, once', async () => {
      await payWith('quick');
      expect(await cancel()).toEqual({ status: 'cancelled' });
      expect(await cancel()).toEqual({ status: 'cancelled' });
      expect(await query()).toEqual({ status: 'cancelled' });
      expect(await booked()).toEqual(['code', 'cancelled']);
    });

    test('an order that the host never heard of is unknown', async () => {
      expect(await query()).toEqual({ status: 'unknown' });
      expect(await cancel()).toEqual({ status: 'unknown' });
    });

    test('an order of which part was refunded can be cancelled no more', async () => {
      await payWith('quick');
      await host.refund({ ...order, refundId: 'r1', amountMinor: 100 }, DEADLINE_MS);
      expect(await cancel()).toMatchObject({ status: 'refused' });
    });

    test('a cancel whose answer was lost is proven by the next', async () => {
      await payWith('careful');
      await goWrong('drop-after-record', 'cancel', 2);
      expect(await cancel()).toMatchObject({ fault: 'linkDown' });
      await rig.act({ op: 'normal' });
      expect(await cancel()).toEqual({ status: 'cancelled' });
    });
  });

  describe('to refund', () => {
    const refund = (refundId: string, amountMinor: number) =>
      host.refund({ orderId: order.orderId, refundId, amountMinor, currency: EUR }, DEADLINE_MS);
    const find = (refundId: string, amountMinor: number) =>
      host.findRefund(
        { orderId: order.orderId, refundId, amountMinor, currency: EUR },
        DEADLINE_MS,
      );

    test('asked twice under one number, money goes back once', async () => {
      await payWith('quick');
      const first = await refund('r1', 500);
      expect(first).toMatchObject({ status: 'refunded' });
      expect(await refund('r1', 500)).toEqual(first);
      expect(await find('r1', 500)).toEqual(first);
      expect(await booked()).toEqual(['code', 'refunded']);
    });

    test('two refunds are two, up to the payment and no further', async () => {
      await payWith('quick');
      expect(await refund('r1', 1_500)).toMatchObject({ status: 'refunded' });
      expect(await refund('r2', 500)).toMatchObject({ status: 'refunded' });
      expect(await refund('r3', 1)).toMatchObject({ status: 'refused' });
    });

    test('of an order that nobody knows, or that was never asked for, there is none', async () => {
      expect(await refund('r1', 500)).toEqual({ status: 'unknown' });
      expect(await find('r1', 500)).toEqual({ status: 'unknown' });
      await payWith('quick');
      expect(await find('r1', 500)).toEqual({ status: 'unknown' });
    });

    test('a refund whose answer was lost is found', async () => {
      await payWith('quick');
      await goWrong('silent', 'refund');
      const lost = await host.refund({ ...order, refundId: 'r1', amountMinor: 500 }, 300);
      expect(lost).toMatchObject({ fault: 'timeout' });
      expect(await find('r1', 500)).toMatchObject({ status: 'refunded' });
      expect(await booked()).toEqual(['code', 'refunded']);
    });
  });

  describe('what can go wrong is never a refusal', () => {
    const payWithin = async (ms: number) => checked(await host.pay(order, await code(), ms));

    test('silence ends at the deadline, and the query says that it was paid', async () => {
      await goWrong('silent', 'pay');
      const startedMs = performance.now();
      expect(await payWithin(300)).toMatchObject({ fault: 'timeout' });
      expect(performance.now() - startedMs).toBeLessThan(1_500);
      expect(await query()).toMatchObject({ status: 'paid' });
    });

    test('an answer that comes too late is a time-out', async () => {
      await goWrong('late', 'pay');
      expect(await payWithin(200)).toMatchObject({ fault: 'timeout' });
      expect(await query()).toMatchObject({ status: 'paid' });
    });

    test('an answer lost after it was booked is found by the query', async () => {
      await goWrong('drop-after-record', 'pay', 2);
      expect(await payWithin(DEADLINE_MS)).toMatchObject({ fault: 'linkDown' });
      expect(await query()).toMatchObject({ status: 'paid' });
    });

    test('a request lost before it was booked is unknown to the query', async () => {
      await goWrong('drop-before-record', 'pay', 2);
      expect(await payWithin(DEADLINE_MS)).toMatchObject({ fault: 'linkDown' });
      expect(await query()).toEqual({ status: 'unknown' });
    });

    test.each([
      ['a wrong signature', 'wrong-signature', /signature/],
      ['no signature', 'unsigned', /signature/],
      ["another order's answer", 'wrong-order', /another order/],
      ['another amount', 'wrong-amount', /another amount/],
      ["a proxy's page", 'garbage', /answer/],
      ['HTTP 500', 'server-error', /500/],
    ])('%s is no answer', async (_, name, words) => {
      await goWrong(name, 'pay');
      const answer = await payWithin(DEADLINE_MS);
      expect(answer).toMatchObject({ fault: 'protocol', detail: expect.stringMatching(words) });
    });

    test('half an answer is none', async () => {
      await goWrong('half-sent', 'pay', 2);
      expect(isFault(await payWithin(DEADLINE_MS))).toBe(true);
    });

    test('nobody there: the link is down, and up again when the host is back', async () => {
      await rig.act({ op: 'absent', wallet });
      expect(await payWithin(DEADLINE_MS)).toMatchObject({ fault: 'linkDown' });
      await rig.act({ op: 'present', wallet });
      expect(await payWithin(DEADLINE_MS)).toMatchObject({ status: 'paid' });
    });

    test('a host that starts again knows what was paid, and by which code', async () => {
      const once = await code();
      expect(await host.pay(order, once, DEADLINE_MS)).toMatchObject({ status: 'paid' });
      await rig.restart();
      expect(await query()).toMatchObject({ status: 'paid' });
      const second = { ...order, orderId: `E${order.orderId.slice(1)}` };
      expect(await host.pay(second, once, DEADLINE_MS)).toMatchObject({ status: 'refused' });
    });
  });
};
