import type { PaymentRecord } from '#payment/index.ts';
import type { Wallets } from '#wallets/index.ts';
import type { CodeDesk } from './code-desk.ts';
import type { Acquiring } from './course.ts';
import type { QuestionDesk } from './shopper-desk.ts';
import type {
  SaleRequest,
  SaleResult,
  TerminalEvent,
  TerminalParts,
  TerminalStatus,
} from './types.ts';

/** What the loop is made of. */
export interface Workings {
  readonly parts: TerminalParts;
  readonly wallets: Wallets;
  readonly desk: CodeDesk;
  readonly shopper: QuestionDesk;
  readonly now: Now;
}

/** One payment that somebody waits for. */
export interface Sale {
  readonly request: SaleRequest;
  readonly transactionId: string;
  readonly original?: PaymentRecord;
  readonly cancel: AbortController;
  readonly resolve: (result: SaleResult) => void;
  readonly onEvent: (event: TerminalEvent) => void;
  readonly ended: Promise<SaleResult>;
  /** A card is read, and nothing is paid. */
  readonly acquiring?: Acquiring;
}

/** The present, for questions from outside; written by the loop alone. */
export interface Now {
  running: boolean;
  /** No sale is taken any more. */
  closing: boolean;
  current: Sale | undefined;
  /** How many payments have ended. */
  ended: number;
  /** When the last card that paid was first seen, monotonic. */
  servedCardMs: number;
  status: TerminalStatus;
  /** When the oldest payment that waits to be forwarded was taken, wall clock. */
  oldestToForwardMs: number | undefined;
}

export const firstStatus: TerminalStatus = {
  state: 'idle',
  reader: 'not looked for yet',
  readerPresent: false,
  link: 'not connected yet',
  linkUp: false,
  openReversals: 0,
  toForward: 0,
  openOrders: 0,
  unknown: 0,
  period: 1,
  displays: 0,
  acceptance: { plasticOnly: false },
};
