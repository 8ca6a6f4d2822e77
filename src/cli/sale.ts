import { parseAmount } from '#data/amount.ts';
import { currencyByCode, currencyByNumeric } from '#data/currencies.ts';
import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { formatAmount } from '#terminal/format.ts';
import type { SaleResult, SaleStatus } from '#terminal/types.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';

export interface SaleOptions {
  readonly currency?: string;
  readonly json?: boolean;
}

/** `countertap sale AMOUNT`: waits for the result and prints it. */
export const sale = async (
  socket: string,
  amount: string,
  options: SaleOptions,
): Promise<ExitCode> => {
  const code = options.currency ?? (await shopCurrency(socket));
  if (typeof code !== 'string') return fail(code.problem);
  const currency = currencyByCode(code.toUpperCase());
  if (currency === undefined) return fail(`"${code}" is not a currency this terminal knows`);
  const parsed = parseAmount(amount, currency);
  if ('problem' in parsed) return fail(parsed.problem);
  const request = { op: 'sale', amountMinor: parsed.minor, currency: currency.numeric };
  const asked = cancelOnSignal(socket);
  const answer = await call(
    socket,
    request,
    (line) => {
      asked.heard(line);
      if (options.json !== true) tell(line);
    },
    asked.hangUp,
  );
  if (isFault(answer)) return asked.hangUp.aborted ? hungUp() : unknownEnd(answer);
  if (typeof answer['error'] === 'string') return fail(answer['error']);
  const result = answer['result'] as SaleResult;
  say(options.json === true ? JSON.stringify(result) : describe(result));
  return EXITS[result.status];
};

// Nothing listened: nothing was asked. Anything else leaves open what the host has booked.
const unknownEnd = ({ fault, detail }: Fault): ExitCode =>
  fail(
    fault === 'serviceDown'
      ? detail
      : `${detail}; what came of the payment is not known: look for it at the host`,
  );

const hungUp = (): ExitCode => {
  process.stderr.write('not waited for: the terminal cancels the payment\n');
  return exit.cancelledOrTimedOut;
};

/** `countertap cancel`. */
export const cancel = async (socket: string): Promise<ExitCode> => {
  const answer = await call(socket, { op: 'cancel' });
  if (isFault(answer)) return fail(answer.detail);
  if (answer['cancelled'] !== true) return fail('no payment is being taken');
  say('cancelled');
  return exit.ok;
};

const EXITS: Readonly<Record<SaleStatus, ExitCode>> = {
  approved: exit.approved,
  declined: exit.declined,
  cancelled: exit.cancelledOrTimedOut,
  timedOut: exit.cancelledOrTimedOut,
  busy: exit.error,
  error: exit.error,
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

const tell = (line: ControlLine): void => {
  const words = PROGRESS[String(line['event'])];
  if (words === undefined) return;
  const detail = line['detail'] === undefined ? '' : `: ${line['detail']}`;
  process.stderr.write(`${words}${detail}\n`);
};

const PROGRESS: Readonly<Record<string, string>> = {
  noReader: 'no card reader',
  saleStarted: 'waiting for a card or phone (Ctrl-C cancels)',
  cardRead: 'card read',
  authorising: 'asking the host',
};

const describe = (result: SaleResult): string => {
  const currency = currencyByNumeric(currencyByCode(result.currency)?.numeric ?? 0);
  const amount = formatAmount(
    { amountMinor: result.amountMinor, currency: currency?.numeric ?? 0 },
    'en',
  );
  const lines: [string, string | undefined][] = [
    [WORDS[result.status], `${amount} ${result.currency}, ${result.reason}`],
    ['card', [result.scheme, result.maskedPan].filter(Boolean).join(' ') || undefined],
    ['cardholder', result.cvm],
    ['host', hostWords(result)],
    ['tap', tapWords(result)],
    ['transaction', result.transactionId],
  ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(12)} ${value}`)
    .join('\n');
};

const WORDS: Readonly<Record<SaleStatus, string>> = {
  approved: 'Approved',
  declined: 'Declined',
  cancelled: 'Cancelled',
  timedOut: 'Timed out',
  busy: 'Busy',
  error: 'Error',
};

const hostWords = ({ responseCode, authorisationCode, retrievalReference }: SaleResult) =>
  responseCode === undefined
    ? undefined
    : [
        `response ${responseCode}`,
        authorisationCode && `authorisation ${authorisationCode}`,
        retrievalReference && `reference ${retrievalReference}`,
      ]
        .filter(Boolean)
        .join(', ');

const tapWords = ({ tap }: SaleResult): string | undefined =>
  tap && `${tap.totalMs} ms, of which card and reader ${tap.cardMs} ms, terminal ${tap.ownMs} ms`;
