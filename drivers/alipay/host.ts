import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { WalletAnswer, WalletHost, WalletOrder } from '#ports/wallet-host.ts';
import { judge, notPassedOn, paid, refused, unsure } from './answers.ts';
import { createGateway, type Gateway, type GatewayAnswer } from './gateway.ts';
import { type KeyPaths, readKeys } from './keys.ts';
import { currencyFields, toDecimal } from './money.ts';
import { createRefunds } from './refunds.ts';
import { type ShownCodes, shownCodes } from './shown-codes.ts';

export interface AlipayOptions extends KeyPaths {
  readonly appId: string;
  /** https://openapi.alipay.com/gateway.do, or a sandbox's. */
  readonly gateway: string;
  /** ISO 4217 numeric: of amounts in answers that name none. */
  readonly currency: number;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/** Alipay as a wallet's host, through the official SDK. Fault `keys` when a key can't be used. */
export const createAlipayHost = (options: AlipayOptions): WalletHost | Fault => {
  const keys = readKeys(options);
  if (isFault(keys)) return keys;
  const { appId, gateway: address } = options;
  const gateway = createGateway({ appId, gateway: address, keys });
  const desk: Desk = {
    gateway,
    shown: shownCodes(options.wallMs),
    uncertain: new Set(),
    currency: options.currency,
  };
  return {
    name: 'alipay',
    title: 'Alipay',
    presents: { shopper: true, shop: true },
    polling: { firstAfterMs: 5_000, everyMs: 3_000 },
    // Two minutes for a code; a payment may show one some time after it began.
    unknownForMs: 600_000,
    prepare: () => gateway.prepare(),
    pay: (order, code, deadlineMs) => remembered(desk, order, pay(desk, order, code, deadlineMs)),
    present: (order, deadlineMs) => remembered(desk, order, present(desk, order, deadlineMs)),
    query: (orderId, deadlineMs) => query(desk, orderId, deadlineMs),
    cancel: (orderId, deadlineMs) => cancel(desk, orderId, deadlineMs),
    ...createRefunds(gateway),
    close: async () => undefined,
  };
};

interface Desk {
  readonly gateway: Gateway;
  readonly shown: ShownCodes;
  /** Orders that were asked for, without a word on what became of them. */
  readonly uncertain: Set<string>;
  readonly currency: number;
}

const remembered = async <Answer extends object>(
  { uncertain }: Desk,
  { orderId }: WalletOrder,
  answer: Promise<Answer | Fault>,
): Promise<Answer | Fault> => {
  const result = await answer;
  if (isFault(result)) uncertain.add(orderId);
  else uncertain.delete(orderId);
  return result;
};

const pay = async (
  desk: Desk,
  order: WalletOrder,
  code: string,
  deadlineMs: number,
): Promise<WalletAnswer | Fault> => {
  const startedMs = performance.now();
  const content = { ...contentOf(order), scene: 'bar_code', auth_code: code };
  const answer = await desk.gateway.ask('alipay.trade.pay', content, deadlineMs);
  if (isFault(answer)) return answer;
  switch (judge(answer)) {
    case 'done':
      return paid(answer, order.currency, order.amountMinor);
    case 'waiting':
      return { status: 'waiting', detail: 'the shopper has to enter the password' };
    case 'refused':
      return refusal(desk, order.orderId, answer);
    case 'ask':
      return await query(desk, order.orderId, deadlineMs - (performance.now() - startedMs), order);
    case 'notPassedOn':
      return turnedAway(desk, order.orderId, answer);
    default:
      return unsure(answer);
  }
};

const present = async (desk: Desk, order: WalletOrder, deadlineMs: number) => {
  const minutes = minutesOf(order.validForMs);
  // timeout_express begins when a phone has scanned the code; until then it is the code's own time.
  const content = { ...contentOf(order), qr_code_timeout_express: `${minutes}m` };
  const answer = await desk.gateway.ask('alipay.trade.precreate', content, deadlineMs);
  if (isFault(answer)) return answer;
  switch (judge(answer)) {
    case 'done': {
      const { qr_code: code } = answer;
      if (typeof code !== 'string') {
        return fault('protocol', "Alipay's answer to alipay.trade.precreate has no code");
      }
      // Alipay's own clock began before ours.
      desk.shown.note(order.orderId, minutes * 60_000);
      return { content: code };
    }
    case 'refused':
      return refused(answer);
    case 'notPassedOn':
      return turnedAway(desk, order.orderId, answer);
    default:
      return unsure(answer);
  }
};

const query = async (
  { gateway, shown, currency }: Desk,
  orderId: string,
  deadlineMs: number,
  order?: WalletOrder,
): Promise<WalletAnswer | Fault> => {
  const content = { out_trade_no: orderId };
  const answer = await gateway.ask('alipay.trade.query', content, Math.max(1, deadlineMs));
  if (isFault(answer)) return answer;
  const verdict = judge(answer);
  if (verdict === 'notPassedOn') return notPassedOn(answer);
  // There is no trade before a phone has scanned the code: that is no reason to forget the order.
  if (verdict === 'unknown') {
    return shown.live(orderId)
      ? { status: 'waiting', detail: 'the code has not been scanned yet' }
      : { status: 'unknown' };
  }
  if (verdict !== 'done') return unsure(answer);
  switch (answer['trade_status']) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return paid(answer, order?.currency ?? currency, order?.amountMinor);
    case 'TRADE_CLOSED':
      return { status: 'cancelled' };
    case 'WAIT_BUYER_PAY':
      return { status: 'waiting', detail: 'the shopper has to confirm in the wallet' };
    default:
      return fault('protocol', 'Alipay names a state of the order that it has not');
  }
};

const cancel = async ({ gateway, shown }: Desk, orderId: string, deadlineMs: number) => {
  const content = { out_trade_no: orderId };
  const answer = await gateway.ask('alipay.trade.cancel', content, deadlineMs);
  if (isFault(answer)) return answer;
  const { action, retry_flag: again } = answer;
  const verdict = judge(answer);
  if (verdict === 'notPassedOn') return notPassedOn(answer);
  if (verdict === 'refused') return refused(answer);
  const none = verdict === 'unknown' || (verdict === 'done' && action === undefined);
  if (none && again !== 'Y') {
    return shown.live(orderId)
      ? fault('protocol', 'Alipay has no trade to cancel yet, and the code can still be scanned')
      : { status: 'unknown' as const };
  }
  if (verdict !== 'done' || again === 'Y') return unsure(answer);
  // "close": it was not paid; "refund": it was, and the money went back.
  if (action !== 'close' && action !== 'refund') return unsure(answer);
  shown.forget(orderId);
  return { status: 'cancelled' as const };
};

// While a code of ours can be scanned for the same order, a refused code of the shopper's is not
// the end of it.
const refusal = ({ shown }: Desk, orderId: string, answer: GatewayAnswer): WalletAnswer =>
  shown.live(orderId)
    ? { status: 'waiting', detail: `${refused(answer).detail}; our code can still be scanned` }
    : refused(answer);

// Nothing was booked now. What an earlier request did, that nobody answered, it doesn't say.
const turnedAway = ({ uncertain }: Desk, orderId: string, answer: GatewayAnswer) =>
  uncertain.has(orderId) ? notPassedOn(answer) : { ...refused(answer), detail: TURNED_AWAY };

const TURNED_AWAY = "Alipay's gateway turns the terminal away: its keys or its application";

const contentOf = ({ orderId, amountMinor, currency, subject, validForMs }: WalletOrder) => ({
  out_trade_no: orderId,
  total_amount: toDecimal(amountMinor, currency),
  ...currencyFields(currency),
  subject,
  timeout_express: `${minutesOf(validForMs)}m`,
});

/** Alipay counts in whole minutes, at least one. */
const minutesOf = (ms: number): number => Math.max(1, Math.ceil(ms / 60_000));
