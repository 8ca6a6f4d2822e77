import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Post, PostEnd, Posts } from './posts.ts';

interface Parts {
  readonly posts: Posts;
  readonly deliver: (post: Post) => void;
  readonly knows: (poiId: string) => boolean;
  /** What tills show in X-API-Key. */
  readonly tillKey: string;
}

const LONGEST = 256 * 1024;
const MOST_KEPT = 1000;

/** What tills reach: POST /sync waits for the answer, after POST /async GET /answers has it. */
export const createTillSide = ({ posts, deliver, knows, tillKey }: Parts) => {
  const waiting: { readonly saleId: string | undefined; readonly text: string }[] = [];
  const tell = (saleId: string | undefined, text: string) => {
    waiting.push({ saleId, text });
    if (waiting.length > MOST_KEPT) waiting.shift();
  };
  const answers = (saleId: string | null): readonly string[] => {
    const isFor = (one: { saleId: string | undefined }) =>
      one.saleId === undefined || one.saleId === saleId;
    const found = waiting.filter(isFor);
    waiting.splice(0, waiting.length, ...waiting.filter((one) => !isFor(one)));
    return found.map(({ text }) => text);
  };
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://relay');
    if (request.headers['x-api-key'] !== tillKey) return reply(response, 401, 'no such key');
    if (request.method === 'GET' && pathname === '/answers') {
      return send(response, JSON.stringify(answers(searchParams.get('saleId'))));
    }
    const isSync = pathname === '/sync';
    if (request.method !== 'POST' || !(isSync || pathname === '/async')) {
      return reply(response, 404, 'nothing here');
    }
    const message = await bodyOf(request);
    const { poiId, saleId } = namesIn(message);
    if (poiId === undefined) return reply(response, 400, 'no MessageHeader with a POIID');
    if (!knows(poiId)) return reply(response, 404, 'no such terminal');
    const synchronous = (outcome: PostEnd) => {
      if ('problem' in outcome) reply(response, 503, outcome.problem);
      else send(response, outcome.answer ?? '');
    };
    const later = (outcome: PostEnd) => {
      if ('answer' in outcome && outcome.answer !== null) tell(saleId, outcome.answer);
    };
    const post = posts.add(poiId, message, isSync ? synchronous : later);
    if (isSync) response.once('close', () => posts.abandon(post));
    else send(response, 'ok');
    deliver(post);
  };
  return { listener, tell };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LONGEST) return '';
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

// The header is in clear, in an encrypted message too.
const namesIn = (message: string): { readonly poiId?: string; readonly saleId?: string } => {
  try {
    const { SaleToPOIRequest } = JSON.parse(message);
    const { POIID, SaleID } = SaleToPOIRequest.MessageHeader;
    return { poiId: String(POIID), saleId: String(SaleID) };
  } catch {
    return {};
  }
};

const reply = (response: ServerResponse, status: number, error: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
};

const send = (response: ServerResponse, text: string): void => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(text);
};
