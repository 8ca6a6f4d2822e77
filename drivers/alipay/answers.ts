import { currencyByCode } from '#data/currencies.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { WalletAnswer } from '#ports/wallet-host.ts';
import { verdictOf } from './codes.ts';
import type { GatewayAnswer } from './gateway.ts';
import { fromDecimal } from './money.ts';

export const subCodeOf = ({ sub_code: code }: GatewayAnswer): string =>
  typeof code === 'string' ? code : '';

/** "ACQ.TRADE_HAS_CLOSE", or the code alone where there is no other. */
export const reasonOf = (answer: GatewayAnswer): string => subCodeOf(answer) || answer.code;

export const judge = (answer: GatewayAnswer) => verdictOf(answer.code, subCodeOf(answer));

/** An answer that says neither yes nor no. */
export const unsure = (answer: GatewayAnswer): Fault =>
  fault('protocol', `Alipay can't say what became of it: ${answer.code} ${reasonOf(answer)}`);

/** The gateway turned the request away before anything could be booked. */
export const notPassedOn = (answer: GatewayAnswer): Fault =>
  fault('protocol', `Alipay's gateway turns the terminal away: ${answer.code} ${reasonOf(answer)}`);

export const refused = (answer: GatewayAnswer): Extract<WalletAnswer, { status: 'refused' }> => ({
  status: 'refused',
  code: reasonOf(answer),
  detail: REASONS[reasonOf(answer)] ?? 'Alipay refuses the payment',
});

/**
 * The money of a paid order.
 * @param currency ISO 4217 numeric, where the answer names no other
 * @param expectedMinor the order's amount where it is known: an answer with another is no answer
 */
export const paid = (
  answer: GatewayAnswer,
  currency: number,
  expectedMinor?: number,
): Extract<WalletAnswer, { status: 'paid' }> | Fault => {
  const { trans_currency: named, trade_no: reference, buyer_logon_id: payer } = answer;
  const code = typeof named === 'string' ? named : undefined;
  const priced = code === undefined ? currency : (currencyByCode(code)?.numeric ?? currency);
  const totalMinor = fromDecimal(answer['total_amount'], priced);
  if (totalMinor === undefined || typeof reference !== 'string') {
    return fault('protocol', "Alipay's answer says paid, but not how much, or under which number");
  }
  if (expectedMinor !== undefined && totalMinor !== expectedMinor) {
    return fault('protocol', "Alipay's answer is about another amount");
  }
  // What the platform and the shop gave is what the shopper did not pay.
  const paidMinor = fromDecimal(answer['buyer_pay_amount'], priced) ?? totalMinor;
  const notes = notesOf(answer);
  return {
    status: 'paid',
    reference,
    paidMinor,
    ...(paidMinor < totalMinor ? { discountMinor: totalMinor - paidMinor } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(typeof payer === 'string' ? { payer } : {}),
  };
};

// Vouchers that were used, by their names.
const notesOf = ({ voucher_detail_list: list }: GatewayAnswer): string[] =>
  Array.isArray(list)
    ? list.flatMap((voucher: { readonly name?: unknown }) =>
        typeof voucher?.name === 'string' ? [voucher.name] : [],
      )
    : [];

/** In English for a log or a clerk; Alipay's own sentences are Chinese, and may quote a request. */
const REASONS: Readonly<Record<string, string>> = {
  'ACQ.PAYMENT_AUTH_CODE_INVALID': 'the code is too old, used, or none: the phone shows a new one',
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': 'there is not enough in the wallet',
  'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH': 'there is not enough on the bank card',
  'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR': "the wallet's limit of the day is reached",
  'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR': "the wallet's limit of the month is reached",
  'ACQ.ERROR_BALANCE_PAYMENT_DISABLE': 'paying from the balance is switched off in the wallet',
  'ACQ.MOBILE_PAYMENT_SWITCH_OFF': 'paying by phone is switched off in the wallet',
  'ACQ.BUYER_ENABLE_STATUS_FORBID': 'this wallet may not pay',
  'ACQ.BUYER_SELLER_EQUAL': "this is the shop's own wallet",
  'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE': 'the wallet has nothing to pay with',
  'ACQ.PAYMENT_REQUEST_HAS_RISK': 'Alipay sees a risk in it',
  'ACQ.TOTAL_FEE_EXCEED': 'the amount is more than Alipay takes',
  'ACQ.PAYMENT_FAIL': 'the payment failed',
  'ACQ.TRADE_CANCEL_TIME_OUT': 'too long ago to be cancelled: it can be refunded',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': 'part of it was refunded: it can be refunded, not cancelled',
  'ACQ.TRADE_HAS_FINISHED': 'the payment is closed for good',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': 'more than is left of the payment',
  'ACQ.TRADE_STATUS_ERROR': 'the order is not paid',
  'ACQ.DISCORDANT_REPEAT_REQUEST': 'there is a refund under this number, of another amount',
};
