import type { Books } from '../books.ts';
import type { Order } from '../entries.ts';
import type { FaultTarget } from '../faults.ts';
import { isProblem, type Problem, type Wanted } from '../orders.ts';
import { shoppers } from '../shoppers.ts';
import { currencyOf, decimal, minor } from './money.ts';

/** What stands inside "…_response". */
export type Payload = Readonly<Record<string, unknown>>;

export interface Service {
  readonly on: FaultTarget;
  readonly act: (
    books: Books,
    content: Readonly<Record<string, unknown>>,
    nowMs: number,
  ) => Promise<Payload>;
}

/** The methods there are, by name: opendocs.alipay.com, "当面付". */
export const services: Readonly<Record<string, Service>> = {
  'alipay.trade.pay': {
    on: 'pay',
    act: async (books, content, nowMs) => {
      const order = await books.pay(wantedOf(content, nowMs), text(content, 'auth_code'));
      if (isProblem(order)) return failed(order);
      if (order.status === 'awaiting') {
        return { code: '10003', msg: 'order success pay inprocess', ...namesOf(order) };
      }
      if (order.status === 'closed') return failure('ACQ.TRADE_HAS_CLOSE');
      if (order.refusal !== undefined) return failure('ACQ.BUYER_BALANCE_NOT_ENOUGH');
      return { ...success, ...paidOf(order) };
    },
  },
  'alipay.trade.precreate': {
    on: 'present',
    act: async (books, content, nowMs) => {
      const order = await books.present(wantedOf(content, nowMs));
      if (isProblem(order)) return failed(order);
      if (order.status === 'paid') return failure('ACQ.TRADE_HAS_SUCCESS');
      if (order.status === 'closed') return failure('ACQ.TRADE_HAS_CLOSE');
      return { ...success, out_trade_no: order.orderId, qr_code: order.content };
    },
  },
  'alipay.trade.query': {
    on: 'query',
    act: async (books, content) => {
      const order = await books.find(text(content, 'out_trade_no'));
      // Before a phone has scanned the code there is no trade, whoever asks.
      if (isProblem(order) || unseen(order)) return failure('ACQ.TRADE_NOT_EXIST');
      const status = TRADE_STATUS[order.status];
      return { ...success, ...paidOf(order), trade_status: status };
    },
  },
  'alipay.trade.cancel': {
    on: 'cancel',
    act: async (books, content) => {
      const orderId = text(content, 'out_trade_no');
      const known = await books.find(orderId);
      const nothing = { ...success, out_trade_no: orderId, retry_flag: 'N' };
      // No trade: success, but no action. The code that was made for it can still be scanned.
      if (isProblem(known) || unseen(known)) return nothing;
      const order = await books.cancel(orderId);
      if (isProblem(order)) return failed(order);
      return { ...nothing, trade_no: order.reference, action: order.cancelled };
    },
  },
  'alipay.trade.refund': {
    on: 'refund',
    act: async (books, content) => {
      const orderId = text(content, 'out_trade_no');
      const before = await books.find(orderId);
      if (isProblem(before)) return failed(before);
      const refundId = text(content, 'out_request_no');
      const amountMinor = minor(text(content, 'refund_amount'), before.currency);
      const booked = await books.refund(orderId, refundId, amountMinor);
      if (isProblem(booked)) return failed(booked);
      const repeated = before.refunds.some((refund) => refund.refundId === refundId);
      const given = before.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
      const total = repeated ? given : given + amountMinor;
      return {
        ...success,
        ...namesOf(before),
        fund_change: repeated ? 'N' : 'Y',
        refund_fee: decimal(total, before.currency),
      };
    },
  },
  'alipay.trade.fastpay.refund.query': {
    on: 'findRefund',
    act: async (books, content) => {
      const order = await books.find(text(content, 'out_trade_no'));
      if (isProblem(order)) return failed(order);
      const wanted = text(content, 'out_request_no');
      const refund = order.refunds.find(({ refundId }) => refundId === wanted);
      // 10000 with nothing in it: the question was understood, and there is no such refund.
      if (refund === undefined) return success;
      return {
        ...success,
        out_request_no: refund.refundId,
        out_trade_no: order.orderId,
        trade_no: order.reference,
        total_amount: decimal(order.amountMinor, order.currency),
        refund_amount: decimal(refund.amountMinor, order.currency),
        refund_status: 'REFUND_SUCCESS',
      };
    },
  },
};

const success = { code: '10000', msg: 'Success' } as const;

const TRADE_STATUS = {
  open: 'WAIT_BUYER_PAY',
  awaiting: 'WAIT_BUYER_PAY',
  paid: 'TRADE_SUCCESS',
  refused: 'TRADE_CLOSED',
  closed: 'TRADE_CLOSED',
} as const;

const unseen = ({ shopper }: Order): boolean => shopper === undefined;

const failure = (code: string): Payload => ({
  code: '40004',
  msg: 'Business Failed',
  sub_code: code,
  sub_msg: code
    .replace(/^ACQ\./, '')
    .replaceAll('_', ' ')
    .toLowerCase(),
});

const failed = ({ problem }: Problem): Payload => failure(SUB_CODES[problem]);

const SUB_CODES: Readonly<Record<Problem['problem'], string>> = {
  notFound: 'ACQ.TRADE_NOT_EXIST',
  differs: 'ACQ.CONTEXT_INCONSISTENT',
  codeUnknown: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
  codeUsed: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
  codeExpired: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
  notPaid: 'ACQ.TRADE_STATUS_ERROR',
  tooMuch: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  notCancellable: 'ACQ.REASON_TRADE_REFUND_FEE_ERR',
};

const namesOf = ({ orderId, reference, shopper }: Order) => ({
  out_trade_no: orderId,
  trade_no: reference,
  ...(shopper === undefined ? {} : { buyer_logon_id: shoppers[shopper].account }),
});

const paidOf = (order: Order): Payload => {
  const total = decimal(order.amountMinor, order.currency);
  const currency = currencyOf(order.currency);
  return {
    ...namesOf(order),
    total_amount: total,
    ...(currency === 'CNY' ? {} : { trans_currency: currency }),
    ...(order.payment === undefined
      ? {}
      : {
          buyer_pay_amount: decimal(order.payment.paidMinor, order.currency),
          receipt_amount: total,
          fund_bill_list: [{ amount: total, fund_channel: 'ALIPAYACCOUNT' }],
        }),
  };
};

const wantedOf = (content: Readonly<Record<string, unknown>>, nowMs: number): Wanted => {
  const { trans_currency: trans = 'CNY' } = content;
  const currency = currencyOf(String(trans));
  const minutes = (name: string) => /^(\d+)m$/.exec(String(content[name] ?? '120m'))?.[1] ?? '120';
  return {
    orderId: text(content, 'out_trade_no'),
    amountMinor: minor(text(content, 'total_amount'), currency),
    currency,
    subject: text(content, 'subject'),
    expiresAtMs: nowMs + Number(minutes('timeout_express')) * 60_000,
    codeUntilMs: nowMs + Number(minutes('qr_code_timeout_express')) * 60_000,
  };
};

const text = (content: Readonly<Record<string, unknown>>, name: string): string => {
  const value = content[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`${name} is missing`);
};
