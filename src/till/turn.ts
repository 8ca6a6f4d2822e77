import type { Subject } from 'rxjs';
import { toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import {
  type AnsweredCategory,
  type ErrorCondition,
  failure,
  faultInWords,
  type MessageCategory,
  type NexoRequest,
  type NexoResponse,
  type ReplyFacts,
  refusal,
} from '#nexo/index.ts';
import type { TillCaller, TillNotification } from '#ports/till-line.ts';
import type { Acquisitions } from './acquisitions.ts';
import type { Reply } from './envelope.ts';
import type { KeptRequests } from './kept-requests.ts';
import type { KnownRequest, KnownRequests } from './known-requests.ts';
import type { TillParts } from './parts.ts';

/** The desk as its services see it. */
export interface Desk {
  readonly parts: TillParts;
  readonly known: KnownRequests;
  readonly kept: KeptRequests;
  readonly acquisitions: Acquisitions;
  readonly notifications: Subject<TillNotification>;
  /** The service that has the terminal now: one at a time. */
  service: KnownRequest | undefined;
  /** A code that a till waits for. */
  scanning: Scanning | undefined;
}

export interface Scanning {
  readonly saleId: string;
  /** The till's name for it. */
  readonly session: string;
  readonly end: () => void;
}

/** One request that is dealt with. */
export interface Turn<C extends MessageCategory = MessageCategory> {
  readonly desk: Desk;
  readonly caller: TillCaller;
  readonly request: NexoRequest<C>;
  /** UTF-8: the message as it came. */
  readonly received: Uint8Array;
  readonly reply: Reply;
}

/** A request that is done once, and has the terminal while it goes on. */
export interface Service<C extends MessageCategory> extends Turn<C> {
  readonly own: KnownRequest;
}

/** What answers need of the terminal. */
export const replyFacts = (
  { clock, entropy, poiId, books }: TillParts,
  saleId: string,
): ReplyFacts => ({
  nowMs: clock.wallMs(),
  poiId,
  saleId,
  newId: newId(entropy),
  period: books.period,
});

/** Ten characters: as long as a ServiceID may be. */
export const newId = (entropy: TillParts['entropy']): string => toHex(entropy.bytes(5));

/** Refuses a request of a category that is answered. @param why in words, or the field at fault */
export const refused = <C extends AnsweredCategory>(
  { desk, request }: Pick<Turn<C>, 'desk' | 'request'>,
  condition: ErrorCondition,
  why: string | Malformed,
): NexoResponse<C> => {
  const details = isMalformed(why) ? { errors: faultInWords(why) } : { message: why };
  const facts = replyFacts(desk.parts, request.header.SaleID);
  const answer = refusal(request, failure(condition, details), facts);
  if (answer === undefined) throw new TypeError(`${request.category} is never answered`);
  return answer as NexoResponse<C>;
};
