import { transactionData } from '#contactless/transaction-data.ts';
import type { Activation } from '#entry-point/run.ts';
import type { PaymentRecord } from '#payment/index.ts';
import { type Course, isRefund, transactionType } from './course.ts';
import { type PricedWay, surchargeOf } from './surcharge.ts';

/**
 * What a card is asked about: the amounts as they stand, at the time of the payment.
 * @param type tag 9C, two digits; what follows from the payment unless stated
 */
export const activationFor = (
  record: PaymentRecord,
  time: string,
  type: string = transactionType({ record }),
): Activation => {
  const transaction = {
    type: Number.parseInt(type, 16),
    amountAuthorised: record.amountMinor,
    amountOther: record.cashBackMinor ?? 0,
    currency: record.currency,
  };
  const data = transactionData(transaction, time, Number(time.slice(4)) % 100_000_000);
  return { start: 'A', transaction, transactionData: data };
};

/** Whether this way costs something else than what the shopper is shown. */
export const costsOther = (course: Course, way: PricedWay): boolean =>
  surchargeNow(course, way) !== (course.record.surchargeMinor ?? 0);

/** Whether it costs more than the shopper is shown: nobody pays what nobody saw. */
export const costsMore = (course: Course, way: PricedWay): boolean =>
  surchargeNow(course, way) > (course.record.surchargeMinor ?? 0);

/**
 * Makes the amount what this way of paying costs, and shows it; nothing where it is that already.
 * The shop's decisions go on looking at the amount without it.
 */
export const reprice = (course: Course, way: PricedWay): void => {
  if (!costsOther(course, way)) return;
  const { context, record, time } = course;
  const { record: plain, request, emit } = context;
  const surchargeMinor = surchargeNow(course, way);
  const amountMinor = plain.amountMinor + surchargeMinor;
  course.record = {
    ...record,
    ...{ amountMinor, surchargeMinor },
    askedMinor: plain.askedMinor ?? plain.amountMinor,
  };
  course.first = activationFor(course.record, time);
  emit({ event: 'amount', amountMinor, currency: request.currency, surchargeMinor });
};

// Cash that is paid out costs the shop what it gives: no surcharge is taken of it.
const surchargeNow = (course: Course, way: PricedWay): number => {
  const { context } = course;
  const { amountMinor, cashBackMinor = 0 } = context.record;
  const { surcharges = [] } = context.parts.settings;
  if (isRefund(course) || course.acquiring !== undefined) return 0;
  return surchargeOf(surcharges, way, amountMinor - cashBackMinor);
};
