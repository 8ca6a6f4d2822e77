// table: one row an ErrorCondition: what it says to a till, and what to do about it.
// nexo Retailer, ErrorCondition; Adyen Terminal API, "Handle responses".
import type { ErrorCondition } from './enumerations.ts';

export interface ErrorConditionRow {
  /** For cashier and log. */
  readonly meaning: string;
  /** What a till had best do: nothing more, the same again later, or another request. */
  readonly next: 'stop' | 'later' | 'other';
}

// biome-ignore format: a row stays on its line
export const errorConditions: Readonly<Record<ErrorCondition, ErrorConditionRow>> = {
  Aborted: { meaning: 'the till broke it off', next: 'stop' },
  Busy: { meaning: 'the terminal is at work for another request', next: 'later' },
  Cancel: { meaning: 'the shopper or the cashier at the terminal broke it off, or nobody paid in time', next: 'stop' },
  DeviceOut: { meaning: 'a part of the terminal is out of order', next: 'later' },
  InProgress: { meaning: 'what is asked about is still going on', next: 'later' },
  InsertedCard: { meaning: 'a card is in the way', next: 'later' },
  InvalidCard: { meaning: 'the card can not be used', next: 'other' },
  LoggedOut: { meaning: 'the till has to log in first', next: 'other' },
  MessageFormat: { meaning: 'the message is not by the schema, or contradicts itself', next: 'other' },
  NotAllowed: { meaning: 'it is not allowed: here, now, or to this till', next: 'other' },
  NotFound: { meaning: 'what it is about is not known', next: 'other' },
  PaymentRestriction: { meaning: 'the shop does not take this way of paying now', next: 'other' },
  Refusal: { meaning: 'the card, its issuer or the host said no', next: 'stop' },
  UnavailableDevice: { meaning: 'the terminal has no such part', next: 'other' },
  UnavailableService: { meaning: 'the terminal does not offer it, or not now', next: 'other' },
  UnreachableHost: { meaning: 'the host can not be reached', next: 'later' },
  WrongPIN: { meaning: 'the PIN was wrong', next: 'stop' },
};
