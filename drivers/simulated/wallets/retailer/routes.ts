import type { Books } from '../books.ts';
import type { BookedRefund, Order } from '../entries.ts';
import type { FaultTarget } from '../faults.ts';
import { isProblem, type Problem, type Wanted } from '../orders.ts';
import { shoppers } from '../shoppers.ts';

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Route {
  readonly on: FaultTarget;
  readonly act: (books: Books, body: string, nowMs: number) => Promise<Reply>;
}

/** What a request is about; one that is about nothing gets 404. */
export const routeOf = (method: string, target: string): Route => {
  for (const { verb, path, on, act } of ROUTES) {
    const match = verb === method ? path.exec(target) : null;
    if (match === null) continue;
    const [, orderId = '', refundId = ''] = match;
    return {
      on,
      act: async (books, body, nowMs) => {
        try {
          return await act({ books, orderId, refundId, nowMs, content: contentOf(body) });
        } catch (error) {
          return problem(400, 'malformed', error instanceof Error ? error.message : '');
        }
      },
    };
  }
  return { on: 'any', act: async () => problem(404, 'no-such-path', 'nothing is served here') };
};

export const problem = (status: number, code: string, detail: string): Reply => ({
  status,
  body: { code, detail },
});

interface Asked {
  readonly books: Books;
  readonly orderId: string;
  readonly refundId: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
}

interface Row {
  readonly verb: string;
  readonly path: RegExp;
  readonly on: FaultTarget;
  readonly act: (asked: Asked) => Promise<Reply>;
}

const ORDER = '^/v1/orders/([0-9A-F]{12})';
const REFUND = `${ORDER}/refunds/([A-Za-z0-9-]{1,32})$`;

const ROUTES: readonly Row[] = [
  {
    verb: 'PUT',
    path: new RegExp(`${ORDER}/payment$`),
    on: 'pay',
    act: async (asked) => {
      const token = text(asked.content, 'token', 40);
      return told(await asked.books.pay(wantedOf(asked), token));
    },
  },
  {
    verb: 'PUT',
    path: new RegExp(`${ORDER}/code$`),
    on: 'present',
    act: async (asked) => told(await asked.books.present(wantedOf(asked))),
  },
  {
    verb: 'GET',
    path: new RegExp(`${ORDER}$`),
    on: 'query',
    act: async ({ books, orderId }) => told(await books.find(orderId)),
  },
  {
    verb: 'POST',
    path: new RegExp(`${ORDER}/cancellation$`),
    on: 'cancel',
    act: async ({ books, orderId }) => told(await books.cancel(orderId)),
  },
  {
    verb: 'PUT',
    path: new RegExp(REFUND),
    on: 'refund',
    act: async (asked) => {
      const { books, orderId, refundId, content } = asked;
      const order = await books.find(orderId);
      if (isProblem(order)) return told(order);
      if (whole(content, 'currency') !== order.currency) return told({ problem: 'differs' });
      const refund = await books.refund(orderId, refundId, whole(content, 'amountMinor'));
      return isProblem(refund) ? told(refund) : refundReply(order, refund);
    },
  },
  {
    verb: 'GET',
    path: new RegExp(REFUND),
    on: 'findRefund',
    act: async ({ books, orderId, refundId }) => {
      const order = await books.find(orderId);
      if (isProblem(order)) return told(order);
      const refund = order.refunds.find((one) => one.refundId === refundId);
      return refund === undefined ? told({ problem: 'notFound' }) : refundReply(order, refund);
    },
  },
];

const told = (order: Order | Problem): Reply =>
  isProblem(order) ? PROBLEMS[order.problem] : { status: 200, body: orderBody(order) };

const PROBLEMS: Readonly<Record<Problem['problem'], Reply>> = {
  notFound: problem(404, 'not-found', 'the host knows nothing under this id'),
  differs: problem(409, 'differs', 'there is one under this id, with another amount or name'),
  codeUnknown: problem(409, 'token-unknown', 'nobody was given this token'),
  codeUsed: problem(409, 'token-used', 'this token has paid before'),
  codeExpired: problem(409, 'token-expired', 'this token was too old'),
  notPaid: problem(409, 'not-paid', 'the order is not paid'),
  tooMuch: problem(409, 'too-much', 'more than is left of the payment'),
  notCancellable: problem(409, 'not-cancellable', 'part of it was refunded'),
};

const STATUS = {
  open: 'open',
  awaiting: 'awaiting-confirmation',
  paid: 'paid',
  refused: 'refused',
  closed: 'cancelled',
} as const;

const orderBody = (order: Order): Readonly<Record<string, unknown>> => ({
  orderId: order.orderId,
  status: STATUS[order.status],
  amountMinor: order.amountMinor,
  currency: order.currency,
  subject: order.subject,
  expiresAt: new Date(order.expiresAtMs).toISOString(),
  ...(order.content === undefined
    ? {}
    : { code: { content: order.content, digits: order.digits ?? '' } }),
  ...(order.payment === undefined ? {} : { payment: paymentBody(order) }),
  ...(order.refusal === undefined ? {} : { refusal: order.refusal }),
  refundedMinor: order.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
});

const paymentBody = ({ payment, reference, shopper }: Order) => ({
  reference,
  paidMinor: payment?.paidMinor ?? 0,
  offers:
    payment?.offer === undefined
      ? []
      : [{ name: payment.offer.name, amountMinor: payment.offer.minor }],
  pointsUsed: payment?.pointsUsed ?? 0,
  pointsMinor: payment?.pointsUsed ?? 0,
  pointsEarned: payment?.pointsEarned ?? 0,
  account:
    shopper === undefined ? '' : `bank account ending ${shoppers[shopper].account.slice(-4)}`,
  paidAt: payment?.at ?? '',
});

const refundReply = ({ orderId, currency }: Order, refund: BookedRefund): Reply => ({
  status: 200,
  body: { orderId, ...refund, currency },
});

const wantedOf = ({ orderId, content, nowMs }: Asked): Wanted => {
  const untilMs = nowMs + whole(content, 'validForMs');
  return {
    orderId,
    amountMinor: whole(content, 'amountMinor'),
    currency: whole(content, 'currency'),
    subject: text(content, 'subject', 40),
    expiresAtMs: untilMs,
    codeUntilMs: untilMs,
  };
};

const contentOf = (body: string): Readonly<Record<string, unknown>> => {
  if (body === '') return {};
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null) throw new Error('an object is expected');
  return { ...value };
};

const text = (content: Asked['content'], name: string, longest: number): string => {
  const value = content[name];
  if (typeof value === 'string' && value !== '' && value.length <= longest) return value;
  throw new Error(`${name}: text of 1 to ${longest} characters is expected`);
};

const whole = (content: Asked['content'], name: string): number => {
  const value = content[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name}: a whole number from 1 is expected`);
};
