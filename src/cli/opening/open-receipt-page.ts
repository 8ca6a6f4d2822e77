import { join } from 'node:path';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import type { ReceiptPageConfig } from '#config/receipt-options-config.ts';
import { type FoundReceipt, openReceiptServer, receiptKey } from '#drivers/receipt-page/index.ts';
import { recordOf } from '#payment/record.ts';
import type { ReceiptToScan } from '#ports/customer-display.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { ReceiptOnPhone } from '#terminal/types.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import { loadReceiptWords } from './receipt-words.ts';

export interface ReceiptPageParts {
  readonly configuration: Configuration;
  readonly config: ReceiptPageConfig;
  readonly places: Places;
  readonly journal: Pick<Journal, 'payment' | 'transcript'>;
  readonly log: Log;
}

export interface OpenedReceiptPage {
  readonly onPhone: ReceiptOnPhone;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Serves receipts to phones; a Fault where the address can't be listened on, or without a key. */
export const openReceiptPage = async (
  parts: ReceiptPageParts,
): Promise<OpenedReceiptPage | Fault> => {
  const { config, places, log } = parts;
  const { host, port, origin, days } = config;
  const key = receiptKey(join(places.state, 'receipts', 'key'));
  if (isFault(key)) return key;
  const shown = recentOnes();
  const server = await openReceiptServer({
    ...{ host, port, key, log, wallMs: clock.wallMs, validForMs: days * DAY_MS },
    ...(origin === undefined ? {} : { origin }),
    find: (payment) => receiptOf(parts, payment, shown.get(payment)?.language),
  });
  if (isFault(server)) return server;
  if (server.addressOf('0') === undefined) {
    log.warn(
      { host },
      'no phone can reach the receipts: receipts.page needs another host, or origin',
    );
  }
  const captionIn = captions(parts);
  return {
    onPhone: (payment, language) => {
      const before = shown.get(payment);
      if (before?.language === language) return before.toScan;
      const content = before?.toScan?.content ?? server.addressOf(payment);
      const words = captionIn(language);
      const toScan = content === undefined || words === undefined ? undefined : { content, words };
      shown.set(payment, { language, toScan });
      return toScan;
    },
    close: () => server.close(),
  };
};

interface Shown {
  /** Of the display when it was shown: the page speaks it, too, as long as we remember it. */
  readonly language: string;
  readonly toScan: ReceiptToScan | undefined;
}

const REMEMBERED = 500;

const recentOnes = () => {
  const recent = new Map<string, Shown>();
  return {
    get: (payment: string) => recent.get(payment),
    set: (payment: string, shown: Shown) => {
      recent.set(payment, shown);
      const [oldest = ''] = recent.keys();
      if (recent.size > REMEMBERED) recent.delete(oldest);
    },
  };
};

const receiptOf = async (
  { journal, configuration }: ReceiptPageParts,
  payment: string,
  language: string | undefined,
): Promise<FoundReceipt | undefined | Fault> => {
  const row = await journal.payment(payment);
  if (isFault(row) || row === undefined) return row;
  const transcript = await journal.transcript(payment);
  if (isFault(transcript)) return transcript;
  const { receiptMaker } = await import('./receipt-maker.ts');
  const made = receiptMaker(configuration)(recordOf(row), transcript, {
    copy: 'customer',
    language,
  });
  return isConfigProblem(made) ? fault('device', describeConfigProblem(made)) : made;
};

/** A language's file is read once; one that is broken is told once, and no code shown in it. */
const captions = ({ configuration: { folder }, log }: ReceiptPageParts) => {
  const known = new Map<string, string | undefined>();
  return (language: string): string | undefined => {
    if (known.has(language)) return known.get(language);
    const words = loadReceiptWords(folder, language);
    const broken = isConfigProblem(words);
    if (broken) log.error({ why: describeConfigProblem(words) }, 'no words for receipts');
    const caption = broken ? undefined : words.notes.onPhone;
    known.set(language, caption);
    return caption;
  };
};
