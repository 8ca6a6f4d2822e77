import { randomBytes } from 'node:crypto';
import type { Order } from './entries.ts';

/** An order as a shop asks for it. */
export interface Wanted {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: number;
  readonly subject: string;
  readonly expiresAtMs: number;
  /** When a code of the shop's goes out of use. */
  readonly codeUntilMs: number;
}

/** Why something was not booked, in the wallet's neutral words. */
export interface Problem {
  readonly problem:
    | 'notFound'
    | 'differs'
    | 'codeUnknown'
    | 'codeUsed'
    | 'codeExpired'
    | 'notPaid'
    | 'tooMuch'
    | 'notCancellable';
}

export const isProblem = (value: object): value is Problem => 'problem' in value;

/** A new order under the wallet's own number. */
export const opened = ({ codeUntilMs: _, ...wanted }: Wanted): Order => ({
  ...wanted,
  reference: ownNumber(),
  status: 'open',
  refunds: [],
});

export const differs = (order: Order, wanted: Wanted): boolean =>
  order.amountMinor !== wanted.amountMinor ||
  order.currency !== wanted.currency ||
  order.subject !== wanted.subject;

/** A number of the wallet's own, 28 digits as Alipay's are. */
export const ownNumber = (): string =>
  BigInt(`0x${randomBytes(12).toString('hex')}`)
    .toString()
    .padStart(28, '2')
    .slice(-28);
