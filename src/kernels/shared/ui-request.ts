/** Message identifiers, Book A Table 9-3: the two hexadecimal digits. */
export type MessageId =
  | '03' // Approved
  | '06' // Card error, EMV Book 4 §11.2
  | '07' // Not authorised
  | '09' // Please enter your PIN
  | '0F' // Processing error
  | '10' // Please remove card
  | '14' // Welcome
  | '15' // Present card
  | '16' // Processing
  | '17' // Card read OK, remove card
  | '18' // Please insert or swipe card
  | '19' // Please present one card only
  | '1A' // Approved, please sign
  | '1B' // Authorising, please wait
  | '1C' // Insert, swipe or try another card
  | '1D' // Please insert card
  | '1E' // clear display
  | '20' // See phone for instructions
  | '21'; // Present card again

export type UiStatus =
  | 'none'
  | 'notReady'
  | 'idle'
  | 'readyToRead'
  | 'processing'
  | 'cardReadSuccessfully'
  | 'processingError';

/** A User Interface Request, Book A clause 9. */
export interface UiRequest {
  /** Null: whatever is shown stays. */
  readonly messageId: MessageId | null;
  readonly status: UiStatus;
  /** Milliseconds, multiples of 100: how long the next message has to wait. */
  readonly holdMs: number;
  /** The card's preferences, up to four of ISO 639, such as "defr"; null: the one in use. */
  readonly language: string | null;
  readonly valueQualifier: 'none' | 'amount' | 'balance';
  /** Minor units of `currency`, an ISO 4217 numeric code of four digits; null without qualifier. */
  readonly value: number | null;
  readonly currency: string | null;
}

export const uiRequest = (
  messageId: MessageId | null,
  status: UiStatus,
  more: Partial<UiRequest> = {},
): UiRequest => ({
  messageId,
  status,
  holdMs: 0,
  language: null,
  valueQualifier: 'none',
  value: null,
  currency: null,
  ...more,
});
