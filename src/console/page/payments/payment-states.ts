import type { PaymentState } from '#payment/index.ts';
import type { Tone } from '../console-context.ts';
import { T } from '../texts.ts';

const TONES: Readonly<Record<PaymentState, Tone>> = {
  new: 'calm',
  asking: 'calm',
  choosing: 'calm',
  approved: 'good',
  preAuthorised: 'good',
  completed: 'good',
  collected: 'good',
  reconciled: 'good',
  queued: 'warn',
  refusedLater: 'bad',
  writtenOff: 'calm',
  declined: 'bad',
  cancelled: 'calm',
  timedOut: 'calm',
  failed: 'bad',
  reversing: 'warn',
  reversed: 'calm',
};

const isState = (state: string): state is PaymentState => Object.hasOwn(TONES, state);

/** A state that a newer terminal has and this page does not know is shown as it is. */
export const toneOf = (state: string): Tone => (isState(state) ? TONES[state] : 'calm');

export const stateWords = (state: string): string =>
  isState(state) ? T.paymentStates[state] : state;

/** To search by. */
export const STATES: readonly (readonly [string, string])[] = Object.entries(T.paymentStates);
