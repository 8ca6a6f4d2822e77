import {
  type MessageCategory,
  type NexoResponse,
  noAnswerYet,
  type RepeatableCategory,
  referenced,
  repeatedAnswer,
} from '#nexo/index.ts';
import { isFault } from '#ports/fault.ts';
import type { KeptRequest } from './kept-requests.ts';
import { KEPT_MS, REPEATABLE, requestKey } from './known-requests.ts';
import { rebuilt } from './rebuilt.ts';
import { refused, type Turn } from './turn.ts';

type StatusTurn = Turn<'TransactionStatus'>;
type Answer = NexoResponse<'TransactionStatus'>;

/**
 * What came of the request that a till refers to, or of its last one: of this run's memory, or of
 * the books. Another till's may be asked about: a register takes the place of one that broke.
 */
export const transactionStatus = async (turn: StatusTurn): Promise<Answer> => {
  const { desk, request } = turn;
  const reference = referenced(request.header, request.body.MessageReference);
  const { SaleID, ServiceID, DeviceID, POIID, MessageCategory: category } = reference;
  if (POIID !== desk.parts.poiId) return noAnswerYet(request, 'NotFound');
  const key = ServiceID && requestKey({ SaleID, ServiceID, DeviceID });
  const known = key ? desk.known.find(key) : desk.known.last(SaleID, category);
  if (known !== undefined) {
    const { done } = known;
    if (!isWanted(known.category, category)) return noAnswerYet(request, 'NotFound');
    return done === undefined
      ? noAnswerYet(request, 'InProgress')
      : repeatedAnswer(request, done as NexoResponse<RepeatableCategory>);
  }
  const kept = key ? await desk.kept.find(key) : await desk.kept.last(SaleID, category);
  if (kept !== undefined) {
    return isWanted(kept.category, category)
      ? fromBooks(turn, kept)
      : noAnswerYet(request, 'NotFound');
  }
  return key ? unkept(turn, key) : noAnswerYet(request, 'NotFound');
};

const isWanted = (found: MessageCategory, wanted: MessageCategory | undefined): boolean =>
  REPEATABLE.has(found) && (wanted === undefined || wanted === found);

const fromBooks = async (turn: StatusTurn, kept: KeptRequest): Promise<Answer> => {
  const found = await rebuilt(turn.desk.parts, kept);
  switch (found.rebuilt) {
    case 'answer':
      return repeatedAnswer(turn.request, found.answer);
    case 'inProgress':
      return noAnswerYet(turn.request, 'InProgress');
    case 'nothing':
      return noAnswerYet(turn.request, 'NotFound');
    case 'unreadable':
      // "NotFound" would have the till take the money again.
      return refused(turn, 'UnavailableService', found.why.detail);
  }
};

// The books have it, and what the till sent with it could not be written: it is told without that.
const unkept = async (turn: StatusTurn, key: string): Promise<Answer> => {
  const { parts } = turn.desk;
  const { header, body } = turn.request;
  const record = await parts.books.findByTillId(key);
  if (isFault(record)) return refused(turn, 'UnavailableService', record.detail);
  if (record === undefined || parts.clock.wallMs() - record.startedMs > KEPT_MS) {
    return noAnswerYet(turn.request, 'NotFound');
  }
  const { SaleID, ServiceID } = referenced(header, body.MessageReference);
  const unknown = {
    TransactionID: 'unknown',
    TimeStamp: new Date(record.startedMs).toISOString(),
  };
  return fromBooks(turn, {
    ...{ key, tillId: key, digest: '', atMs: record.startedMs, category: 'Payment' },
    header: {
      MessageClass: 'Service',
      MessageCategory: 'Payment',
      MessageType: 'Request',
      ServiceID,
      SaleID,
      POIID: parts.poiId,
    },
    body: { SaleData: { SaleTransactionID: unknown } },
  });
};
