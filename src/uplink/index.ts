/**
 * The uplink: one authorisation after another to the acquirer's host, and never one too many.
 * It decides what to send, when, and again; a HostLink carries the bytes, the books remember.
 */

export { BALANCE_INQUIRY } from './balance.ts';
export { askForEcho, type EchoParts } from './echo.ts';
export { responseCode } from './response-codes.ts';
export {
  type AccountType,
  type Answered,
  type Authorisation,
  type Balance,
  type BalanceAnswer,
  type BalanceInquiry,
  type CashierAction,
  type Echo,
  type ErrorCondition,
  type Kernel,
  type Payment,
  type Reconciled,
  type ResponseCode,
  type Retry,
  type Totals,
  type Unanswered,
  type Uplink,
  type UplinkConfig,
  type UplinkParts,
  type UplinkState,
  uplinkDefaults,
} from './types.ts';
export { createUplink } from './uplink.ts';
