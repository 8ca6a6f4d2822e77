import type { KeyRing, ReceiptLine } from '#nexo/index.ts';
import type { Books } from '#payment/index.ts';
import type { RidingJournal } from '#payment/riders.ts';
import type { Clock, Entropy } from '#ports/clock.ts';
import type { Fault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { Receipt } from '#ports/receipt-printer.ts';
import type { WholeTerminal } from '#terminal/desks.ts';

/** What a desk for tills is made of. */
export interface TillParts {
  readonly terminal: WholeTerminal;
  readonly books: Books;
  /** What tills asked is written here, so that it can be answered after a restart. */
  readonly journal: Pick<Journal, 'append' | 'latestOwnEntries'> &
    Partial<Pick<RidingJournal, 'ride'>>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Read anew for each message: keys are exchanged while tills talk. */
  readonly keys: () => KeyRing | undefined;
  /** Whether messages are taken, and answered, without encryption. */
  readonly plain: boolean;
  /** This terminal's name to tills. */
  readonly poiId: string;
  /** DE 42 and DE 41. */
  readonly merchantId: string;
  readonly terminalId: string;
  /** The shop's currency, ISO 4217 numeric: of a card acquisition, which names none. */
  readonly currency: number;
  /** Names of the wallets that are taken by code. */
  readonly wallets: readonly string[];
  readonly softwareVersion: string;
  /** The shop's own language now, two letters. */
  readonly language: () => string;
  /** A payment's receipts; undefined when there is none. */
  readonly receipts?: (payment: string) => Promise<TillReceipts | undefined>;
  /** Prints what a till gives; absent where there is no printer. */
  readonly print?: (receipt: Receipt) => Promise<Fault | undefined>;
}

/** The two copies of a receipt, in lines as tills lay them out. */
export interface TillReceipts {
  readonly customer: readonly ReceiptLine[];
  readonly merchant: readonly ReceiptLine[];
}
