import { Subject } from 'rxjs';
import {
  answerUnreadable,
  isUnreadable,
  type MessageCategory,
  type NexoRequest,
  type NexoResponse,
  readRequest,
} from '#nexo/index.ts';
import type { TillCaller, TillDesk, TillNotification } from '#ports/till-line.ts';
import { createAcquisitions } from './acquisitions.ts';
import { agrees, notOpened, takeIn } from './envelope.ts';
import { createKeptRequests } from './kept-requests.ts';
import { createKnownRequests } from './known-requests.ts';
import { short } from './logged.ts';
import type { TillParts } from './parts.ts';
import { resultOf } from './results.ts';
import { serve } from './services.ts';
import { type Desk, refused, replyFacts, type Turn } from './turn.ts';

/** Takes tills' messages to the terminal, and gives back the answers. */
export const createTillDesk = (parts: TillParts): TillDesk => {
  const notifications = new Subject<TillNotification>();
  const desk: Desk = {
    parts,
    known: createKnownRequests(parts.clock.wallMs),
    kept: createKeptRequests(parts),
    acquisitions: createAcquisitions(),
    notifications,
    service: undefined,
    scanning: undefined,
  };
  return {
    receive: async (message, caller) => {
      try {
        return await receive(desk, message, caller);
      } catch (error) {
        parts.log.error({ caller: caller.name, err: error }, "a till's message broke down");
        return undefined;
      }
    },
    notifications$: notifications.asObservable(),
  };
};

const receive = async (
  desk: Desk,
  message: Uint8Array,
  caller: TillCaller,
): Promise<Uint8Array | undefined> => {
  const { parts } = desk;
  const startedMs = parts.clock.monotonicMs();
  const taken = takeIn(parts, message);
  if (taken === undefined) return reject(desk, caller);
  const { json, plaintext, front, reply } = taken;
  const request = readRequest(json);
  if (isUnreadable(request)) {
    if (request.header && !agrees(front, request.header)) return reject(desk, caller);
    const { problem, path } = request.unreadable;
    const at = short(path.join('.'));
    parts.log.warn({ caller: caller.name, at, problem }, "a till's message can not be read");
    const facts = replyFacts(parts, 'unknown');
    return reply(answerUnreadable(request, plaintext, facts));
  }
  if (!agrees(front, request.header)) return reject(desk, caller);
  const turn: Turn = { desk, caller, request, received: plaintext, reply };
  const answer = await answered(turn);
  logAnswer(turn, answer.answer, parts.clock.monotonicMs() - startedMs);
  return answer.bytes;
};

// One line and one answer, whatever was wrong: see `takeIn`.
const reject = ({ parts }: Desk, caller: TillCaller): Uint8Array => {
  parts.log.warn({ caller: caller.name }, "a till's message can not be opened");
  return notOpened(replyFacts(parts, 'unknown'));
};

interface Answered {
  readonly answer: NexoResponse | undefined;
  readonly bytes: Uint8Array | undefined;
}

const answered = async (turn: Turn): Promise<Answered> => {
  const { desk, request, reply } = turn;
  try {
    const answer = await answerTo(turn);
    return { answer, bytes: answer && reply(answer) };
  } catch (error) {
    const { category } = request;
    desk.parts.log.error({ category, err: error }, "a till's request broke down");
    if (!isAnswered(turn)) return { answer: undefined, bytes: undefined };
    const answer = refused(turn, 'UnavailableService', 'an internal error: see the log');
    return { answer, bytes: reply(answer) };
  }
};

const answerTo = async (turn: Turn): Promise<NexoResponse | undefined> => {
  const { desk, request } = turn;
  const { POIID, SaleID } = request.header;
  const why =
    POIID !== desk.parts.poiId
      ? 'this is another terminal'
      : SaleID.length > LONGEST_SALE_ID
        ? `a SaleID of more than ${LONGEST_SALE_ID} characters is not taken`
        : undefined;
  if (why === undefined) return serve(turn);
  return isAnswered(turn) ? refused(turn, 'NotAllowed', why) : undefined;
};

// It is part of what the books know a payment by.
const LONGEST_SALE_ID = 100;

const UNANSWERED: ReadonlySet<MessageCategory> = new Set(['Abort', 'Event', 'InputUpdate']);

type AnsweredTurn = Turn<Exclude<MessageCategory, 'Abort' | 'Event' | 'InputUpdate'>>;

const isAnswered = (turn: Turn): turn is AnsweredTurn => !UNANSWERED.has(turn.request.category);

const logAnswer = (
  { desk, caller, request }: Turn,
  answer: NexoResponse | undefined,
  ms: number,
): void => {
  const { category, header }: NexoRequest = request;
  desk.parts.log.info(
    {
      category,
      serviceId: short(header.ServiceID),
      saleId: short(header.SaleID),
      result: answer === undefined ? 'none' : resultOf(answer),
      ms: Math.round(ms * 10) / 10,
      caller: caller.name,
    },
    "a till's message is dealt with",
  );
};
