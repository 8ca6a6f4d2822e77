import type { Family } from '#drivers/metrics/index.ts';
import type { TerminalEvent } from '#terminal/types.ts';
import { createCounter, createTimes } from './tally.ts';

export interface PaymentTally {
  follow(event: TerminalEvent): void;
  families(): readonly Family[];
}

/** Counts what happens in the loop. Labels are words of ours, never data of a card or a shopper. */
export const createPaymentTally = (): PaymentTally => {
  const payments = createCounter(
    'countertap_payments_total',
    'Payments that ended, by how, with which scheme or wallet, and by which entry',
  );
  const taps = createCounter('countertap_taps_total', 'Taps, by the outcome of their kernel');
  const refused = createCounter(
    'countertap_refused_taps_total',
    "Taps that the shop's own decisions refused before a cryptogram",
  );
  const whole = createTimes(
    'countertap_tap_duration_seconds',
    'From a card that is seen to "card read successfully"',
    WHOLE,
  );
  const own = createTimes(
    'countertap_tap_own_duration_seconds',
    'What of it the terminal spent itself, without reader and card',
    OWN,
  );
  return {
    follow: (event) => {
      if (event.event === 'outcome') taps.add({ outcome: event.outcome });
      else if (event.event === 'refused') refused.add({});
      else if (event.event === 'cardRead') {
        whole.add(event.times.totalMs / 1000);
        own.add(event.times.ownMs / 1000);
      } else if (event.event === 'saleEnded') payments.add(labelsOf(event.result));
    },
    families: () => [payments, taps, refused, whole, own].map((one) => one.family()),
  };
};

type Result = Extract<TerminalEvent, { event: 'saleEnded' }>['result'];

const labelsOf = ({ status, kind, scheme, wallet, tap }: Result) => ({
  status,
  kind: kind ?? 'purchase',
  scheme: scheme ?? wallet?.name ?? 'none',
  entry: wallet !== undefined ? 'code' : tap !== undefined ? 'contactless' : 'none',
});

// The goal for a tap is half a second, and 5 ms of ours.
const WHOLE = [0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 5];
const OWN = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5];
