import type { AnsweredCategory, NexoRequest, NexoResponse } from '#nexo/index.ts';
import type { KeptRequest } from './kept-requests.ts';
import { digestOf, type KnownRequest, requestKey } from './known-requests.ts';
import { rebuilt } from './rebuilt.ts';
import { resultOf } from './results.ts';
import { refused, type Service, type Turn } from './turn.ts';

export interface OnceOptions {
  /** It has the terminal while it goes on, and finds another one busy. */
  readonly alone: boolean;
}

/**
 * Does a request once. The same again waits for the answer, or gets it again; another one under its
 * ids is "NotAllowed": it is well formed, and nothing of it may be done, for the till would take
 * the first one's answer for its own.
 */
export const once = async <C extends AnsweredCategory>(
  turn: Turn<C>,
  { alone }: OnceOptions,
  act: (service: Service<C>) => Promise<NexoResponse<C>>,
): Promise<NexoResponse<C>> => {
  const { desk, request } = turn;
  const { header, category } = request;
  const key = requestKey(header);
  const made = digestOf(request as NexoRequest);
  const known = desk.known.find(key);
  if (known !== undefined) {
    if (known.digest !== made.digest) return anotherOne(turn);
    return (known.done ?? (await known.answer)) as NexoResponse<C>;
  }
  const { promise, resolve, reject } = Promise.withResolvers<NexoResponse>();
  // Most often nobody waits for it besides us.
  promise.catch(() => undefined);
  const own: KnownRequest = {
    ...{ key, category, answer: promise, ...made },
    saleId: header.SaleID,
    serviceId: header.ServiceID,
    atMs: desk.parts.clock.wallMs(),
    abort: new AbortController(),
  };
  desk.known.keep(own);
  try {
    const told = (await toldBefore(turn, own)) ?? (await inTurn({ ...turn, own }, alone, act));
    const answer = told as NexoResponse;
    if (FORGOTTEN.has(resultOf(answer))) desk.known.forget(own);
    own.done = answer;
    resolve(answer);
    return told;
  } catch (error) {
    desk.known.forget(own);
    reject(error);
    throw error;
  }
};

// Nothing was done, and something may be when the till asks again.
const FORGOTTEN: ReadonlySet<string> = new Set(['Busy', 'UnavailableService', 'InProgress']);

const anotherOne = <C extends AnsweredCategory>(turn: Turn<C>): NexoResponse<C> =>
  refused(turn, 'NotAllowed', 'this ServiceID was used for another request within 48 hours');

const inTurn = async <C extends AnsweredCategory>(
  service: Service<C>,
  alone: boolean,
  act: (service: Service<C>) => Promise<NexoResponse<C>>,
): Promise<NexoResponse<C>> => {
  const { desk, own } = service;
  if (!alone) return act(service);
  if (desk.service !== undefined) {
    const { category } = desk.service;
    return refused(service, 'Busy', `the terminal is at work for another request: ${category}`);
  }
  if (own.abort.signal.aborted) return refused(service, 'Aborted', 'the till broke it off');
  desk.service = own;
  try {
    return await act(service);
  } finally {
    if (desk.service === own) desk.service = undefined;
  }
};

// By an earlier run of the terminal, or by this one, which has forgotten it.
const toldBefore = async <C extends AnsweredCategory>(
  turn: Turn<C>,
  own: KnownRequest,
): Promise<NexoResponse<C> | undefined> => {
  const { desk, request } = turn;
  if (request.category !== 'Payment' && request.category !== 'Reversal') return undefined;
  const kept: KeptRequest | undefined = await desk.kept.find(own.key);
  if (kept === undefined) return undefined;
  if (kept.digest !== own.digest) {
    // Remembered, it would take the place of the request that the books have.
    desk.known.forget(own);
    return anotherOne(turn);
  }
  const found = await rebuilt(desk.parts, kept);
  // In progress: the loop knows how long to wait for it.
  return found.rebuilt === 'answer' ? (found.answer as NexoResponse<C>) : undefined;
};
