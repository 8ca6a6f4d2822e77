/**
 * A typed client for tills: nexo's messages to one terminal, in Node and in browsers. It has no
 * part of the terminal in it but types.
 */

export {
  createTillClient,
  type FollowedCategory,
  type LoginOrder,
  type StatusOutcome,
  type TillClient,
} from './client.ts';
export { newServiceId } from './ids.ts';
export type { InputOutcome, Question, TillInput, TypedQuestion } from './input.ts';
export type { Listener, Listening, TillNotification } from './listen.ts';
export type { AcquireOrder, PayOrder, RefundOrder, ReverseOrder } from './payment-body.ts';
export type {
  AcquisitionOutcome,
  OutcomeStatus,
  PaymentOutcome,
  TillReceipt,
  TillReceiptLine,
  Told,
} from './results.ts';
export type { TillSignature } from './signature.ts';
export {
  isTillFault,
  type RequestOptions,
  type TillClientOptions,
  type TillFault,
  type TillKey,
  type TillMessage,
  type TransactionReference,
} from './types.ts';
