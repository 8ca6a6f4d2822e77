// table: one row an ErrorCondition: what it says to a till, and what to do about it.
// nexo Retailer, ErrorCondition; Adyen Terminal API, "Handle responses".
import type { ErrorCondition } from './enumerations.ts';

export interface ErrorConditionRow {
  /** For cashier and log. */
  readonly meaning: string;
  /** What a till had best do: nothing more, the same again later, or another request. */
  readonly then: 'stop' | 'later' | 'other';
}

// biome-ignore format: a row stays on its line
export const errorConditions: Readonly<Record<ErrorCondition, ErrorConditionRow>> = {
  Aborted: { meaning: 'the till broke it off', then: 'stop' },
  Busy: { meaning: 'the terminal is at work for another request', then: 'later' },
  Cancel: { meaning: 'the shopper or the cashier at the terminal broke it off, or nobody paid in time', then: 'stop' },
  DeviceOut: { meaning: 'a part of the terminal is out of order', then: 'later' },
  InProgress: { meaning: 'what is asked about is still going on', then: 'later' },
  InsertedCard: { meaning: 'a card is in the way', then: 'later' },
  InvalidCard: { meaning: 'the card can not be used', then: 'other' },
  LoggedOut: { meaning: 'the till has to log in first', then: 'other' },
  MessageFormat: { meaning: 'the message is not by the schema, or contradicts itself', then: 'other' },
  NotAllowed: { meaning: 'it is not allowed: here, now, or to this till', then: 'other' },
  NotFound: { meaning: 'what it is about is not known', then: 'other' },
  PaymentRestriction: { meaning: 'the shop does not take this way of paying now', then: 'other' },
  Refusal: { meaning: 'the card, its issuer or the host said no', then: 'stop' },
  UnavailableDevice: { meaning: 'the terminal has no such part', then: 'other' },
  UnavailableService: { meaning: 'the terminal does not offer it, or not now', then: 'other' },
  UnreachableHost: { meaning: 'the host can not be reached', then: 'later' },
  WrongPIN: { meaning: 'the PIN was wrong', then: 'stop' },
};
