import { type Zone, zoneOf } from '#acceptance/index.ts';
import { type ConfigProblem, isConfigProblem } from '#config/problem.ts';
import { exchangesIn } from '#console/views/exchanges.ts';
import { findElement } from '#console/views/find-element.ts';
import { type PaymentRecord, recordOf } from '#payment/record.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { Receipt, ReceiptPrinter } from '#ports/receipt-printer.ts';
import { type ReceiptCopy, type ReceiptOptions, receiptFor } from '#receipt/index.ts';
import type { Configuration } from '../load-configuration.ts';
import { keptReceiptWords } from './receipt-words.ts';

export interface ReceiptWish extends Pick<ReceiptOptions, 'copy' | 'duplicate' | 'code'> {
  /** Two letters; the shop's own language if absent. */
  readonly language?: string | undefined;
}

/** A receipt, and the word for "receipt" in its language. */
export interface MadeReceipt {
  readonly receipt: Receipt;
  readonly title: string;
}

/** Makes a payment's receipt of its record and the transcript of its tap, where there is one. */
export type ReceiptMaker = (
  record: PaymentRecord,
  transcript: string | undefined,
  wish: ReceiptWish,
) => MadeReceipt | ConfigProblem;

/** Prints a copy of a receipt; a Fault says why it isn't on paper. */
export type PrintReceipt = (
  payment: string,
  copy: ReceiptCopy,
  language?: string,
) => Promise<Fault | undefined>;

/** Receipts by a shop's configuration. Words are read when they are needed, and have changed. */
export const receiptMaker = ({
  folder,
  terminal: { merchant, terminal, acceptance },
}: Pick<Configuration, 'folder' | 'terminal'>): ReceiptMaker => {
  const shop = { merchant: merchant.name, merchantId: merchant.id, terminalId: terminal.id };
  const wordsIn = keptReceiptWords(folder);
  let zone: Zone | undefined;
  // Both copies are made of one.
  let latest: { readonly transcript: string | undefined; readonly elements: Elements } | undefined;
  const elementsOf = (transcript: string | undefined): Elements => {
    if (latest === undefined || latest.transcript !== transcript) {
      latest = { transcript, elements: elementsIn(transcript) };
    }
    return latest.elements;
  };
  const localMs = (ms: number): number => {
    zone ??= zoneOf(acceptance.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
    return zone?.localMs(ms) ?? ms;
  };
  return (record, transcript, { language: wanted, ...wish }) => {
    const elements = elementsOf(transcript);
    const make = (language: string): MadeReceipt | ConfigProblem => {
      const words = wordsIn(language);
      if (isConfigProblem(words)) return words;
      const options = { ...wish, shop, language, words, localMs, elements };
      return { receipt: receiptFor(record, options), title: words.title };
    };
    const language = wanted ?? terminal.language;
    const made = make(language);
    if (isConfigProblem(made) || isLatin(language)) return made;
    const latin = make(isLatin(terminal.language) ? terminal.language : 'en');
    if (isConfigProblem(latin)) return latin;
    return { ...made, receipt: { ...made.receipt, inLatin: latin.receipt } };
  };
};

/**
 * What `countertap receipt --print` asks a running terminal for; and, as no duplicate, what it
 * prints by itself.
 */
export const receiptPrinting =
  (
    journal: Pick<Journal, 'payment' | 'byTillId' | 'transcript'>,
    make: ReceiptMaker,
    printer: Pick<ReceiptPrinter, 'print'>,
    duplicate = true,
  ): PrintReceipt =>
  async (payment, copy, language) => {
    const row = (await journal.payment(payment)) ?? (await journal.byTillId(payment));
    if (isFault(row)) return row;
    if (row === undefined) return fault('device', `the journal has no payment "${payment}"`);
    const transcript = await journal.transcript(row.id);
    if (isFault(transcript)) return transcript;
    const made = make(recordOf(row), transcript, { copy, duplicate, language });
    return isConfigProblem(made)
      ? fault('device', `no words for the receipt: ${made.file}: ${made.key}`)
      : printer.print(made.receipt);
  };

const isLatin = (language: string): boolean =>
  new Intl.Locale(language).maximize().script === 'Latn';

type Elements = NonNullable<ReceiptOptions['elements']>;

const elementsIn = (transcript: string | undefined): Elements => {
  const exchanges = exchangesIn(transcript).toReversed();
  return (wanted) => {
    for (const exchange of exchanges) {
      if ('fault' in exchange) continue;
      const found = findElement(exchange.response.subarray(0, -2), wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  };
};
