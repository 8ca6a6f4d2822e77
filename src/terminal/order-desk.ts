import type { PaymentRecord } from '#payment/index.ts';
import { completePayment, notePayment, voidPayment } from './orders.ts';
import type { Refusals } from './refusals.ts';
import type { Terminal, TerminalParts } from './types.ts';

/**
 * Orders about payments that were taken before. They take turns: two about one payment would each
 * go by what it was before the other.
 * @param beingRefunded the payment that is being given back just now
 */
export const createOrders = (
  parts: TerminalParts,
  beingRefunded: () => PaymentRecord | undefined,
  refusals: Refusals,
): Pick<Terminal, 'void' | 'complete' | 'note'> => {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  return {
    void: (id) =>
      inTurn(async () => {
        const refunded = beingRefunded();
        return refunded !== undefined && (refunded.id === id || refunded.tillId === id)
          ? {
              status: 'refused',
              transactionId: refunded.id,
              reason: 'it is being refunded just now',
            }
          : voidPayment(parts, id);
      }),
    complete: (order) => inTurn(() => completePayment(parts, order)),
    note: (id) =>
      inTurn(async () => {
        const noted = await notePayment(parts, id);
        if (noted.status === 'done' && noted.transactionId) refusals.noted(noted.transactionId);
        return noted;
      }),
  };
};
