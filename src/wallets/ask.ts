import { firstValueFrom, fromEvent, map, merge, NEVER, of, race, timer } from 'rxjs';
import type { PaymentRecord, WalletOnRecord } from '#payment/index.ts';
import type { Clock } from '#ports/clock.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Paid } from './types.ts';

/**
 * An answer of a host within the time; a driver that throws or never comes back is a host that
 * can't be trusted.
 */
export const within = <Answer>(
  clock: Clock,
  deadlineMs: number,
  question: (deadlineMs: number) => Promise<Answer | Fault>,
): Promise<Answer | Fault> => {
  const late$ = timer(deadlineMs + GRACE_MS, clock.scheduler).pipe(
    map(() => fault('timeout', `the wallet's host did not answer within ${deadlineMs} ms`)),
  );
  const asked = question(deadlineMs).catch((error: unknown) =>
    fault('protocol', error instanceof Error ? error.message : String(error)),
  );
  return firstValueFrom(race(asked, late$));
};

// The driver has the deadline too, and knows better what went wrong.
const GRACE_MS = 500;

/** Resolves after the time, or as soon as one of the signals is aborted. */
export const pause = (
  clock: Clock,
  ms: number,
  ...signals: readonly AbortSignal[]
): Promise<unknown> =>
  firstValueFrom(
    race(
      timer(Math.max(0, ms), clock.scheduler),
      merge(NEVER, ...signals.map((one) => (one.aborted ? of(0) : fromEvent(one, 'abort')))),
    ),
  );

/** The order at the host that a payment, or a refund's original, is. */
export const orderIdOf = ({ id, wallet }: PaymentRecord): string => wallet?.orderId ?? id;

/** What is known of the wallet once it is paid. */
export const paidWith = (wallet: WalletOnRecord, paid: Paid): WalletOnRecord => ({
  ...wallet,
  reference: paid.reference,
  ...(paid.discountMinor ? { discountMinor: paid.discountMinor } : {}),
  ...(paid.notes?.length ? { notes: paid.notes } : {}),
  ...(paid.payer === undefined ? {} : { payer: paid.payer }),
});

/** Whether less came than was asked for: what the shopper paid, and what offers gave. */
export const isShort = ({ paidMinor, discountMinor = 0 }: Paid, amountMinor: number): boolean =>
  paidMinor + discountMinor < amountMinor;
