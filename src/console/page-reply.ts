import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile, PageFiles } from '#ports/page-files.ts';

/** What isn't a question to the terminal is a file of the page, or nothing. */
export const servePage = async (
  page: PageFiles,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const path = request.url.split('?', 1)[0] ?? '/';
  if (path === '/api' || path.startsWith('/api/')) return refuse(reply, 404, NOTHING);
  if (page.at('/') === undefined) await page.refresh();
  const file = page.at(path);
  if (file === undefined) {
    return path === '/' ? refuse(reply, 503, NOT_BUILT) : refuse(reply, 404, NOTHING);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(reply.header('allow', 'GET, HEAD'), 405, 'Only GET and HEAD.');
  }
  return send(reply, file);
};

const NOTHING = 'There is nothing here.';
const NOT_BUILT = 'The console page is not built yet. Build it with: npm run build:console';

const refuse = (reply: FastifyReply, status: number, error: string): FastifyReply =>
  reply.code(status).header('cache-control', 'no-store').send({ error });

const send = (reply: FastifyReply, { body, contentType, cacheControl }: PageFile): FastifyReply =>
  reply.header('cache-control', cacheControl).type(contentType).send(body);
