import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageFiles } from '#ports/page-files.ts';
import { targetOf } from './caller.ts';
import { refuse } from './replies.ts';

const FOLDER = '/till';

export const isForPage = (path: string): boolean =>
  path === FOLDER || path.startsWith(`${FOLDER}/`);

/** The reference till's page: files that were built, under /till/, and what it has to know. */
export const servePage = async (
  page: PageFiles,
  facts: object,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { path } = targetOf(request);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405, 'Only GET and HEAD.', { allow: 'GET, HEAD' });
  }
  if (path === FOLDER) {
    response.writeHead(308, { location: `${FOLDER}/`, 'content-length': 0 });
    return void response.end();
  }
  if (path === `${FOLDER}/facts`) {
    const json = Buffer.from(JSON.stringify(facts));
    const type = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    response.writeHead(200, { ...type, 'content-length': json.length, ...GUARDS });
    return void response.end(request.method === 'HEAD' ? undefined : json);
  }
  if (page.at('/') === undefined) await page.refresh();
  const name = path.slice(FOLDER.length);
  const file = page.at(name);
  if (file === undefined) {
    return name === '/'
      ? refuse(response, 503, "The reference till's page is not built yet.")
      : refuse(response, 404, 'There is nothing here.');
  }
  const { body, contentType, cacheControl } = file;
  response.writeHead(200, {
    'content-type': contentType,
    'cache-control': cacheControl,
    'content-length': body.length,
    ...GUARDS,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
};

// It may reach this terminal and nobody else, and nobody may put it into a frame.
const GUARDS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
    "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;
