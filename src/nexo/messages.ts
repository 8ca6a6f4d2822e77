import { describeMalformed, isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import {
  type AnsweredCategory,
  categories,
  type RequestBody,
  type ResponseBody,
} from './categories.ts';
import type { MessageCategory } from './enumerations.ts';
import { isObject, MISSING, mayBeEmpty, ownField, type Structure } from './rules.ts';
import { type MessageHeader, messageHeader } from './structures.ts';

/** A request, or an event: what stands in a SaleToPOIRequest. */
export type NexoRequest<C extends MessageCategory = MessageCategory> = {
  [K in C]: {
    readonly category: K;
    readonly header: MessageHeader;
    readonly body: RequestBody<K>;
  };
}[C];

/** What stands in a SaleToPOIResponse. */
export type NexoResponse<C extends AnsweredCategory = AnsweredCategory> = {
  [K in C]: {
    readonly category: K;
    readonly header: MessageHeader;
    readonly body: ResponseBody<K>;
  };
}[C];

/** A message that can't be taken. */
export interface Unreadable {
  readonly unreadable: Malformed;
  /** What could be read of whom to answer; absent when there is nobody. */
  readonly header?: MessageHeader;
  /** The body as it came, for what an answer has to repeat of it. */
  readonly body?: unknown;
}

export const isUnreadable = (value: object): value is Unreadable => 'unreadable' in value;

export const REQUEST = 'SaleToPOIRequest';
export const RESPONSE = 'SaleToPOIResponse';

/** Parses JSON. The problem says nothing of the text: it may be anything. */
export const parseJson = (text: string): unknown | Malformed => {
  try {
    return JSON.parse(text);
  } catch {
    return malformed([], 0, 'not JSON');
  }
};

/** Takes a till's message leniently: see `structure` and the rules of each field. */
export const readRequest = (json: unknown): NexoRequest | Unreadable => {
  const opened = openEnvelope(json, REQUEST);
  if (isUnreadable(opened)) return opened;
  const { header, inner } = opened;
  const { request, requestBody } = categories[header.MessageCategory];
  const raw = ownField(inner, requestBody);
  const unreadable = headerFault(header);
  if (unreadable) return { unreadable, header, body: raw };
  const body = readBody(request, raw, requestBody, REQUEST);
  if (isMalformed(body)) return { unreadable: body, header, body: raw };
  return { category: header.MessageCategory, header, body } as NexoRequest;
};

/** Takes a terminal's answer: for tills, and for whoever relays. */
export const readResponse = (json: unknown): NexoResponse | Unreadable => {
  const opened = openEnvelope(json, RESPONSE);
  if (isUnreadable(opened)) return opened;
  const { header, inner } = opened;
  const { response, responseBody } = categories[header.MessageCategory];
  if (response === null) {
    return { unreadable: malformed([RESPONSE, 'MessageHeader'], 0, 'never answered'), header };
  }
  const raw = ownField(inner, responseBody);
  const body = readBody(response, raw, responseBody, RESPONSE);
  if (isMalformed(body)) return { unreadable: body, header, body: raw };
  return { category: header.MessageCategory, header, body } as NexoResponse;
};

/** As JSON, by the published schema. Throws for a message that the schema doesn't allow. */
export const encodeRequest = ({ category, header, body }: NexoRequest): string => {
  const { request, requestBody } = categories[category];
  return encode(REQUEST, header, requestBody, request, body);
};

/** As JSON, by the published schema. Throws for a message that the schema doesn't allow. */
export const encodeResponse = ({ category, header, body }: NexoResponse): string => {
  const { response, responseBody } = categories[category];
  return encode(RESPONSE, header, responseBody, response, body);
};

/** The same header on the way back. */
export const answerHeader = (header: MessageHeader): MessageHeader => ({
  ...header,
  MessageType: 'Response',
  ProtocolVersion: PROTOCOL_VERSION,
});

export const PROTOCOL_VERSION = '3.0';

interface Opened {
  readonly header: MessageHeader;
  readonly inner: Readonly<Record<string, unknown>>;
}

const openEnvelope = (json: unknown, name: string): Opened | Unreadable => {
  const inner = isObject(json) ? ownField(json, name) : undefined;
  if (!isObject(inner)) return { unreadable: malformed([name], 0, MISSING) };
  const path = [name, 'MessageHeader'];
  const raw = ownField(inner, 'MessageHeader');
  if (raw === undefined) return { unreadable: malformed(path, 0, MISSING) };
  const header = messageHeader.read(raw, path);
  return isMalformed(header) ? { unreadable: header } : { header, inner };
};

// Without a ServiceID nobody can say whether a request was made before.
const headerFault = ({
  MessageType,
  MessageCategory,
  ServiceID,
}: MessageHeader): Malformed | undefined => {
  const path = [REQUEST, 'MessageHeader'];
  const event = MessageCategory === 'Event';
  if (MessageType !== (event ? 'Notification' : 'Request')) {
    return malformed([...path, 'MessageType'], 0, `not for ${event ? 'an event' : 'a request'}`);
  }
  return event || ServiceID !== undefined
    ? undefined
    : malformed([...path, 'ServiceID'], 0, MISSING);
};

const readBody = (
  shape: Structure<unknown>,
  raw: unknown,
  name: string,
  envelope: string,
): unknown => {
  if (raw !== undefined && raw !== null) return shape.read(raw, [envelope, name]);
  return mayBeEmpty(shape) ? {} : malformed([envelope, name], 0, MISSING);
};

const encode = (
  envelope: string,
  header: MessageHeader,
  name: string,
  shape: Structure<unknown>,
  body: unknown,
): string => {
  const fault =
    messageHeader.check(header, [envelope, 'MessageHeader']) ?? shape.check(body, [envelope, name]);
  if (fault) throw new TypeError(`not by nexo's schema: ${describeMalformed(fault)}`);
  return JSON.stringify({ [envelope]: { MessageHeader: header, [name]: body } });
};
