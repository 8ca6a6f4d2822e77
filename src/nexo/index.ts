/**
 * nexo Retailer in its JSON form, as Adyen's Terminal API has it: messages, their encryption, and
 * what they are to our payments. Pure.
 */

export { faultInWords, formDecoded, formEncoded } from './additional-response.ts';
export { type AdminOrder, adminOrder, scannedCode } from './admin.ts';
export { type CurrencyTotals, decimalOf, minorOf, transactionTotals } from './amounts.ts';
export {
  type BalanceFacts,
  type BalanceOrder,
  balanceOrder,
  balanceResponse,
  type ToldBalance,
} from './balance.ts';
export { maskedPan, paymentBrand } from './card-data.ts';
export {
  type AnsweredCategory,
  categories,
  type RequestBody,
  type ResponseBody,
} from './categories.ts';
export type { ErrorCondition, MessageCategory } from './enumerations.ts';
export { errorConditionOf } from './error-condition-of.ts';
export { type ErrorConditionRow, errorConditions } from './error-conditions.ts';
export {
  createKeyRing,
  type DerivedKey,
  deriveKey,
  type KeyName,
  type KeyRing,
  type SharedKey,
} from './key-ring.ts';
export {
  answerHeader,
  encodeRequest,
  encodeResponse,
  isUnreadable,
  type NexoRequest,
  type NexoResponse,
  parseJson,
  readRequest,
  readResponse,
  type Unreadable,
} from './messages.ts';
export type {
  CardAcquisitionRequest,
  PaymentReceipt,
  PaymentRequest,
  PaymentResponse,
  ReversalRequest,
  TransactionTotals,
} from './payment-messages.ts';
export {
  type HeldOrder,
  isNotDone,
  type NotDone,
  type PaymentOrder,
  paymentOrder,
  type SaleOrder,
  type Wishes,
} from './payment-order.ts';
export { paymentResponse } from './payment-result.ts';
export { displayNotification, type ProgressEvent, progressOf } from './progress.ts';
export { paymentReceipt, type ReceiptLine } from './receipts.ts';
export {
  answerUnreadable,
  eventNotification,
  failure,
  poiData,
  type ReplyFacts,
  refusal,
  repeatedSaleData,
} from './refusals.ts';
export {
  type ReversalOrder,
  reversalOrder,
  reversalResponse,
  reversedMinor,
  type ToldReversal,
} from './reversal.ts';
export {
  looksSecured,
  type Opened,
  openSecured,
  type SecuredMessage,
  seal,
} from './secured-message.ts';
export type { EventNotification, Input, InputRequest, PoiStatus } from './session-messages.ts';
export type {
  DisplayOutput,
  MessageHeader,
  MessageReference,
  OutputContent,
  Response,
  SaleData,
  TransactionIdentification,
} from './structures.ts';
export { timeStamp } from './times.ts';
export type { PaymentFacts, ToldPayment } from './told-payment.ts';
export {
  noAnswerYet,
  type RepeatableCategory,
  referenced,
  repeatedAnswer,
  serviceKey,
} from './transaction-status.ts';
