import { transactionData } from '#contactless/transaction-data.ts';
import { isWalletPayment } from '#payment/index.ts';
import { newTape } from '#transcript/record.ts';
import { conclude } from './conclusion.ts';
import {
  type Course,
  type Decision,
  type PaymentContext,
  type PaymentEnd,
  transactionType,
} from './course.ts';
import { localTime } from './local-time.ts';
import { refundByReference } from './refund-by-reference.ts';
import { refundToWallet } from './wallet-payment.ts';
import { byAnyWay } from './ways.ts';

/** One payment from the amount to the result, written down before it is told. */
export const takePayment = async (context: PaymentContext): Promise<PaymentEnd> => {
  const course = begin(context);
  context.parts.uplink.prepare();
  context.wallets.prepare();
  return conclude(course, await decisionOn(course));
};

const decisionOn = (course: Course): Promise<Decision> => {
  const { original } = course.context;
  if (original === undefined) return byAnyWay(course);
  return isWalletPayment(original)
    ? refundToWallet(course, original)
    : refundByReference(course, original);
};

const begin = (context: PaymentContext): Course => {
  const { parts, request, record } = context;
  const time = localTime(parts.clock.wallMs());
  const transaction = {
    type: Number.parseInt(transactionType(context), 16),
    amountAuthorised: request.amountMinor,
    amountOther: 0,
    currency: request.currency,
  };
  const data = transactionData(transaction, time, Number(time.slice(4)) % 100_000_000);
  return {
    context,
    time,
    first: { start: 'A', transaction, transactionData: data },
    contactless: parts.contactless,
    cardDeadlineMs: parts.clock.monotonicMs() + parts.settings.cardTimeoutMs,
    tape: newTape(),
    record,
    known: {},
    stop: context.signal,
  };
};
