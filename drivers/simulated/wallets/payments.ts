import type { Order, Paid, WalletName } from './entries.ts';
import { pointsFor, reductions, shoppers } from './shoppers.ts';

/** What a payment looks into: every order so far says what is left in each wallet. */
export interface Purse {
  readonly wallet: WalletName;
  readonly orders: () => readonly Order[];
  /** ISO 8601. */
  readonly at: () => string;
}

/** The order after its shopper tried to pay it: paid, refused, or waiting for the password. */
export const attempt = (order: Order, purse: Purse, confirmed?: 'confirmed'): Order => {
  const { shopper } = order;
  if (shopper === undefined) return order;
  const payment = paymentOf(order, purse);
  const { balanceMinor, withoutPasswordMinor } = shoppers[shopper];
  const mine = purse.orders().filter((other) => other.shopper === shopper);
  const spent = mine.reduce((sum, other) => sum + spentOn(other), 0);
  if (payment.paidMinor > balanceMinor - spent) {
    const refusal = { code: 'insufficient-funds', detail: 'there is not enough in the wallet' };
    return { ...order, status: 'refused', refusal };
  }
  if (confirmed === undefined && order.amountMinor > withoutPasswordMinor) {
    return { ...order, status: 'awaiting' };
  }
  return { ...order, status: 'paid', payment };
};

const paymentOf = (order: Order, { wallet, orders, at }: Purse): Paid => {
  const { amountMinor, shopper } = order;
  if (wallet === 'alipay' || shopper === undefined) {
    return { paidMinor: amountMinor, pointsUsed: 0, pointsEarned: 0, at: at() };
  }
  const mine = orders().filter((other) => other.shopper === shopper);
  const points = mine.reduce<number>(
    (sum, other) => sum + pointsOn(other),
    shoppers[shopper].points,
  );
  const { offer, points: pointsUsed } = reductions(amountMinor, points);
  const paidMinor = amountMinor - (offer?.minor ?? 0) - pointsUsed;
  return {
    paidMinor,
    ...(offer === undefined ? {} : { offer }),
    pointsUsed,
    pointsEarned: pointsFor(paidMinor),
    at: at(),
  };
};

/** What an order took out of the wallet, and what came back; a cancelled one gave back all. */
const spentOn = ({ status, payment, refunds }: Order): number =>
  status === 'paid' && payment !== undefined
    ? Math.max(
        0,
        payment.paidMinor - refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      )
    : 0;

const pointsOn = ({ status, payment }: Order): number =>
  status === 'paid' && payment !== undefined ? payment.pointsEarned - payment.pointsUsed : 0;
