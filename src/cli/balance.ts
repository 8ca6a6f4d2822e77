import { currencyByNumeric } from '#data/currencies.ts';
import { call } from '#drivers/control/index.ts';
import { isFault } from '#ports/fault.ts';
import type { BalanceRequest, BalanceResult } from '#terminal/desks.ts';
import { type ExitCode, exit, fail, failAs, say } from './exit.ts';
import { moneyWords } from './result-text.ts';
import { amountAsked } from './sale.ts';

export interface BalanceOptions {
  readonly account: BalanceRequest['account'];
  readonly currency?: string;
  readonly json?: boolean;
}

/** `countertap balance`: waits for a card, and prints what its host tells. */
export const balance = async (
  socket: string,
  { account, json, ...options }: BalanceOptions,
): Promise<ExitCode> => {
  // For its currency.
  const asked = await amountAsked(socket, '1', options);
  if ('problem' in asked) return failAs(json, asked.problem);
  const request = { op: 'balance', account, currency: asked.currency.numeric };
  if (json !== true) process.stderr.write('waiting for a card or phone (Ctrl-C cancels)\n');
  const answer = await call(socket, request);
  if (isFault(answer)) return failAs(json, answer.detail);
  if (typeof answer['error'] === 'string') return failAs(json, answer['error']);
  const result = answer['result'] as BalanceResult;
  if (json === true) say(JSON.stringify(result));
  else if (result.balance === undefined) fail(result.restriction?.cashier ?? result.reason);
  else say(wordsOf(result, result.balance));
  return EXITS[result.status];
};

const wordsOf = (
  { scheme = '', maskedPan = '' }: BalanceResult,
  { kind, amountMinor, currency }: NonNullable<BalanceResult['balance']>,
): string => {
  const code = currencyByNumeric(currency)?.code ?? '';
  const lines = [
    [kind === 'available' ? 'Available' : 'Ledger', moneyWords(amountMinor, code)],
    ['card', `${scheme} ${maskedPan}`.trim()],
  ] as const;
  return lines.map(([name, words]) => `${name.padEnd(12)} ${words}`).join('\n');
};

const EXITS: Readonly<Record<BalanceResult['status'], ExitCode>> = {
  told: exit.ok,
  declined: exit.declined,
  cancelled: exit.cancelledOrTimedOut,
  timedOut: exit.cancelledOrTimedOut,
  busy: exit.error,
  error: exit.error,
};
