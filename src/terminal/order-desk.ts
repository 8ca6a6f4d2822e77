import { createTurns, type PaymentRecord } from '#payment/index.ts';
import type { Wallets } from '#wallets/index.ts';
import { completePayment, notePayment, voidPayment } from './orders.ts';
import type { OrderResult, SaleRequest, Terminal, TerminalParts } from './types.ts';

/** The payment that is being taken just now, and the one that it gives back. */
export interface AtTheCounter {
  readonly transactionId: string;
  readonly request: SaleRequest;
  readonly original?: PaymentRecord;
}

/**
 * Orders about payments that were taken before. They take turns: two about one payment would each
 * go by what it was before the other.
 */
export const createOrders = (
  parts: TerminalParts,
  wallets: Wallets,
  current: () => AtTheCounter | undefined,
): Pick<Terminal, 'void' | 'complete' | 'note'> => {
  const inTurn = createTurns();
  return {
    void: (id) => inTurn(async () => underWay(current(), id) ?? voidPayment(parts, wallets, id)),
    complete: (order) => inTurn(() => completePayment(parts, order)),
    note: (id, giveUp = false) =>
      inTurn(async () => underWay(current(), id) ?? notePayment(parts, id, giveUp)),
  };
};

const underWay = (current: AtTheCounter | undefined, id: string): OrderResult | undefined => {
  if (current === undefined) return undefined;
  const { transactionId, request, original } = current;
  const refuse = (about: string, reason: string): OrderResult => ({
    status: 'refused',
    transactionId: about,
    reason,
  });
  if (transactionId === id || request.tillId === id) {
    return refuse(transactionId, 'it is being taken just now: cancel it');
  }
  return original !== undefined && (original.id === id || original.tillId === id)
    ? refuse(original.id, 'it is being refunded just now')
    : undefined;
};
