import { parseAmount } from '#data/amount.ts';
import { type Currency, currencyByCode } from '#data/currencies.ts';
import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { SaleRequest, SaleResult } from '#terminal/types.ts';
import { type ExitCode, exit, fail, failAs, say } from './exit.ts';
import { describeResult, exitOf, onlyInPart } from './result-text.ts';
import { keysHelp } from './status.ts';

export interface AmountOptions {
  readonly currency?: string;
  readonly json?: boolean;
  /** The till's own transaction id. */
  readonly id?: string;
}

export interface SaleOptions extends AmountOptions {
  readonly partial?: boolean;
  readonly preAuthorise?: boolean;
  /** By card only, or by code only. */
  readonly by?: 'card' | 'code';
  /** The shopper's code. */
  readonly code?: string;
  /** The wallet's name. */
  readonly wallet?: string;
  /** Parts of the amount, as typed. */
  readonly tip?: string;
  readonly cashback?: string;
  readonly askTip?: boolean;
  /** Schemes whose cards may pay. */
  readonly brand?: readonly string[];
}

export interface RefundOptions extends AmountOptions {
  /** The payment whose card it goes back to. */
  readonly of?: string;
}

/** `countertap sale AMOUNT`: waits for the result and prints it. */
export const sale = async (
  socket: string,
  amount: string,
  options: SaleOptions,
): Promise<ExitCode> => {
  const tip = await partAsked(socket, options.tip, options);
  const cash = await partAsked(socket, options.cashback, options);
  if ('problem' in tip) return failAs(options.json, tip.problem);
  if ('problem' in cash) return failAs(options.json, cash.problem);
  return take(socket, amount, options, {
    ...(tip.minor === undefined ? {} : { tipMinor: tip.minor }),
    ...(cash.minor === undefined ? {} : { cashBackMinor: cash.minor }),
    ...(options.askTip === true ? { askTip: true } : {}),
    ...(options.brand === undefined ? {} : { brands: options.brand }),
    ...(options.preAuthorise === true ? { kind: 'preAuthorisation' } : {}),
    ...(options.partial === true ? { partial: true } : {}),
    ...(options.by === undefined ? {} : { method: options.by }),
    ...(options.code === undefined ? {} : { code: options.code }),
    ...(options.wallet === undefined ? {} : { wallet: options.wallet }),
  });
};

const partAsked = async (
  socket: string,
  part: string | undefined,
  options: AmountOptions,
): Promise<{ readonly minor?: number } | { readonly problem: string }> =>
  part === undefined ? {} : amountAsked(socket, part, options);

/** `countertap refund AMOUNT`: to a card that is presented, or to the one of an earlier payment. */
export const refund = (socket: string, amount: string, options: RefundOptions): Promise<ExitCode> =>
  take(socket, amount, options, {
    kind: 'refund',
    ...(options.of === undefined ? {} : { original: options.of }),
  });

/** `countertap cancel`. */
export const cancel = async (socket: string): Promise<ExitCode> => {
  const answer = await call(socket, { op: 'cancel' });
  if (isFault(answer)) return fail(answer.detail);
  if (answer['cancelled'] !== true) return fail('no payment is being taken');
  say('cancelled');
  return exit.ok;
};

export interface Asked {
  readonly minor: number;
  readonly currency: Currency;
}

/** An amount as a person typed it, in a currency or the shop's own; or what is wrong with it. */
export const amountAsked = async (
  socket: string,
  amount: string,
  { currency }: AmountOptions,
): Promise<Asked | { readonly problem: string }> => {
  const code = currency ?? (await shopCurrency(socket));
  if (typeof code !== 'string') return code;
  const known = currencyByCode(code.toUpperCase());
  if (known === undefined) return { problem: `"${code}" is not a currency this terminal knows` };
  const parsed = parseAmount(amount, known);
  return 'problem' in parsed ? parsed : { minor: parsed.minor, currency: known };
};

const take = async (
  socket: string,
  amount: string,
  options: AmountOptions,
  about: Partial<SaleRequest>,
): Promise<ExitCode> => {
  const { json, id } = options;
  const parsed = await amountAsked(socket, amount, options);
  if ('problem' in parsed) return failAs(json, parsed.problem);
  const { minor, currency } = parsed;
  const asked = cancelOnSignal(socket);
  const answer = await call(
    socket,
    {
      op: 'sale',
      amountMinor: minor,
      currency: currency.numeric,
      ...about,
      ...(id === undefined ? {} : { tillId: id }),
    },
    (line) => {
      asked.heard(line);
      if (json !== true) tell(line, takesCard(about));
    },
    asked.hangUp,
  );
  if (isFault(answer))
    return asked.hangUp.aborted ? hungUp(id, json) : unknownEnd(answer, id, json);
  if (typeof answer['error'] === 'string') return failAs(json, answer['error']);
  const result = answer['result'] as SaleResult;
  say(json === true ? JSON.stringify(result) : describeResult(result));
  const part = onlyInPart(result, about.partial);
  if (part !== undefined) process.stderr.write(`countertap: ${part}\n`);
  if (result.status === 'error' && KEYS_GONE.test(result.reason)) {
    process.stderr.write(`countertap: to load keys: ${keysHelp(result.reason)}\n`);
  }
  return exitOf(result, about.partial);
};

const KEYS_GONE = /no keys are loaded|the keys were erased/;

// Nothing listened: nothing was asked. Anything else leaves open what came of it.
const unknownEnd = (
  { fault, detail }: Fault,
  id: string | undefined,
  json: boolean | undefined,
): ExitCode =>
  failAs(
    json,
    fault === 'serviceDown'
      ? detail
      : `${detail}; what came of the payment is not known here: ${
          id === undefined
            ? 'look for it with `countertap journal list`'
            : `ask again with --id ${id}, and nothing is paid twice`
        }`,
  );

const hungUp = (id: string | undefined, json: boolean | undefined): ExitCode => {
  failAs(
    json,
    id === undefined
      ? 'not waited for: the terminal cancels the payment'
      : `not waited for: ask again with --id ${id} for what came of it`,
  );
  return exit.cancelledOrTimedOut;
};

const shopCurrency = async (socket: string): Promise<string | { readonly problem: string }> => {
  const status = await call(socket, { op: 'status' });
  if (isFault(status)) return { problem: status.detail };
  if (typeof status['error'] === 'string') return { problem: status['error'] };
  return String(status['currency']);
};

/**
 * Ctrl-C asks the terminal to cancel and waits for its word: the host may have approved by then. A
 * second one hangs up.
 */
const cancelOnSignal = (socket: string) => {
  const hangUp = new AbortController();
  let transactionId: unknown;
  let asked = false;
  const onSignal = () => {
    if (asked || transactionId === undefined) hangUp.abort();
    else void call(socket, { op: 'cancel', transactionId });
    asked = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return {
    hangUp: hangUp.signal,
    heard: (line: ControlLine) => {
      transactionId ??= line['transactionId'];
    },
  };
};

const takesCard = ({ original, code, wallet, method }: Partial<SaleRequest>): boolean =>
  [original, code, wallet].every((one) => one === undefined) && method !== 'code';

const tell = (line: ControlLine, needsCard: boolean): void => {
  const words = PROGRESS[String(line['screen'] ?? line['event'])];
  if (words === undefined || (line['event'] === 'saleStarted' && !needsCard)) return;
  // The display's own word for what "authorising" has said already.
  if (line['event'] === 'code' && line['screen'] === 'authorising') return;
  const detail = line['detail'] === undefined ? '' : `: ${line['detail']}`;
  process.stderr.write(`${words}${detail}\n`);
};

const PROGRESS: Readonly<Record<string, string>> = {
  noReader: 'no card reader',
  saleStarted: 'waiting for a card or phone (Ctrl-C cancels)',
  cardRead: 'card read',
  authorising: 'asking the host',
  scan: 'a code was scanned',
  payByCode: 'the shopper is to choose a wallet (Ctrl-C cancels)',
  scanCode: 'the shopper is to scan the code on the display (Ctrl-C cancels)',
  showYourCode: 'the shopper is to show a code to the scanner (Ctrl-C cancels)',
  confirmOnPhone: 'the shopper is to confirm on the phone (Ctrl-C cancels)',
};
