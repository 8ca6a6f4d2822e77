import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { type Answer, problem, type Route } from './answer.ts';
import { lineOf, tellRefused } from './audit.ts';
import { wrongHost } from './guard.ts';
import type { Live } from './live.ts';
import { servePage } from './page-reply.ts';
import { nameOf, personOf, receive, type Staffed, whoOf } from './reception.ts';
import type { NoSession, Session } from './sessions.ts';

/** The host prefix binds it to this host, over TLS, for all paths: no other page can set it. */
export const COOKIE = '__Host-countertap';

const LARGEST_BODY = 256 * 1024;
const TRIES = 20;
const TRIES_WITHIN_MS = 60_000;

/** Fastify with the routes behind their guards. It doesn't listen: requests are handed to it. */
export const createApp = async (
  staffed: Staffed,
  routes: readonly Route[],
  live: Live,
): Promise<FastifyInstance> => {
  const { parts } = staffed;
  const app = Fastify({
    logger: false,
    bodyLimit: LARGEST_BODY,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, _, reply) => void fail(error, reply, parts),
  });
  await app.register(helmet, HELMET);
  await app.register(cookie);
  await app.register(rateLimit, { global: false, ...TRY_LIMITS });
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()');
    if (request.url.startsWith('/api')) reply.header('cache-control', 'no-store');
    const turned = wrongHost(request, parts.shop.names);
    return turned && reply.code(turned.status).send({ error: turned.error });
  });
  const admitted = new WeakMap<FastifyRequest, Session | NoSession>();
  for (const route of routes) addRoute(app, staffed, route, admitted, live);
  addWrongMethods(app, routes);
  app.setNotFoundHandler((request, reply) => servePage(parts.page, request, reply));
  app.setErrorHandler((error: FastifyError, _, reply) => fail(error, reply, parts));
  await app.ready();
  return app;
};

const HELMET = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  // Of this host alone: others of the shop's network are not ours to speak for.
  strictTransportSecurity: { maxAge: 15_552_000, includeSubDomains: false },
  referrerPolicy: { policy: 'no-referrer' },
} as const;

const NO_WORDS = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
} as const;
const TRY_LIMITS = {
  addHeaders: { ...NO_WORDS, 'retry-after': true },
  addHeadersOnExceeding: NO_WORDS,
};

const addRoute = (
  app: FastifyInstance,
  staffed: Staffed,
  route: Route,
  admitted: WeakMap<FastifyRequest, Session | NoSession>,
  live: Live,
): void => {
  const { method, url } = route;
  app.route({
    method,
    url,
    ...(isTried(route) ? { config: { rateLimit: triesOf(staffed, route) } } : {}),
    onRequest: async (request, reply) => {
      const id = request.cookies[COOKIE];
      const found = await receive(staffed, route, request, id, request.ip);
      if ('status' in found) return send(reply, found);
      admitted.set(request, found.session);
    },
    handler: async (request, reply) => {
      const session = admitted.get(request) ?? 'none';
      const answer = await handle(route, request, session);
      await record(staffed, route, session, answer, request.ip);
      // Whoever was signed out just now has no use for what goes on.
      live.sweep();
      return answer.stream === true && request.method === 'GET' && typeof session !== 'string'
        ? stream(live, session, reply)
        : send(reply, answer);
    },
  });
};

const isTried = (route: Route): boolean => route.needs === 'nothing' && route.fewTries === true;

const triesOf = ({ parts }: Staffed, route: Route) => ({
  max: TRIES,
  timeWindow: TRIES_WITHIN_MS,
  // A household's or a phone's whole network is one sender. RFC 4291
  ipv6Subnet: 64,
  errorResponseBuilder: (request: FastifyRequest, { ttl }: { readonly ttl: number }) => {
    const line = { person: 'nobody', role: 'unknown', action: nameOf(route), subject: '' } as const;
    tellRefused(parts, { ...line, says: 'too many tries of one address' }, request.ip);
    const words = 'Too many tries from this address. Wait a minute.';
    return Object.assign(new Error(words), { statusCode: 429, retryAfterMs: ttl });
  },
});

const handle = (
  route: Route,
  request: FastifyRequest,
  session: Session | NoSession,
): Promise<Answer> => {
  const { query, body, ip: address } = request;
  const params = request.params as Readonly<Record<string, string>>;
  const asked = { params, query, body, address };
  if (route.needs === 'nothing') return route.handle({ ...asked, session });
  if (typeof session === 'string') throw new TypeError(`${route.url} was reached by a stranger`);
  return route.handle({ ...asked, session, by: personOf(session) });
};

const record = async (
  { parts }: Staffed,
  route: Route,
  session: Session | NoSession,
  { status, audit }: Answer,
  address: string,
): Promise<void> => {
  if (audit === undefined || route.action === undefined) return;
  const { subject, says, outcome, person = whoOf(session) } = audit;
  const line = { person: person.person, role: person.role, action: route.action, subject, says };
  if (status >= 400 || outcome === 'refused') tellRefused(parts, line, address);
  else await parts.audit({ ...lineOf(parts, line), outcome: 'done' });
};

const send = (reply: FastifyReply, answer: Answer): FastifyReply => {
  const { status, body, file, cookie: id } = answer;
  if (id === null) void reply.clearCookie(COOKIE, COOKIE_OPTIONS);
  else if (id !== undefined) void reply.setCookie(COOKIE, id, COOKIE_OPTIONS);
  reply.code(status);
  const { retryAfterMs } = (body ?? {}) as { readonly retryAfterMs?: number };
  if (status >= 400 && retryAfterMs !== undefined) {
    reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
  }
  if (file !== undefined) {
    reply.header('content-disposition', `attachment; filename="${file.name}"`);
    return reply.type(file.type).send(file.text);
  }
  if (body === undefined) return reply.send();
  // Written here: a text alone would not be JSON to the framework.
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
};

const COOKIE_OPTIONS = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

const stream = (live: Live, session: Session, reply: FastifyReply): FastifyReply => {
  if (live.isFull()) {
    return send(reply, problem(503, { error: 'Too many pages follow this terminal already.' }));
  }
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...headersOf(reply), 'content-type': 'text/event-stream' });
  // A page that vanishes while we write: its 'close' follows and says all there is to say.
  raw.on('error', () => undefined);
  const leave = live.join(session, {
    write: (text) => void raw.write(text),
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
    get unreadBytes() {
      return raw.writableLength;
    },
  });
  raw.once('close', leave);
  return reply;
};

const headersOf = (reply: FastifyReply): Record<string, string> =>
  Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, `${value}`]));

const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const addWrongMethods = (app: FastifyInstance, routes: readonly Route[]): void => {
  for (const url of new Set(routes.map((route) => route.url))) {
    const right = ALL_METHODS.filter((method) => app.hasRoute({ method, url }));
    const wrong = ALL_METHODS.filter((method) => !right.includes(method));
    app.route({
      method: wrong,
      url,
      // Before a body is read.
      onRequest: async (_, reply) =>
        reply
          .header('allow', right.join(', '))
          .code(405)
          .send({ error: `Only ${right.join(', ')}.` }),
      handler: async () => undefined,
    });
  }
};

const fail = (
  error: Error & { readonly statusCode?: number; readonly retryAfterMs?: number },
  reply: FastifyReply,
  { log }: Staffed['parts'],
): FastifyReply => {
  const { statusCode = 500, retryAfterMs } = error;
  if (statusCode >= 500) {
    log.error({ error: error.stack ?? error.message }, 'the console');
    return send(reply, { status: 500, body: { error: 'The console failed. It is in the log.' } });
  }
  const words = WORDS[statusCode] ?? error.message;
  const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
  return send(reply, { status: statusCode, body: { error: words, ...retry } });
};

// The framework's words may quote what was sent.
const WORDS: Readonly<Record<number, string>> = {
  400: 'This request can not be read: expected JSON.',
  413: `At most ${LARGEST_BODY / 1024} KB are taken.`,
  415: 'Only application/json is understood here.',
};
