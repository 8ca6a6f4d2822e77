import { currencyByNumeric } from '#data/currencies.ts';
import { call } from '#drivers/control/index.ts';
import { isFault } from '#ports/fault.ts';
import type { OrderResult, SaleResult } from '#terminal/types.ts';
import type { Reconciled, Totals } from '#uplink/index.ts';
import { type ExitCode, exit, fail, failAs, say } from './exit.ts';
import { describeResult, exitOf, moneyWords } from './result-text.ts';
import { type AmountOptions, amountAsked } from './sale.ts';

export interface OrderOutput {
  readonly json?: boolean;
}

/** `countertap void PAYMENT`: 0 taken back or on its way to be, 1 it can't be, 3 error. */
export const voidPayment = (socket: string, payment: string, output: OrderOutput) =>
  order(socket, { op: 'void', payment }, output);

export interface NoteOptions extends OrderOutput {
  /** The terminal is not to go on taking it back. */
  readonly giveUp?: boolean;
}

/** `countertap note PAYMENT`: staff have seen what the host refused later, or settled it. */
export const note = (socket: string, payment: string, options: NoteOptions) =>
  order(socket, { op: 'note', payment, giveUp: options.giveUp === true }, options);

/** `countertap complete PAYMENT AMOUNT`: collects an amount that is held, or less of it. */
export const complete = async (
  socket: string,
  payment: string,
  amount: string,
  options: AmountOptions,
): Promise<ExitCode> => {
  const parsed = await amountAsked(socket, amount, options);
  if ('problem' in parsed) return failAs(options.json, parsed.problem);
  const request = {
    op: 'complete',
    payment,
    amountMinor: parsed.minor,
    currency: parsed.currency.numeric,
    ...(options.id === undefined ? {} : { tillId: options.id }),
  };
  const result = await ask<SaleResult>(socket, request);
  if ('problem' in result) return failAs(options.json, result.problem);
  say(options.json === true ? JSON.stringify(result) : describeResult(result));
  return exitOf(result);
};

/** `countertap reconcile`: 0 in balance with the host or nothing to reconcile, 1 out of balance. */
export const reconcile = async (socket: string, { json }: OrderOutput): Promise<ExitCode> => {
  const result = await ask<Reconciled>(socket, { op: 'reconcile' });
  if ('problem' in result) return failAs(json, result.problem);
  say(json === true ? JSON.stringify(result) : describeReconciled(result));
  const all = [...(result.earlier?.currencies ?? []), ...result.currencies];
  return all.every(({ inBalance }) => inBalance) ? exit.ok : exit.declined;
};

const order = async (
  socket: string,
  request: { readonly op: string; readonly payment: string; readonly giveUp?: boolean },
  { json }: OrderOutput,
): Promise<ExitCode> => {
  const result = await ask<OrderResult>(socket, request);
  if ('problem' in result) return failAs(json, result.problem);
  const { status, transactionId, reason } = result;
  const words = transactionId === undefined ? reason : `payment ${transactionId}: ${reason}`;
  if (json === true) say(JSON.stringify(result));
  else if (status === 'done' || status === 'underWay') say(words);
  else fail(words);
  return EXITS[status];
};

const EXITS: Readonly<Record<OrderResult['status'], ExitCode>> = {
  done: exit.ok,
  underWay: exit.ok,
  refused: exit.declined,
  error: exit.error,
};

const ask = async <Result extends object>(
  socket: string,
  request: { readonly op: string },
): Promise<Result | { readonly problem: string }> => {
  const answer = await call(socket, request);
  if (isFault(answer)) return { problem: answer.detail };
  if (typeof answer['error'] === 'string') return { problem: answer['error'] };
  return answer['result'] as Result;
};

const describeReconciled = ({ earlier, ...result }: Reconciled): string =>
  [...(earlier === undefined ? [] : [earlier]), result].map(describePeriod).join('\n');

const describePeriod = ({ period, currencies }: Reconciled): string =>
  currencies.length === 0
    ? `period ${period}: nothing to reconcile`
    : currencies
        .map(({ currency, totals, inBalance }) => {
          const code = currencyByNumeric(currency)?.code ?? String(currency);
          const balance = inBalance
            ? 'in balance with the host'
            : 'OUT OF BALANCE: the host has other sums, and these payments stay unsettled';
          return `period ${period}: ${describeTotals(totals, code)}: ${balance}`;
        })
        .join('\n');

const describeTotals = ({ debits, credits }: Totals, code: string): string => {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  return [
    `${count(debits.count, 'payment')} ${moneyWords(debits.amountMinor, code)}`,
    `${count(credits.count, 'refund')} ${moneyWords(credits.amountMinor, code)}`,
  ].join(', ');
};
