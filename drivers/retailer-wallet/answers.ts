import * as v from 'valibot';
import { type Fault, fault } from '#ports/fault.ts';
import type { PresentedCode, RefundAnswer, WalletAnswer } from '#ports/wallet-host.ts';
import type { Exchanged } from './exchange.ts';

/** The schemas of docs/retailer-wallet.openapi.yaml, as far as a terminal reads them. */
const minorUnits = v.pipe(v.number(), v.integer(), v.minValue(0));

const order = v.object({
  orderId: v.string(),
  status: v.picklist(['open', 'awaiting-confirmation', 'paid', 'refused', 'cancelled']),
  amountMinor: minorUnits,
  currency: v.number(),
  code: v.optional(v.object({ content: v.string(), digits: v.string() })),
  payment: v.optional(
    v.object({
      reference: v.string(),
      paidMinor: minorUnits,
      offers: v.array(v.object({ name: v.string(), amountMinor: minorUnits })),
      pointsUsed: minorUnits,
      pointsMinor: minorUnits,
      pointsEarned: minorUnits,
      account: v.string(),
    }),
  ),
  refusal: v.optional(v.object({ code: v.string(), detail: v.string() })),
});

const refund = v.object({
  orderId: v.string(),
  refundId: v.string(),
  reference: v.string(),
  amountMinor: minorUnits,
  currency: v.number(),
});

const problem = v.object({ code: v.string(), detail: v.string() });

export type Order = v.InferOutput<typeof order>;
export type Problem = v.InferOutput<typeof problem> & { readonly status: number };

export const isProblem = (value: object): value is Problem => 'detail' in value;

/** An order, or what the host says against it; Fault `protocol` when it is neither. */
export const readOrder = (exchanged: Exchanged, wanted: Wanted): Order | Problem | Fault => {
  if (exchanged.status !== 200) return readProblem(exchanged);
  const { success, output } = v.safeParse(order, exchanged.body);
  if (!success) return fault('protocol', "the wallet host's answer is no order");
  return mismatch(output, wanted) ?? output;
};

export const readRefund = (exchanged: Exchanged, wanted: Wanted & { refundId: string }) => {
  if (exchanged.status !== 200) return readProblem(exchanged);
  const { success, output } = v.safeParse(refund, exchanged.body);
  if (!success) return fault('protocol', "the wallet host's answer is no refund");
  if (output.refundId !== wanted.refundId) {
    return fault('protocol', "the wallet host's answer is of another refund");
  }
  return mismatch(output, wanted) ?? output;
};

/** What an answer has to be about. */
export interface Wanted {
  readonly orderId: string;
  readonly amountMinor?: number;
  readonly currency?: number;
}

const mismatch = (
  told: { readonly orderId: string; readonly amountMinor: number; readonly currency: number },
  { orderId, amountMinor, currency }: Wanted,
): Fault | undefined => {
  if (told.orderId !== orderId) {
    return fault('protocol', "the wallet host's answer is of another order");
  }
  const same =
    told.amountMinor === (amountMinor ?? told.amountMinor) &&
    told.currency === (currency ?? told.currency);
  return same ? undefined : fault('protocol', "the wallet host's answer is about another amount");
};

const readProblem = ({ status, body }: Exchanged): Problem | Fault => {
  const { success, output } = v.safeParse(problem, body);
  return success
    ? { ...output, status }
    : fault('protocol', `the wallet host answers with status ${status}, and no reason`);
};

/** A problem of the request itself: what became of the order it doesn't say. */
export const troubled = ({ status, code }: Problem): Fault =>
  fault('protocol', `the wallet host turns the request away: ${status} ${safe(code)}`);

// A code is a word; anything else could be something of ours that came back.
const safe = (code: string): string => (/^[a-z-]{1,40}$/.test(code) ? code : 'without a reason');

export const refusedFor = ({ code, detail }: v.InferOutput<typeof problem>) => ({
  status: 'refused' as const,
  code: safe(code),
  // The host's sentence goes to people and logs: what looks like a token or a number is left out.
  detail: detail.slice(0, 160).replaceAll(/(?=\S*\d)\S{10,}/g, '…'),
});

export const answerOf = ({
  status,
  payment,
  refusal,
  amountMinor,
}: Order): WalletAnswer | Fault => {
  switch (status) {
    case 'open':
      return { status: 'waiting', detail: 'the code has not been scanned yet' };
    case 'awaiting-confirmation':
      return { status: 'waiting', detail: 'the shopper has to confirm in the wallet' };
    case 'refused':
      return refusedFor(refusal ?? { code: 'refused', detail: 'the wallet refuses the payment' });
    case 'cancelled':
      return { status: 'cancelled' };
    default:
  }
  if (payment === undefined)
    return fault('protocol', 'the wallet host says paid, but not how much');
  const { paidMinor, reference, account } = payment;
  const notes = notesOf(payment);
  return {
    status: 'paid',
    reference,
    paidMinor,
    ...(paidMinor < amountMinor ? { discountMinor: amountMinor - paidMinor } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(account === '' ? {} : { payer: account }),
  };
};

const notesOf = (payment: NonNullable<Order['payment']>): string[] => [
  ...payment.offers.map(({ name }) => name),
  ...(payment.pointsUsed > 0 ? [`${payment.pointsUsed} points used`] : []),
  ...(payment.pointsEarned > 0 ? [`${payment.pointsEarned} points earned`] : []),
];

export const codeOf = ({ code }: Order): PresentedCode | undefined => code;

export const refundOf = ({ reference }: v.InferOutput<typeof refund>): RefundAnswer => ({
  status: 'refunded',
  reference,
});
