import { writeFileSync } from 'node:fs';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { call } from '#drivers/control/index.ts';
import { listPayments, showPayment, showTranscript } from '#drivers/sqlite/index.ts';
import { recordOf } from '#payment/record.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { PaymentRow } from '#ports/journal.ts';
import { type ReceiptCopy, receiptText } from '#receipt/index.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';
import { loadConfiguration } from './load-configuration.ts';
import { configurationFor } from './noted-configuration.ts';
import { type MadeReceipt, receiptMaker } from './opening/receipt-maker.ts';
import type { Places } from './places.ts';

export interface ReceiptCommandOptions {
  readonly copy: ReceiptCopy;
  readonly columns: string;
  readonly html?: string;
  readonly print?: boolean;
  readonly language?: string;
  readonly config?: string;
}

/** `countertap receipt PAYMENT`: what is not the first print says that it is a duplicate. */
export const receipt = async (
  places: Places,
  payment: string,
  options: ReceiptCommandOptions,
): Promise<ExitCode> => {
  const { language } = options;
  if (language !== undefined && !/^[a-z]{2}$/.test(language)) {
    return fail(`"${language}" is no language: expected two letters such as de`);
  }
  const row = find(places, payment);
  if (isFault(row)) return fail(row.detail);
  if (row === undefined) {
    fail(payment === LAST ? 'no payment yet' : `the journal has no payment "${payment}"`);
    return exit.declined;
  }
  if (options.print === true) return print(places, row.id, options);
  const made = make(places, row, options);
  if (typeof made === 'string') return fail(made);
  if (options.html !== undefined) return write(options.html, made);
  say(receiptText(made.receipt, Number(options.columns)));
  return exit.ok;
};

const LAST = 'last';

const find = (places: Places, payment: string): PaymentRow | undefined | Fault => {
  if (payment !== LAST) {
    const shown = showPayment(places.journal, payment);
    return isFault(shown) ? shown : shown?.row;
  }
  const latest = listPayments(places.journal, 1);
  return isFault(latest) ? latest : latest[0];
};

/** The receipt, or in words why there is none. */
const make = (
  places: Places,
  row: PaymentRow,
  { copy, language, config }: ReceiptCommandOptions,
): MadeReceipt | string => {
  const which = configurationFor(places, config);
  if ('problem' in which) return which.problem;
  const configuration = loadConfiguration(which.name);
  if (isConfigProblem(configuration)) return describeConfigProblem(configuration);
  const transcript = showTranscript(places.journal, row.id);
  if (isFault(transcript)) return transcript.detail;
  const wish = { copy, language, duplicate: true };
  const made = receiptMaker(configuration)(recordOf(row), transcript, wish);
  return isConfigProblem(made) ? describeConfigProblem(made) : made;
};

const write = async (file: string, { receipt, title }: MadeReceipt): Promise<ExitCode> => {
  const { receiptPage } = await import('#receipt/page.ts');
  try {
    writeFileSync(file, receiptPage(receipt, title), { flag: 'wx', mode: 0o600 });
    return exit.ok;
  } catch {
    return fail(`${file} can't be made, or is there already`);
  }
};

// The printer is the terminal's: nobody else may write in between.
const print = async (
  places: Places,
  payment: string,
  { copy, language }: ReceiptCommandOptions,
): Promise<ExitCode> => {
  const asked = { op: 'receipt', payment, copy, ...(language === undefined ? {} : { language }) };
  const answer = await call(places.controlSocket, asked);
  if (isFault(answer)) return fail(answer.detail);
  if (typeof answer['error'] === 'string') return fail(`not printed: ${answer['error']}`);
  say('printed');
  return exit.ok;
};
