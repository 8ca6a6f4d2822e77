import { type Fault, isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { ReceiptPrinter } from '#ports/receipt-printer.ts';
import type { ReceiptCopy } from '#receipt/index.ts';
import { languageAfter } from '#terminal/presenter.ts';
import type { ReceiptOnPhone, TerminalEvent } from '#terminal/types.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { onFirstReady } from './first-printer.ts';
import { copiesAfter } from './receipt-copies.ts';
import type { PrintReceipt } from './receipt-maker.ts';

/** What becomes of receipts, on paper and on phones. */
export interface Receipts {
  /** Prints what the configuration says, when a payment has ended. Waits for nothing. */
  follow(event: TerminalEvent): void;
  /** Prints one because somebody asked; undefined where no printer is named. */
  readonly print?: PrintReceipt | undefined;
  /** For the display; undefined where receipts are no pages. */
  readonly onPhone?: ReceiptOnPhone | undefined;
  close(): Promise<void>;
}

type Kept = Pick<Journal, 'payment' | 'byTillId' | 'transcript'>;

/**
 * Opens what `receipts` in terminal.json names, and loads nothing else. A page that can't be served
 * is logged, and payments go on without it.
 */
export const openReceipts = async (
  configuration: Configuration,
  places: Places,
  journal: Kept,
  printers: readonly Pick<ReceiptPrinter, 'print' | 'devices$'>[],
  log: Log,
): Promise<Receipts> => {
  const { receipts } = configuration.terminal;
  const printing = printers.length > 0;
  if (!printing && receipts.print !== 'asked') {
    log.warn({ print: receipts.print }, 'receipts are to be printed, and no printer is named');
  }
  const page = await openPage(configuration, places, journal, log);
  const print = printerOf(configuration, journal, printers);
  return {
    follow: printing ? following(configuration, print, log) : () => {},
    print: printing ? (...about) => print(true, ...about) : undefined,
    onPhone: page?.onPhone,
    close: async () => page?.close(),
  };
};

const openPage = async (configuration: Configuration, places: Places, journal: Kept, log: Log) => {
  const { page: config } = configuration.terminal.receipts;
  if (config === undefined) return undefined;
  const { openReceiptPage } = await import('./open-receipt-page.ts');
  const page = await openReceiptPage({ configuration, config, places, journal, log });
  if (!isFault(page)) return page;
  log.error({ problem: page }, 'receipts are not shown to phones; payments go on');
  return undefined;
};

type Print = (duplicate: boolean, ...about: Parameters<PrintReceipt>) => Promise<Fault | undefined>;

// What makes receipts is loaded with the first.
const printerOf = (
  configuration: Configuration,
  journal: Kept,
  printers: readonly Pick<ReceiptPrinter, 'print' | 'devices$'>[],
): Print => {
  const printer = onFirstReady(printers);
  return async (duplicate, ...about) => {
    const { receiptMaker, receiptPrinting } = await import('./receipt-maker.ts');
    const make = receiptMaker(configuration);
    return receiptPrinting(journal, make, printer, duplicate)(...about);
  };
};

const following = (
  { terminal, texts }: Configuration,
  print: Print,
  log: Log,
): Receipts['follow'] => {
  const own = terminal.terminal.language;
  const speak = languageAfter({ texts, language: own });
  let language = own;
  let askedHost = false;
  const printAll = async (payment: string, copies: readonly ReceiptCopy[], spoken: string) => {
    for (const copy of copies) {
      const refused = await print(false, payment, copy, copy === 'customer' ? spoken : own);
      if (refused === undefined) continue;
      const how = `countertap receipt ${payment} --copy ${copy} --print`;
      log.warn({ payment, copy, why: refused.detail, how }, 'a receipt is not on paper');
    }
  };
  return (event) => {
    language = speak(language, event);
    if (event.event === 'saleStarted') askedHost = false;
    if (event.event === 'authorising') askedHost = true;
    if (event.event !== 'saleEnded') return;
    const { result } = event;
    const copies = copiesAfter(result, askedHost, terminal.receipts);
    printAll(result.transactionId, copies, language).catch((error: unknown) =>
      log.error({ payment: result.transactionId, err: error }, 'printing a receipt broke down'),
    );
  };
};
