import type { Subject } from 'rxjs';
import { toHex } from '#bytes/hex.ts';
import { codeOf } from './format.ts';
import { alreadyAsked, refundable } from './known-payment.ts';
import type { Sale, Workings } from './now.ts';
import { problemOf } from './request-problem.ts';
import type { SaleRequest, SaleResult, TerminalEvent } from './types.ts';

/** See Terminal.sale. */
export const sell = async (
  { parts, wallets, now }: Workings,
  sales: Subject<Sale>,
  request: SaleRequest,
  signal: AbortSignal,
  onEvent: (event: TerminalEvent) => void,
): Promise<SaleResult> => {
  const transactionId = toHex(parts.entropy.bytes(6));
  const refuse = (status: 'busy' | 'error', reason: string): SaleResult => ({
    status,
    transactionId,
    ...(request.tillId === undefined ? {} : { tillId: request.tillId }),
    amountMinor: request.amountMinor,
    currency: codeOf(request.currency),
    reason,
  });
  // It may end while we look for it in the books: then its own end is the answer.
  if (isSame(now.current, request)) return sameAgain(now.current, request, refuse);
  const refusal = (await parts.books.ready()) ?? parts.keys.refusal();
  // A payment that ended while we looked is looked for again.
  let ended: number;
  let known: Awaited<ReturnType<typeof alreadyAsked>>;
  let original: Awaited<ReturnType<typeof refundable>>;
  do {
    ended = now.ended;
    known = await alreadyAsked(parts, wallets, request);
    original = await refundable(parts, request);
  } while (ended !== now.ended);
  // From here to the start of the payment nothing is awaited: nobody comes between.
  const { current } = now;
  if (isSame(current, request)) return sameAgain(current, request, refuse);
  const problem = problemOf(request);
  if (problem !== undefined) return refuse('error', problem);
  if (typeof known === 'string') return refuse('error', known);
  if (known !== undefined) return known;
  if (refusal !== undefined) return refuse('error', `no payment can be taken: ${refusal.detail}`);
  if (typeof original === 'string') return refuse('error', original);
  if (now.closing) return refuse('error', 'the terminal is being ended');
  if (!now.running) return refuse('error', 'the terminal is not running');
  if (current !== undefined) return refuse('busy', 'another payment is being taken');
  const cancel = new AbortController();
  const hangUp = () => cancel.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  const { promise, resolve } = Promise.withResolvers<SaleResult>();
  const done = (result: SaleResult) => {
    signal.removeEventListener('abort', hangUp);
    resolve(result);
  };
  const about = original === undefined ? {} : { original };
  const sale = { request, transactionId, cancel, resolve: done, onEvent, ended: promise };
  sales.next({ ...sale, ...about });
  if (signal.aborted) cancel.abort();
  return promise;
};

const isSame = (current: Sale | undefined, { tillId }: SaleRequest): current is Sale =>
  tillId !== undefined && current?.request.tillId === tillId;

const sameAgain = (
  current: Sale,
  request: SaleRequest,
  refuse: (status: 'error', reason: string) => SaleResult,
): Promise<SaleResult> | SaleResult => {
  const { amountMinor, currency, kind = 'purchase', original } = current.request;
  const same =
    amountMinor === request.amountMinor &&
    currency === request.currency &&
    kind === (request.kind ?? 'purchase') &&
    original === request.original &&
    (current.request.cashBackMinor ?? 0) === (request.cashBackMinor ?? 0) &&
    current.request.code === request.code;
  return same
    ? current.ended
    : refuse('error', `transaction ${request.tillId}: it is being taken for something else`);
};
