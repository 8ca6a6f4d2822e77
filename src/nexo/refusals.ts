import { isMalformed } from '#bytes/malformed.ts';
import { faultInWords, formEncoded } from './additional-response.ts';
import { type AnsweredCategory, categories, type ResponseBody } from './categories.ts';
import { type ErrorCondition, words } from './enumerations.ts';
import {
  answerHeader,
  type NexoRequest,
  type NexoResponse,
  PROTOCOL_VERSION,
  type Unreadable,
} from './messages.ts';
import { isObject, ownField, type Rule } from './rules.ts';
import { toBase64 } from './scalars.ts';
import {
  type MessageHeader,
  type PoiData,
  type Response,
  type SaleData,
  saleData,
  transactionId,
} from './structures.ts';
import { timeStamp } from './times.ts';

/** What an answer has to say that no request holds. */
export interface ReplyFacts {
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
  /** This terminal. */
  readonly poiId: string;
  /** The till, where its message doesn't say. */
  readonly saleId: string;
  /** A new id, up to ten characters: of an event, and of the terminal's side of a refusal. */
  readonly newId: string;
  /** The reconciliation period. */
  readonly period: number;
}

/** What a request or an unreadable one has that a refusal can repeat. */
export interface Refused {
  readonly header: MessageHeader;
  readonly body?: unknown;
}

export const failure = (
  ErrorCondition: ErrorCondition,
  additional: Parameters<typeof formEncoded>[0] = {},
): Response => ({
  Result: 'Failure',
  ErrorCondition,
  AdditionalResponse: formEncoded(additional),
});

/**
 * Refuses a request: an answer of its category with what the schema wants of one, and nothing done.
 * Undefined for what is never answered.
 */
export const refusal = (
  { header, body }: Refused,
  response: Response,
  facts: ReplyFacts,
): NexoResponse | undefined => {
  const category = header.MessageCategory;
  if (!isAnswered(category)) return undefined;
  const answer = bodies[category]({ response, request: isObject(body) ? body : {}, facts });
  return { category, header: answerHeader(header), body: answer } as NexoResponse;
};

/**
 * Answers a message that can't be taken, with the path of its fault. When nobody can say what was
 * asked, or nothing answers that category, it is rejected by an event, as Adyen's terminals do.
 * @param received the message as it came, of which the event repeats the beginning
 */
export const answerUnreadable = (
  { unreadable, header, body }: Unreadable,
  received: Uint8Array,
  facts: ReplyFacts,
): NexoResponse | NexoRequest<'Event'> => {
  const errors = faultInWords(unreadable);
  const answer = header && refusal({ header, body }, failure('MessageFormat', { errors }), facts);
  if (answer) return answer;
  // "If an event refers to a request, its header has the ServiceID of that": Adyen, notifications.
  const saleId = header?.SaleID ?? facts.saleId;
  const newId = header?.ServiceID ?? facts.newId;
  const who = { ...facts, saleId, newId };
  return eventNotification('Reject', { message: errors }, who, received);
};

/** Tells a till of an event. @param rejected the message that is rejected */
export const eventNotification = (
  EventToNotify: NexoRequest<'Event'>['body']['EventToNotify'],
  details: Parameters<typeof formEncoded>[0],
  { nowMs, poiId, saleId, newId }: ReplyFacts,
  rejected?: Uint8Array,
): NexoRequest<'Event'> => ({
  category: 'Event',
  header: {
    ProtocolVersion: PROTOCOL_VERSION,
    MessageClass: 'Event',
    MessageCategory: 'Event',
    MessageType: 'Notification',
    ServiceID: newId,
    SaleID: saleId,
    POIID: poiId,
  },
  body: {
    TimeStamp: timeStamp(nowMs),
    EventToNotify,
    EventDetails: formEncoded(details),
    RejectedMessage: rejected && rejectedPart(rejected),
  },
});

/** The terminal's side of a transaction, for an answer. */
export const poiData = (id: string, nowMs: number, period: number): PoiData => ({
  POITransactionID: { TransactionID: id, TimeStamp: timeStamp(nowMs) },
  POIReconciliationID: String(period),
});

/** The till's side as an answer repeats it: without what was meant for others than the terminal. */
export const repeatedSaleData = ({
  SaleToAcquirerData,
  SaleToIssuerData,
  SaleToPOIData,
  ...rest
}: SaleData): SaleData => rest;

interface Said {
  readonly response: Response;
  readonly request: Readonly<Record<string, unknown>>;
  readonly facts: ReplyFacts;
}

const isAnswered = (category: MessageHeader['MessageCategory']): category is AnsweredCategory =>
  categories[category].response !== null;

const responseOnly = ({ response }: Said) => ({ Response: response });

const withBothSides = ({ response, request, facts }: Said) => ({
  Response: response,
  SaleData: saleSide(ownField(request, 'SaleData'), facts),
  POIData: poiData(facts.newId, facts.nowMs, facts.period),
});

const bodies: { readonly [C in AnsweredCategory]: (said: Said) => ResponseBody<C> } = {
  Admin: responseOnly,
  BalanceInquiry: responseOnly,
  CardAcquisition: withBothSides,
  Diagnosis: responseOnly,
  Display: ({ response, request }) => ({ OutputResult: outputResults(request, response) }),
  EnableService: responseOnly,
  GetTotals: ({ response, facts }) => ({
    Response: response,
    POIReconciliationID: String(facts.period),
  }),
  Input: ({ response, request }) => ({
    InputResult: {
      Device: within(request, 'InputData', 'Device', words.device) ?? 'CustomerInput',
      InfoQualify: within(request, 'InputData', 'InfoQualify', words.infoQualify) ?? 'Input',
      Response: response,
    },
  }),
  Login: responseOnly,
  Logout: responseOnly,
  Payment: withBothSides,
  Print: ({ response, request }) => ({
    DocumentQualifier:
      within(request, 'PrintOutput', 'DocumentQualifier', words.documentQualifier) ?? 'Document',
    Response: response,
  }),
  Reconciliation: ({ response, request }) => ({
    Response: response,
    ReconciliationType:
      salvaged(words.reconciliationType, ownField(request, 'ReconciliationType')) ??
      'SaleReconciliation',
  }),
  Reversal: responseOnly,
  StoredValue: withBothSides,
  TransactionStatus: responseOnly,
};

const saleSide = (raw: unknown, { nowMs }: ReplyFacts): SaleData => {
  const whole = salvaged(saleData, raw);
  if (whole) return repeatedSaleData(whole);
  const sale = isObject(raw) && salvaged(transactionId, ownField(raw, 'SaleTransactionID'));
  // The schema wants an id in every answer: one for a transaction that nobody could read.
  const unknown = { TransactionID: 'unknown', TimeStamp: timeStamp(nowMs) };
  return { SaleTransactionID: sale || unknown };
};

// One result for each output, in the same order.
const outputResults = (request: Said['request'], response: Response) => {
  const raw = ownField(request, 'DisplayOutput');
  const outputs = Array.isArray(raw) && raw.length > 0 ? raw : [raw];
  return outputs.slice(0, MOST_RESULTS).map((output) => ({
    Device: salvagedField(output, 'Device', words.device) ?? 'CustomerDisplay',
    InfoQualify: salvagedField(output, 'InfoQualify', words.infoQualify) ?? 'Display',
    Response: response,
  }));
};

// One for each pair of device and qualifier would be 40.
const MOST_RESULTS = 40;

const salvaged = <T>(rule: Rule<T>, raw: unknown): T | undefined => {
  const read = rule.read(raw, []);
  return isMalformed(read) ? undefined : read;
};

const salvagedField = <T>(object: unknown, name: string, rule: Rule<T>): T | undefined =>
  isObject(object) ? salvaged(rule, ownField(object, name)) : undefined;

const within = <T>(request: Said['request'], part: string, name: string, rule: Rule<T>) =>
  salvagedField(ownField(request, part), name, rule);

// Enough to recognise a message by, and no way to be sent 10 MB.
const MOST_REJECTED = 3072;

const rejectedPart = (received: Uint8Array): string | undefined =>
  toBase64(received.length === 0 ? Uint8Array.of(0x20) : received.subarray(0, MOST_REJECTED));
