import type {
  AnsweredCategory,
  MessageCategory,
  MessageHeader,
  RequestBody,
  ResponseBody,
} from '#nexo/index.ts';
import { newServiceId } from './ids.ts';
import { createSealer, fieldOf, looksSealed, type Sealer } from './secured.ts';
import {
  isTillFault,
  type TillClientOptions,
  type TillFault,
  type TillMessage,
  tillFault,
} from './types.ts';

/** The answer of a category; undefined for what nexo takes without one. */
export type AnswerOf<C extends MessageCategory> = C extends AnsweredCategory
  ? ResponseBody<C>
  : undefined;

export interface Line {
  /** Sends one message and takes its answer, once: what is to be asked again is not its affair. */
  send<C extends MessageCategory>(
    category: C,
    body: RequestBody<C>,
    serviceId?: string,
  ): Promise<AnswerOf<C> | TillFault>;
  /** What came over another way: opened and parsed, or undefined when it isn't authentic. */
  read(text: string): Promise<unknown>;
  tell(message: TillMessage): void;
}

export const createLine = (options: TillClientOptions): Line => {
  const sealer = options.key && createSealer(options.key);
  const line: Line = {
    send: async <C extends MessageCategory>(
      category: C,
      body: RequestBody<C>,
      serviceId = newServiceId(),
    ) => {
      if (options.key && !sealer) {
        const why = 'no encryption here: the page has to come by https';
        return tillFault('keys', why, serviceId, 'no');
      }
      const header = headerOf(options, category, serviceId);
      const sent: Sent = { category, serviceId, header, json: messageOf(category, header, body) };
      const json = await exchange(line, options, sealer, sent);
      if (isTillFault(json)) return json;
      return (json === undefined ? undefined : answerIn(json, sent)) as AnswerOf<C> | TillFault;
    },
    read: (text) => opened(text, REQUEST, sealer),
    tell: (message) => options.onMessage?.(message),
  };
  return line;
};

const REQUEST = 'SaleToPOIRequest';
const RESPONSE = 'SaleToPOIResponse';

const DEVICE: ReadonlySet<MessageCategory> = new Set(['Display', 'Input', 'InputUpdate', 'Print']);

const UNANSWERED: ReadonlySet<MessageCategory> = new Set(['Abort', 'InputUpdate', 'Event']);

interface Sent {
  readonly category: MessageCategory;
  readonly serviceId: string;
  readonly header: MessageHeader;
  readonly json: unknown;
}

const headerOf = (
  { saleId, poiId }: TillClientOptions,
  category: MessageCategory,
  serviceId: string,
): MessageHeader => ({
  ProtocolVersion: '3.0',
  MessageClass: category === 'Event' ? 'Event' : DEVICE.has(category) ? 'Device' : 'Service',
  MessageCategory: category,
  MessageType: category === 'Event' ? 'Notification' : 'Request',
  ServiceID: serviceId,
  SaleID: saleId,
  POIID: poiId,
});

const messageOf = (category: MessageCategory, header: MessageHeader, body: unknown): unknown => {
  const named: Partial<Record<MessageCategory, string>> = {
    InputUpdate: 'InputUpdate',
    Event: 'EventNotification',
  };
  return { [REQUEST]: { MessageHeader: header, [named[category] ?? `${category}Request`]: body } };
};

// The message that came back, or undefined where the answer has no body.
const exchange = async (
  line: Line,
  options: TillClientOptions,
  sealer: Sealer | undefined,
  { category, serviceId, header, json }: Sent,
): Promise<unknown> => {
  const plain = JSON.stringify(json);
  const body = sealer ? await sealer.seal(REQUEST, header, plain) : plain;
  const about = { category, serviceId, secured: sealer !== undefined };
  const atMs = Date.now();
  const beganMs = performance.now();
  line.tell({ ...about, way: 'sent', atMs, json });
  const text = await posted(options, body);
  if (typeof text !== 'string') {
    const { why, refused } = text;
    return tillFault(refused ? 'protocol' : 'linkDown', why, serviceId, refused ? 'no' : 'unknown');
  }
  const tookMs = performance.now() - beganMs;
  const told = { ...about, way: 'received' as const, atMs: atMs + Math.round(tookMs), tookMs };
  if (text === '') {
    line.tell({ ...told, json: undefined });
    if (UNANSWERED.has(category)) return undefined;
    return tillFault('linkDown', 'an answer without a body', serviceId, 'unknown');
  }
  const answer = await opened(text, RESPONSE, sealer);
  if (answer === undefined) {
    const why = sealer ? 'an answer that is not authentic' : 'an answer that is not JSON';
    return tillFault('protocol', why, serviceId, 'unknown');
  }
  line.tell({ ...told, json: answer });
  return answer;
};

const posted = async (
  { url, fetch: own }: TillClientOptions,
  body: string,
): Promise<string | { readonly why: string; readonly refused: boolean }> => {
  const headers = { 'content-type': 'application/json' };
  try {
    const answer = await (own ?? fetch)(url, { method: 'POST', headers, body });
    const text = await answer.text();
    if (answer.ok || text.startsWith('{')) return text;
    // 4xx: nobody took the message. 5xx may come from something between, after it was taken.
    const why = `the terminal's door answers HTTP ${answer.status}`;
    return { why, refused: answer.status < 500 };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no connection';
    return { why: `no answer from the terminal: ${why}`, refused: false };
  }
};

// With a key nothing is taken that isn't sealed: whoever is between could have written it.
const opened = async (text: string, envelope: string, sealer: Sealer | undefined) => {
  const json = parsed(text);
  if (sealer === undefined) return json;
  const wrapped = looksSealed(json, envelope) ? envelope : REQUEST;
  const plain = await sealer.open(json, wrapped);
  return plain === undefined ? undefined : parsed(plain);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const answerIn = (json: unknown, { category, serviceId }: Sent): unknown => {
  const event = fieldOf(fieldOf(json, REQUEST), 'EventNotification');
  if (event !== undefined) {
    const why = new URLSearchParams(String(fieldOf(event, 'EventDetails') ?? '')).get('message');
    return tillFault('protocol', `rejected: ${why ?? 'no reason given'}`, serviceId, 'no');
  }
  const inner = fieldOf(json, RESPONSE);
  const about = fieldOf(fieldOf(inner, 'MessageHeader'), 'ServiceID');
  const body = fieldOf(inner, `${category}Response`);
  if (about === serviceId && typeof body === 'object' && body !== null) return body;
  return tillFault('protocol', 'an answer to something else', serviceId, 'unknown');
};
