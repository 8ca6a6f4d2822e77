import type { ErrorCondition } from './enumerations.ts';

/** How what a till asked of a shopper's card ended. */
export interface Ended {
  readonly status: 'approved' | 'acquired' | 'told' | keyof typeof CONDITIONS;
  readonly restriction?: unknown;
  readonly hostUnreachable?: boolean;
  /** The host's word, where it said no. */
  readonly errorCondition?: ErrorCondition;
}

/** Why it came to nothing, in nexo's words; undefined when it was done. */
export const errorConditionOf = (
  { status, restriction, hostUnreachable, errorCondition }: Ended,
  abortedByTill = false,
): ErrorCondition | undefined => {
  if (status === 'approved' || status === 'acquired' || status === 'told') return undefined;
  if (restriction !== undefined) return 'PaymentRestriction';
  if (status === 'busy') return 'Busy';
  // An abort that came too late leaves it as the host saw it.
  if (status === 'cancelled' && abortedByTill) return 'Aborted';
  if (hostUnreachable === true) return 'UnreachableHost';
  return errorCondition ?? CONDITIONS[status];
};

const CONDITIONS = {
  declined: 'Refusal',
  cancelled: 'Cancel',
  timedOut: 'Cancel',
  busy: 'Busy',
  error: 'UnavailableService',
} as const;
