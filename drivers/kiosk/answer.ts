import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { PageFile, PageFiles } from '#ports/page-files.ts';
import type { Answers } from './answers.ts';
import type { Choices } from './choices.ts';
import type { EventStream } from './event-stream.ts';
import { GUARD_HEADERS, type Refusal, refusalOf } from './guard.ts';

interface Parts {
  readonly host: string;
  readonly page: PageFiles;
  readonly events: EventStream;
  readonly choices: Choices;
  readonly answers: Answers;
}

const READ: readonly string[] = ['GET', 'HEAD'];
const POST: readonly string[] = ['POST'];

const NOT_BUILT: Refusal = {
  status: 503,
  sentence: 'The display page is not built yet. Build it with: npm run build:display',
  headers: { 'Retry-After': '5' },
};
const NO_SUCH_FILE: Refusal = { status: 404, sentence: 'There is nothing here.' };

/** What the server does with one request: guard, events, what is touched, or a file of the page. */
export function answerer({ host, page, events, choices, answers }: Parts): RequestListener {
  const taking: Readonly<Record<string, Choices | Answers>> = {
    '/choice': choices,
    '/answer': answers,
  };
  return async (request, response) => {
    for (const [name, value] of Object.entries(GUARD_HEADERS)) response.setHeader(name, value);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const taker = Object.hasOwn(taking, path) ? taking[path] : undefined;
    const refusal = refusalOf(request, host, taker ? POST : READ);
    if (refusal) return refuse(request, response, refusal);
    if (taker) {
      const untaken = await taker.take(request);
      if (untaken) return refuse(request, response, untaken);
      response.writeHead(204, { 'Cache-Control': 'no-store' });
      return void response.end();
    }
    if (path === '/events') return events.attach(request, response);
    if (path === '/') await page.refresh();
    const file = page.at(path);
    if (file) return send(request, response, file);
    refuse(request, response, path === '/' ? NOT_BUILT : NO_SUCH_FILE);
  };
}

function send(request: IncomingMessage, response: ServerResponse, file: PageFile): void {
  response.writeHead(200, {
    'Content-Type': file.contentType,
    'Content-Length': file.body.length,
    'Cache-Control': file.cacheControl,
  });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

function refuse(request: IncomingMessage, response: ServerResponse, why: Refusal): void {
  const body = Buffer.from(`${why.sentence}\n`);
  response.writeHead(why.status, {
    ...why.headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
