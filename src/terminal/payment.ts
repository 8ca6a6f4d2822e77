import { isWalletPayment } from '#payment/index.ts';
import { begin } from './begin.ts';
import { conclude } from './conclusion.ts';
import {
  type Course,
  type Decision,
  over,
  type PaymentContext,
  type PaymentEnd,
} from './course.ts';
import { refundByReference } from './refund-by-reference.ts';
import { withTip } from './tip.ts';
import { refundToWallet } from './wallet-payment.ts';
import { byAnyWay } from './ways.ts';

/** One payment from the amount to the result, written down before it is told. */
export const takePayment = async (context: PaymentContext): Promise<PaymentEnd> => {
  context.parts.uplink.prepare();
  context.wallets.prepare();
  const asked = context.request.askTip === true ? await withTip(context) : context;
  if (asked === 'cancelled') {
    return conclude(begin(context), over('cancelled', 'cancelled when a tip was asked for'));
  }
  const course = begin(asked);
  return conclude(course, await decisionOn(course));
};

const decisionOn = (course: Course): Promise<Decision> => {
  const { original } = course.context;
  if (original === undefined) return byAnyWay(course);
  return isWalletPayment(original)
    ? refundToWallet(course, original)
    : refundByReference(course, original);
};
