import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { hangUp, LONGEST_BODY, readBody } from './body.ts';
import { callerName, isForeign, targetOf } from './caller.ts';
import type { TillLimits, TillLineOptions } from './options.ts';
import { isForPage, servePage } from './page.ts';
import { answer, refusalText, refuse } from './replies.ts';
import { sparingWarnings } from './sparing.ts';

/** POST /nexo/: a message to the desk, and its answer back. */
export const createRequests = (options: TillLineOptions, limits: TillLimits) => {
  const { log, page, facts = {}, wallMs } = options;
  const closing = new AbortController();
  const parts: Parts = {
    ...{ options, limits, closing: closing.signal, warn: sparingWarnings(log, wallMs) },
    underWay: new WeakMap(),
    all: { count: 0 },
  };
  const listener: RequestListener = (request, response) => {
    const { path } = targetOf(request);
    // A client that vanishes: its 'close' says all there is to say.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    if (request.httpVersion !== '1.1') return turnAway(request, response, 505, 'Only HTTP/1.1.');
    if (page !== undefined && isForPage(path)) {
      return void servePage(page, facts, request, response);
    }
    if (path === EVENTS) {
      const error = 'This is a WebSocket.';
      return turnAway(request, response, 426, error, { upgrade: 'websocket' });
    }
    if (!PATHS.includes(path)) return turnAway(request, response, 404, 'There is nothing here.');
    if (request.method !== 'POST') {
      return turnAway(request, response, 405, 'Only POST.', { allow: 'POST' });
    }
    if (isForeign(request)) {
      parts.warn({ from: callerName(request) }, 'a page of another site is refused');
      return turnAway(request, response, 403, 'Not for pages of other sites.');
    }
    void take(parts, request, response);
  };
  return { listener, close: () => closing.abort() };
};

/** Where tills listen. */
export const EVENTS = '/nexo/events';
const PATHS: readonly string[] = ['/nexo/', '/nexo'];

interface Parts {
  readonly options: TillLineOptions;
  readonly limits: TillLimits;
  readonly closing: AbortSignal;
  readonly warn: ReturnType<typeof sparingWarnings>;
  /** Messages under way of one connection: HTTP lets a client send several at once. */
  readonly underWay: WeakMap<object, number>;
  readonly all: { count: number };
}

const take = async (
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { underWay, all, limits, warn } = parts;
  const { socket } = request;
  const from = callerName(request);
  const ofOne = underWay.get(socket) ?? 0;
  if (all.count >= limits.atOnce || ofOne >= limits.atOnceOfOne) {
    warn({ from }, 'too many messages of tills at once');
    return turnAway(request, response, 503, 'Too many messages at once.', { 'retry-after': '1' });
  }
  underWay.set(socket, ofOne + 1);
  all.count += 1;
  try {
    const body = await readBody(request);
    if (body === 'gone') return;
    if (body === 'too long') {
      warn({ from }, 'a message of a till is too long');
      const error = `A message has at most ${LONGEST_BODY} bytes.`;
      return turnAway(request, response, 413, error);
    }
    await give(parts, body, from, response);
  } finally {
    underWay.set(socket, (underWay.get(socket) ?? 1) - 1);
    all.count -= 1;
  }
};

const give = async (
  { options: { desk, log }, closing }: Parts,
  body: Uint8Array,
  name: string,
  response: ServerResponse,
): Promise<void> => {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, closing]);
  try {
    const said = await desk.receive(body, { name, signal });
    if (!response.destroyed) answer(response, said);
  } catch (error) {
    // A bug of ours. What it says may quote the message: only where it was is told.
    const at = error instanceof Error ? (error.stack ?? '').split('\n    at ').slice(1) : [];
    log.error({ from: name, at }, 'the desk for tills');
    if (!response.headersSent) refuse(response, 500, 'The terminal could not answer.');
  }
};

// Whoever gets an error may still be sending a body that nobody reads. A response without a socket
// waits for those before it.
const turnAway = (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const isLast = hasBody(request) && !request.complete;
  if (!isLast) refuse(response, status, error, headers);
  else if (response.socket === null) {
    refuse(response, status, error, { ...headers, connection: 'close' });
  } else hangUp(response.socket, refusalText(status, error, headers));
};

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
