/** The desk where tills are served: their messages to the terminal, and the answers back. */

export { createTillDesk } from './desk.ts';
export type { TillParts, TillReceipts } from './parts.ts';
export { receiptLines } from './receipt-lines.ts';
