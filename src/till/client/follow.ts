import type { MessageCategory, RequestBody, ResponseBody } from '#nexo/index.ts';
import { newServiceId } from './ids.ts';
import type { AnswerOf, Line } from './line.ts';
import {
  isTillFault,
  type RequestOptions,
  type TillClientOptions,
  type TillFault,
  tillFault,
} from './types.ts';

/** Categories whose answer the terminal keeps, to be asked for again. */
export type KeptCategory = 'CardAcquisition' | 'Payment' | 'Reversal';

/** An answer, and whether it took a TransactionStatus to get it. */
export interface Followed<C extends KeptCategory> {
  readonly serviceId: string;
  readonly body: ResponseBody<C>;
  readonly asked: boolean;
}

/**
 * Sends a request and, when its connection is lost, asks for its end until that is known: the
 * request itself is never sent a second time.
 */
export const followed = async <C extends KeptCategory>(
  line: Line,
  options: TillClientOptions,
  category: C,
  body: RequestBody<C>,
  { signal, serviceId = newServiceId() }: RequestOptions,
): Promise<Followed<C> | TillFault> => {
  if (signal?.aborted) return givenUp(serviceId);
  return abortedBy(line, category, serviceId, signal, async () => {
    const answer = await line.send(category, body, serviceId);
    if (!isTillFault(answer)) return { serviceId, body: answer as ResponseBody<C>, asked: false };
    if (answer.fault !== 'linkDown') return answer;
    const later = await endOf(line, options, category, serviceId, answer);
    return isTillFault(later) ? later : { serviceId, body: later, asked: true };
  });
};

/** Asks for the end of a request that was sent already, until it is known. */
export const followedLater = async <C extends KeptCategory>(
  line: Line,
  options: TillClientOptions,
  category: C,
  { signal, serviceId }: RequestOptions & { readonly serviceId: string },
): Promise<Followed<C> | TillFault> =>
  abortedBy(line, category, serviceId, signal, async () => {
    const before = tillFault('linkDown', 'nobody here had its answer', serviceId, 'unknown');
    const body = await endOf(line, options, category, serviceId, before);
    return isTillFault(body) ? body : { serviceId, body, asked: true };
  });

/** Sends a request; aborting the signal sends an AbortRequest for it beside it. */
export const abortable = async <C extends MessageCategory>(
  line: Line,
  category: C,
  body: RequestBody<C>,
  { signal, serviceId = newServiceId() }: RequestOptions,
): Promise<AnswerOf<C> | TillFault> => {
  if (signal?.aborted) return givenUp(serviceId);
  return abortedBy(line, category, serviceId, signal, () => line.send(category, body, serviceId));
};

/** Breaks off what is going on under a ServiceID. The answer comes to that request, not to this. */
export const sendAbort = async (
  line: Line,
  serviceId: string,
  category: MessageCategory = 'Payment',
  reason = 'MerchantAbort',
): Promise<TillFault | undefined> => {
  const MessageReference = { MessageCategory: category, ServiceID: serviceId };
  return line.send('Abort', { MessageReference, AbortReason: reason });
};

export const askStatus = (line: Line, serviceId: string, category: MessageCategory) =>
  line.send('TransactionStatus', {
    MessageReference: { MessageCategory: category, ServiceID: serviceId },
  });

const givenUp = (serviceId: string): TillFault =>
  tillFault('aborted', 'given up before it was sent', serviceId, 'no');

const abortedBy = async <T>(
  line: Line,
  category: MessageCategory,
  serviceId: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  const abort = (): void => void sendAbort(line, serviceId, category);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
};

// Once may mean that our request is still on its way: three times in a row it never came.
const NOT_FOUND_TIMES = 3;

const endOf = async <C extends KeptCategory>(
  line: Line,
  { askAgainMs = 1000, followForMs = 15 * 60_000 }: TillClientOptions,
  category: C,
  serviceId: string,
  lost: TillFault,
): Promise<ResponseBody<C> | TillFault> => {
  const untilMs = performance.now() + followForMs;
  let missing = 0;
  while (performance.now() < untilMs) {
    const answer = await askStatus(line, serviceId, category);
    if (!isTillFault(answer)) {
      const kept = answer.RepeatedMessageResponse?.RepeatedResponseMessageBody;
      const body = kept?.[`${category}Response`];
      if (body) return body as ResponseBody<C>;
      missing = answer.Response.ErrorCondition === 'NotFound' ? missing + 1 : 0;
      if (missing === NOT_FOUND_TIMES) {
        return tillFault(
          'linkDown',
          `it never came to the terminal: ${lost.detail}`,
          serviceId,
          'no',
        );
      }
    } else if (answer.fault !== 'linkDown') {
      return { ...answer, serviceId, done: 'unknown' };
    }
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
  return tillFault('timeout', `its end is not known: ${lost.detail}`, serviceId, 'unknown');
};
