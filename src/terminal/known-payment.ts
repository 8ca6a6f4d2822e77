import type { PaymentRecord } from '#payment/index.ts';
import { states } from '#payment/index.ts';
import type { SaleRequest, SaleResult } from './types.ts';

/** What happened to a payment that is asked for again. */
export const answerFrom = (record: PaymentRecord, currency: string): SaleResult => {
  const told = record.result as SaleResult | undefined;
  const { id, tillId, amountMinor, state } = record;
  const now = states[state].meaning;
  return {
    ...(told ?? {
      // A crash came before anybody was told.
      status: 'declined',
      transactionId: id,
      ...(tillId === undefined ? {} : { tillId }),
      amountMinor,
      currency,
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
