import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { RefundAnswer, WalletHost, WalletRefund } from '#ports/wallet-host.ts';
import { judge, notPassedOn, refused, unsure } from './answers.ts';
import type { Gateway } from './gateway.ts';
import { currencyFields, fromDecimal, toDecimal } from './money.ts';

/** Money back: alipay.trade.refund, and the question whether it was given. */
export const createRefunds = (gateway: Gateway): Pick<WalletHost, 'refund' | 'findRefund'> => ({
  refund: (wanted, deadlineMs) => refund(gateway, wanted, deadlineMs),
  findRefund: (wanted, deadlineMs) => findRefund(gateway, wanted, deadlineMs),
});

const refund = async (
  gateway: Gateway,
  wanted: WalletRefund,
  deadlineMs: number,
): Promise<RefundAnswer | Fault> => {
  const startedMs = performance.now();
  const { amountMinor, currency } = wanted;
  const { trans_currency: refundCurrency } = currencyFields(currency);
  const content = {
    ...namesOf(wanted),
    refund_amount: toDecimal(amountMinor, currency),
    ...(refundCurrency === undefined ? {} : { refund_currency: refundCurrency }),
  };
  const answer = await gateway.ask('alipay.trade.refund', content, deadlineMs);
  if (isFault(answer)) return answer;
  switch (judge(answer)) {
    case 'done': {
      // fund_change N: no money moved now, because it moved before or because it will later.
      if (answer['fund_change'] === 'Y') return refunded(wanted, answer['trade_no']);
      const leftMs = Math.max(1, deadlineMs - (performance.now() - startedMs));
      const found = await findRefund(gateway, wanted, leftMs);
      return !isFault(found) && found.status === 'unknown'
        ? { status: 'waiting', detail: 'Alipay has taken the refund and not given it yet' }
        : found;
    }
    case 'unknown':
      return { status: 'unknown' };
    case 'refused':
      return { ...refused(answer) };
    case 'notPassedOn':
      return notPassedOn(answer);
    default:
      return unsure(answer);
  }
};

const findRefund = async (
  gateway: Gateway,
  wanted: WalletRefund,
  deadlineMs: number,
): Promise<RefundAnswer | Fault> => {
  const method = 'alipay.trade.fastpay.refund.query';
  const answer = await gateway.ask(method, namesOf(wanted), deadlineMs);
  if (isFault(answer)) return answer;
  const verdict = judge(answer);
  if (verdict === 'unknown') return { status: 'unknown' };
  if (verdict === 'notPassedOn') return notPassedOn(answer);
  if (verdict !== 'done') return unsure(answer);
  const { refund_status: status, out_request_no: named, refund_amount: amount } = answer;
  // 10000 says that the question was understood; without more there is no such refund.
  if (named === undefined && status === undefined) return { status: 'unknown' };
  if (named !== undefined && named !== wanted.refundId) {
    return fault('protocol', "Alipay's answer is of another refund");
  }
  if (status !== undefined && status !== 'REFUND_SUCCESS') {
    return { status: 'waiting', detail: 'Alipay has not given the refund yet' };
  }
  const givenMinor = fromDecimal(amount, wanted.currency);
  return givenMinor === undefined || givenMinor === wanted.amountMinor
    ? refunded(wanted, answer['trade_no'])
    : fault('protocol', "Alipay's answer is of a refund of another amount");
};

const namesOf = ({ orderId, refundId }: WalletRefund) => ({
  out_trade_no: orderId,
  out_request_no: refundId,
});

// Alipay numbers no refunds: the trade's number and ours say which it was.
const refunded = ({ refundId }: WalletRefund, tradeNumber: unknown): RefundAnswer => ({
  status: 'refunded',
  reference: typeof tradeNumber === 'string' ? `${tradeNumber}-${refundId}` : refundId,
});
