import { parseAmount } from '#data/amount.ts';
import { currencyByCode, currencyByNumeric } from '#data/currencies.ts';
import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
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
  const hangUp = hangUpOnSignal();
  const told = new Set<string>();
  const answer = await call(
    socket,
    request,
    (line) => {
      if (options.json !== true) tell(line, told);
    },
    hangUp,
  );
  if (hangUp.aborted) {
    process.stderr.write('cancelled\n');
    return exit.cancelledOrTimedOut;
  }
  if (isFault(answer)) return fail(answer.detail);
  if (typeof answer['error'] === 'string') return fail(answer['error']);
  const result = answer['result'] as SaleResult;
  say(options.json === true ? JSON.stringify(result) : describe(result));
  return EXITS[result.status];
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

// Ctrl-C while waiting cancels the payment: the terminal sees the hang-up.
const hangUpOnSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort());
  }
  return controller.signal;
};

const tell = (line: ControlLine, told: Set<string>): void => {
  const event = String(line['event']);
  const words = PROGRESS[event];
  if (words === undefined || told.has(event)) return;
  told.add(event);
  process.stderr.write(`${words}\n`);
};

const PROGRESS: Readonly<Record<string, string>> = {
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
