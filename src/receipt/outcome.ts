import type { ReceiptWords } from '#config/receipts-config.ts';
import type { PaymentRecord } from '#payment/record.ts';
import type { PaymentState } from '#payment/states.ts';

export type ReceiptOutcome = keyof ReceiptWords['outcomes'];

/** What has come of it, as the books have it now. */
export const outcomeOf = ({ state, reversal }: PaymentRecord): ReceiptOutcome => {
  if (state !== 'reversing' && state !== 'reversed') return OUTCOMES[state];
  if (reversal?.reason !== 'voided') return 'takenBack';
  return state === 'reversed' ? 'voided' : 'voiding';
};

/** The heading: a payment that somebody took back is a void. */
export const kindOf = (record: PaymentRecord): keyof ReceiptWords['kinds'] => {
  const outcome = outcomeOf(record);
  return outcome === 'voided' || outcome === 'voiding' ? 'void' : record.kind;
};

/** Ended before anything was charged. */
export const isNothing = (outcome: ReceiptOutcome): boolean => NOTHING.has(outcome);

const NOTHING: ReadonlySet<ReceiptOutcome> = new Set([
  'declined',
  'cancelled',
  'timedOut',
  'failed',
]);

const OUTCOMES: Readonly<Record<Exclude<PaymentState, 'reversing' | 'reversed'>, ReceiptOutcome>> =
  {
    new: 'unknown',
    choosing: 'unknown',
    asking: 'unknown',
    approved: 'approved',
    preAuthorised: 'approved',
    completed: 'approved',
    collected: 'approved',
    reconciled: 'approved',
    queued: 'approved',
    refusedLater: 'refusedLater',
    writtenOff: 'closed',
    declined: 'declined',
    cancelled: 'cancelled',
    timedOut: 'timedOut',
    failed: 'failed',
  };
