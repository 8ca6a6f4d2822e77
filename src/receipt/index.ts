/** A payment's receipt: what it says, on paper, as text and as a page. */

export { shownNumber, withoutAccount } from './account.ts';
export { COLUMNS, columnsOf, type LaidOut, layOut, receiptText } from './layout.ts';
export { kindOf, outcomeOf, type ReceiptOutcome } from './outcome.ts';
export { receiptFor, receiptMoney } from './receipt.ts';
export type {
  ReceiptCopy,
  ReceiptOptions,
  ReceiptShop,
  Told,
} from './source.ts';
