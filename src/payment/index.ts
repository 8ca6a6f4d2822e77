/**
 * Payments as promises: the states one can be in, the books that hold them, and what may be kept of
 * an account number.
 */

export { createTurns, type InTurn } from '#ports/turns.ts';
export { type Account, accountIn, type ProtectedAccount, protect, reveal } from './account.ts';
export { type Beside, type Books, type Change, openBooks } from './books.ts';
export { type OfflineLimits, type OfflineRules, offlineRefusal } from './offline-limits.ts';
export {
  type AnswerOnRecord,
  amountOf,
  type CardOnRecord,
  fold,
  isWalletPayment,
  owed,
  type Patch,
  type PaymentKind,
  type PaymentRecord,
  partsOf,
  priceOf,
  type RequestOnRecord,
  type ReversalReason,
  recordOf,
  rowOf,
  stands,
  toJson,
  transmissionTime,
  type WalletOnRecord,
} from './record.ts';
export { packSealed, unpackSealed } from './sealed.ts';
export { type EventName, nextState, type PaymentState, states, transitions } from './states.ts';
