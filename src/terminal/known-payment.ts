import { amountOf, type Books, type PaymentRecord, states } from '#payment/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { codeOf } from './format.ts';
import type { SaleRequest, SaleResult, TerminalParts } from './types.ts';

/** What happened to a payment that is asked for again. */
export const answerFrom = (record: PaymentRecord, currency: string): SaleResult => {
  const told = record.result as SaleResult | undefined;
  const { id, tillId, kind, amountMinor, card, state } = record;
  const now = states[state].meaning;
  return {
    ...(told ?? {
      // A crash came before anybody was told.
      status: 'declined',
      transactionId: id,
      ...(tillId === undefined ? {} : { tillId }),
      ...(kind === 'purchase' ? {} : { kind }),
      amountMinor,
      currency,
      ...(card?.scheme === undefined ? {} : { scheme: card.scheme }),
      ...(card?.maskedPan === undefined ? {} : { maskedPan: card.maskedPan }),
      reason: `interrupted: ${now}`,
    }),
    repeated: state,
  };
};

/** Why a request that bears a known id can't be the one that was asked before. */
export const contradiction = (
  { amountMinor, currency, kind }: PaymentRecord,
  request: SaleRequest,
): string | undefined => {
  if (request.amountMinor !== amountMinor) return 'it was asked for with another amount';
  if (request.currency !== currency) return 'it was asked for in another currency';
  return (request.kind ?? 'purchase') === kind ? undefined : `it was asked for as a ${kind}`;
};

/**
 * What happened to a payment that a till asks for under an id that it used before, or in words why
 * that can't be told; undefined for a new one.
 */
export const alreadyAsked = async (
  { books }: TerminalParts,
  request: SaleRequest,
): Promise<SaleResult | string | undefined> => {
  if (request.tillId === undefined) return undefined;
  const known = await books.findByTillId(request.tillId);
  if (known === undefined) {
    const own = await books.find(request.tillId);
    return own === undefined || isFault(own)
      ? undefined
      : `transaction ${request.tillId}: that is the terminal's own id of another payment`;
  }
  if (isFault(known)) return `no payment can be taken: ${known.detail}`;
  // Whoever waits for it tells; if nobody does, its end was lost.
  if (known.state === 'asking')
    return `transaction ${request.tillId}: nobody knows what came of it`;
  const original = request.original && (await findPayment(books, request.original));
  if (isFault(original)) return original.detail;
  const other =
    original && original.id !== known.original
      ? 'it was asked for about another payment'
      : undefined;
  const why = contradiction(known, request) ?? other;
  return why === undefined
    ? answerFrom(known, codeOf(known.currency))
    : `transaction ${request.tillId}: ${why}`;
};

/** The payment that a refund is about, or why it can't be given back. */
export const refundable = async (
  { books }: TerminalParts,
  { kind, original: id, amountMinor, currency }: SaleRequest,
): Promise<PaymentRecord | string | undefined> => {
  if (id === undefined) return undefined;
  if (kind !== 'refund') return 'only a refund is about an earlier payment';
  const original = await findPayment(books, id);
  if (original === undefined) return `no payment ${id}`;
  if (isFault(original)) return original.detail;
  if (original.state !== 'approved' && original.state !== 'reconciled') {
    return `nothing to give back: ${states[original.state].meaning}`;
  }
  if (original.kind === 'refund') return 'a refund is not given back';
  if (currency !== original.currency) return 'it was paid in another currency';
  const left = amountOf(original) - (original.refundedMinor ?? 0);
  return amountMinor > left ? 'more than is left of the payment' : original;
};

/** A payment by the terminal's id or by the till's. */
export const findPayment = async (
  books: Books,
  id: string,
): Promise<PaymentRecord | undefined | Fault> => (await books.find(id)) ?? books.findByTillId(id);
