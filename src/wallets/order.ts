import { type PaymentRecord, priceOf, type WalletOnRecord } from '#payment/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { PresentedCode, WalletAnswer, WalletOrder } from '#ports/wallet-host.ts';
import { isShort, paidWith, pause, within } from './ask.ts';
import { closeOrder } from './close.ts';
import type { Closing, OrderAsked, OrderEnd, OrderWatch, WalletsParts } from './types.ts';

/** See Wallets.order. */
export const takeOrder = async (
  asked: OrderAsked,
  watch: OrderWatch,
  parts: WalletsParts,
): Promise<OrderEnd> => {
  const { books, log } = parts;
  const { host, orderId } = asked;
  const wallet = walletOf(asked, books.nextStan());
  // Written before it is asked: from here on a crash finds out what came of it.
  const patch = { wallet, ...priceOf(asked.record) };
  const record = await books.note(asked.record, 'asked', patch);
  if (isFault(record)) return { end: 'unsent', record: asked.record, fault: record };
  const { amountMinor, currency } = record;
  log.info(
    { payment: record.id, wallet: host.name, orderId, amountMinor, currency },
    'wallet asked',
  );
  const end = await follow({ asked, watch, parts, record, wallet });
  log.info({ payment: record.id, wallet: host.name, ...onLog(end) }, 'the wallet has answered');
  return end;
};

const onLog = (end: OrderEnd) => ({
  end: end.end,
  ...('why' in end ? { why: end.why } : {}),
  ...('detail' in end ? { detail: end.detail } : {}),
});

const walletOf = ({ record, host, code, typed, orderId }: OrderAsked, stan: number) =>
  ({
    name: host.name,
    title: host.title,
    way: code === undefined ? 'shopCode' : typed === true ? 'typed' : 'shopperCode',
    ...(orderId === record.id ? {} : { orderId }),
    trace: stan.toString().padStart(6, '0'),
  }) as const satisfies WalletOnRecord;

/** An order that is written. */
interface Order {
  readonly asked: OrderAsked;
  readonly watch: OrderWatch;
  readonly parts: WalletsParts;
  readonly record: PaymentRecord;
  readonly wallet: WalletOnRecord;
}

/** Asks, and asks again as the wallet's plan says, until it is known or the time is over. */
const follow = async (order: Order): Promise<OrderEnd> => {
  const { asked, watch, parts } = order;
  const { clock, config } = parts;
  const { polling } = asked.host;
  const untilMs = clock.monotonicMs() + config.payWithinMs;
  let { answer, shown } = await begin(order, untilMs);
  let begun = 1;
  for (let queries = 0; ; queries++) {
    const known = endOf(order, answer);
    if (known !== undefined) return known;
    if (watch.signal.aborted) return closed(order, 'cancelled', 'cancelled');
    if (watch.leave.aborted) return left(order);
    const leftMs = untilMs - clock.monotonicMs();
    // Without our code on the display nobody can pay; and a host that never heard of a payment is
    // told again: under the same id it books nothing twice.
    const again =
      asked.code === undefined ? !shown : !isFault(answer) && answer.status === 'unknown';
    if (leftMs <= 0 || (again && begun >= BEGIN_AT_MOST)) return tooLate(order, answer, shown);
    if (!isFault(answer) && answer.status === 'waiting' && asked.code !== undefined) {
      watch.onStep({ step: 'confirm', untilMs });
    }
    const planMs = queries === 0 ? polling.firstAfterMs : polling.everyMs;
    await pause(clock, Math.min(again ? AGAIN_MS : planMs, leftMs), watch.signal, watch.leave);
    if (watch.signal.aborted || watch.leave.aborted) continue;
    if (again) begun += 1;
    if (again) ({ answer, shown } = await begin(order, untilMs));
    else answer = await query(order);
  }
};

const BEGIN_AT_MOST = 3;
const AGAIN_MS = 1_000;

interface Begun {
  readonly answer: WalletAnswer | Fault;
  /** Our code is on the display. */
  readonly shown: boolean;
}

/** Hands the shopper's code over, or fetches ours and shows it. */
const begin = async (
  { asked: { host, code, orderId }, watch, parts, record }: Order,
  untilMs: number,
): Promise<Begun> => {
  const { clock, config } = parts;
  const validForMs = Math.max(1_000, Math.round(untilMs - clock.monotonicMs()));
  const { amountMinor, currency } = record;
  const { subject } = config;
  const order: WalletOrder = { orderId, amountMinor, currency, subject, validForMs };
  watch.onStep({ step: 'asking' });
  if (code !== undefined) {
    const pay = (ms: number) => host.pay(order, code, ms);
    return { answer: await within(clock, config.answerWithinMs, pay), shown: false };
  }
  const present = (ms: number) => host.present(order, ms);
  const code2d = await within<PresentedCode | WalletAnswer>(clock, config.answerWithinMs, present);
  if (isFault(code2d) || 'status' in code2d) return { answer: code2d, shown: false };
  watch.onStep({ step: 'present', code: code2d, untilMs });
  return { answer: { status: 'waiting', detail: 'our code is to be scanned' }, shown: true };
};

const query = ({ asked: { host, orderId }, parts }: Order): Promise<WalletAnswer | Fault> =>
  within(parts.clock, parts.config.answerWithinMs, (ms) => host.query(orderId, ms));

/** Undefined while nothing is known for good. */
const endOf = (order: Order, answer: WalletAnswer | Fault): OrderEnd | undefined => {
  const { record, wallet, parts } = order;
  if (isFault(answer)) {
    parts.log.warn({ payment: record.id, problem: answer }, 'no answer from the wallet');
    return undefined;
  }
  switch (answer.status) {
    case 'paid': {
      const detail = 'less was paid than was asked for';
      return isShort(answer, record.amountMinor)
        ? { end: 'open', record, why: 'short', detail }
        : { end: 'paid', record, paid: answer, wallet: paidWith(wallet, answer) };
    }
    case 'refused':
      return { end: 'refused', record, code: answer.code, detail: answer.detail };
    case 'cancelled':
      return { end: 'refused', record, code: 'closed', detail: 'the wallet closed the order' };
    default:
      return undefined;
  }
};

// What the shopper has paid by now is paid, whatever he would have liked better.
const left = async (order: Order): Promise<OrderEnd> =>
  endOf(order, await query(order)) ?? closed(order, 'otherWay', 'paid in another way');

const tooLate = async (
  order: Order,
  last: WalletAnswer | Fault,
  shown: boolean,
): Promise<OrderEnd> => {
  const end = endOf(order, await query(order));
  if (end !== undefined) return end;
  // Some wallets know nothing of an order before the shopper has scanned it.
  const waited = shown || (!isFault(last) && last.status === 'waiting');
  if (waited) return closed(order, 'timedOut', 'nobody paid');
  const { detail } = isFault(last) ? last : { detail: 'the wallet does not know the order' };
  return closed(order, 'noAnswer', detail);
};

const closed = async (order: Order, why: Closing, detail: string): Promise<OrderEnd> => {
  const { asked, parts, record } = order;
  const proof = await closeOrder(asked.host, asked.orderId, parts);
  if (proof === undefined) return { end: 'open', record, why, detail };
  if (proof === 'closed') return { end: 'closed', record, why, detail };
  return endOf(order, proof) ?? { end: 'open', record, why, detail };
};
