import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { RefundAnswer, WalletAnswer, WalletHost, WalletRefund } from '#ports/wallet-host.ts';
import {
  answerOf,
  codeOf,
  isProblem,
  type Problem,
  readOrder,
  readRefund,
  refundOf,
  refusedFor,
  troubled,
  type Wanted,
} from './answers.ts';
import { createExchange, type Exchange, type Question } from './exchange.ts';
import { type KeyPaths, readKeys } from './keys.ts';

export interface RetailerWalletOptions extends KeyPaths {
  /** As decisions and configuration name it. */
  readonly name: string;
  /** As shoppers know it. */
  readonly title: string;
  /** https://wallet.shop.example/v1 */
  readonly baseUrl: string;
  readonly merchantId: string;
  readonly keyId: string;
  /** PEM file of the authority behind the host's certificate, if it is none of the public ones. */
  readonly authorityPath?: string;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/**
 * The retailer's own wallet as a wallet's host: docs/retailer-wallet.openapi.yaml. Fault `keys`
 * when a key can't be used.
 */
export const createRetailerWalletHost = (options: RetailerWalletOptions): WalletHost | Fault => {
  const keys = readKeys(options);
  if (isFault(keys)) return keys;
  const { name, title, merchantId, keyId } = options;
  const exchange = createExchange({ ...options, keys, identity: { merchantId, keyId } });
  return {
    name,
    title,
    presents: { shopper: true, shop: true },
    polling: { firstAfterMs: 2_000, everyMs: 2_000 },
    unknownForMs: 0,
    prepare: () => exchange.prepare(),
    pay: async (order, token, deadlineMs) => {
      const { orderId, ...wanted } = order;
      const question = { ...put(`${pathOf(orderId)}/payment`), content: { ...wanted, token } };
      return told(await orderFrom(exchange, question, order, deadlineMs));
    },
    present: async (order, deadlineMs) => {
      const { orderId, ...wanted } = order;
      const question = { ...put(`${pathOf(orderId)}/code`), content: wanted };
      const known = await orderFrom(exchange, question, order, deadlineMs);
      if (isFault(known)) return known;
      if (isProblem(known)) return troubled(known);
      if (known.status === 'refused') return refusedFor(known.refusal ?? CLOSED);
      if (known.status === 'cancelled') return refusedFor(CLOSED);
      return codeOf(known) ?? fault('protocol', "the wallet host's answer has no code to show");
    },
    query: async (orderId, deadlineMs) =>
      told(await orderFrom(exchange, get(pathOf(orderId)), { orderId }, deadlineMs)),
    cancel: async (orderId, deadlineMs) => {
      const question: Question = { method: 'POST', path: `${pathOf(orderId)}/cancellation` };
      const known = await orderFrom(exchange, question, { orderId }, deadlineMs);
      if (isFault(known)) return known;
      if (!isProblem(known)) {
        return known.status === 'cancelled'
          ? { status: 'cancelled' }
          : fault('protocol', 'the wallet host was asked to cancel, and says neither yes nor no');
      }
      if (known.status === 404 && known.code === 'not-found') return { status: 'unknown' };
      return known.code === 'not-cancellable' ? refusedFor(known) : troubled(known);
    },
    refund: (refund, deadlineMs) => {
      const { amountMinor, currency } = refund;
      const question = { ...put(refundPath(refund)), content: { amountMinor, currency } };
      return refundFrom(exchange, question, refund, deadlineMs);
    },
    findRefund: (refund, deadlineMs) =>
      refundFrom(exchange, get(refundPath(refund)), refund, deadlineMs),
    close: async () => exchange.close(),
  };
};

const CLOSED = { code: 'closed', detail: 'the order is closed' } as const;

const put = (path: string): Question => ({ method: 'PUT', path });
const get = (path: string): Question => ({ method: 'GET', path });

const pathOf = (orderId: string): string => `/orders/${encodeURIComponent(orderId)}`;

const refundPath = ({ orderId, refundId }: WalletRefund): string =>
  `${pathOf(orderId)}/refunds/${encodeURIComponent(refundId)}`;

const orderFrom = async (
  exchange: Exchange,
  question: Question,
  { orderId, amountMinor, currency }: Wanted,
  deadlineMs: number,
) => {
  const exchanged = await exchange.ask(question, deadlineMs);
  if (isFault(exchanged)) return exchanged;
  const amount = amountMinor === undefined ? {} : { amountMinor };
  return readOrder(exchanged, {
    orderId,
    ...amount,
    ...(currency === undefined ? {} : { currency }),
  });
};

const told = (known: Awaited<ReturnType<typeof orderFrom>>): WalletAnswer | Fault => {
  if (isFault(known)) return known;
  if (!isProblem(known)) return answerOf(known);
  return known.status === 404 && known.code === 'not-found'
    ? { status: 'unknown' }
    : troubled(known);
};

const refundFrom = async (
  exchange: Exchange,
  question: Question,
  refund: WalletRefund,
  deadlineMs: number,
): Promise<RefundAnswer | Fault> => {
  const exchanged = await exchange.ask(question, deadlineMs);
  if (isFault(exchanged)) return exchanged;
  const known = readRefund(exchanged, refund);
  if (isFault(known)) return known;
  if (!isProblem(known)) return refundOf(known);
  if (known.status === 404 && known.code === 'not-found') return { status: 'unknown' };
  return REFUSALS.has(known.code) ? refusedRefund(known) : troubled(known);
};

const refusedRefund = (problem: Problem): RefundAnswer => refusedFor(problem);

/** What no repeat of the refund changes. */
const REFUSALS: ReadonlySet<string> = new Set(['not-paid', 'too-much', 'differs']);
