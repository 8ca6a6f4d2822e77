import { isConfigProblem } from '#config/problem.ts';
import type { ReceiptWords } from '#config/receipts-config.ts';
import { recordOf } from '#payment/record.ts';
import { isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { ReceiptCopy } from '#receipt/index.ts';
import { receiptLines, type TillParts } from '#till/index.ts';
import type { Configuration } from '../load-configuration.ts';
import { receiptMaker } from './receipt-maker.ts';
import { keptReceiptWords } from './receipt-words.ts';

/** Both copies of a payment's receipt for a till, in the shop's own language. */
export const tillReceipts = (
  configuration: Pick<Configuration, 'folder' | 'terminal'>,
  journal: Pick<Journal, 'payment' | 'transcript'>,
): NonNullable<TillParts['receipts']> => {
  const make = receiptMaker(configuration);
  const wordsIn = keptReceiptWords(configuration.folder);
  const { language } = configuration.terminal.terminal;
  return async (payment) => {
    const row = await journal.payment(payment);
    const transcript = await journal.transcript(payment);
    if (row === undefined || isFault(row) || isFault(transcript)) return undefined;
    const words = wordsIn(language);
    if (isConfigProblem(words)) return undefined;
    const keys = keysBy(words);
    const copyOf = (copy: ReceiptCopy) => {
      const made = make(recordOf(row), transcript, { copy });
      return isConfigProblem(made)
        ? undefined
        : receiptLines(made.receipt, (label) => keys.get(label));
    };
    const customer = copyOf('customer');
    const merchant = copyOf('merchant');
    return customer && merchant ? { customer, merchant } : undefined;
  };
};

/** The keys that Adyen's terminals give the lines of a receipt, by our words for them. */
const keysBy = ({ labels, copies, outcomes, notes }: ReceiptWords): ReadonlyMap<string, string> =>
  new Map([
    [labels.merchant, 'mid'],
    [labels.terminal, 'tid'],
    [labels.date, 'txdate'],
    [labels.amount, 'totalAmount'],
    [labels.card, 'cardType'],
    [labels.number, 'pan'],
    [labels.entry, 'posEntryMode'],
    [labels.authorisation, 'authCode'],
    [labels.transaction, 'txRef'],
    [labels.till, 'mref'],
    ['AID', 'aid'],
    [copies.customer, 'cardholderHeader'],
    [copies.merchant, 'merchantTitle'],
    [outcomes.approved, 'approved'],
    [notes.keep, 'retain'],
  ]);
